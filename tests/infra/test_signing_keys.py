"""Rotation of signing keys: no user notices, whichever ring a function knows."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import product
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chalicelib.domain.instants import wire
from chalicelib.settings import LONGEST_TOKEN_MINUTES, KnownKeys, SigningKeys, SigningKeysUnavailable
from infra.aws import Aws
from infra.cli import commands, keys
from infra.deployment import signing_keys
from infra.deployment.signing_keys import parameter_name, rotate
from infra.problem import Problem
from tests.aws_in_memory import Clients
from tests.conftest import ENVIRONMENT, SetClock
from tests.floor import HOUR, MINUTE
from tests.machines import refusal, watched
from tests.sampling import sampled

HERE = Aws(ENVIRONMENT["AWS_DEFAULT_REGION"])
LEAD = 10 * MINUTE
LONGEST_TOKEN = LONGEST_TOKEN_MINUTES * MINUTE


@pytest.fixture(autouse=True)
def first(table: None, aws: Clients, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> str:
    """The first key, as a deployment puts it; clients are made once, because that takes longer than a test."""
    aws.ssm.delete_parameter(Name=parameter_name("test"))
    monkeypatch.setattr(Aws, "client", lambda _self, service: getattr(aws, service))
    signing_keys.put_signing_keys(HERE, "test")
    return signing_keys.keys(HERE, "test")[0].kid


def ring(aws: Clients) -> dict[str, Any]:
    value = aws.ssm.get_parameter(Name=parameter_name("test"), WithDecryption=True)["Parameter"]["Value"]
    found: dict[str, Any] = json.loads(value)
    return found


def test_a_new_key_signs_after_two_cache_times_and_not_before(first: str, set_clock: SetClock) -> None:
    kid, signs_from = rotate(HERE, "test")

    assert signs_from == set_clock() + LEAD
    assert KnownKeys().find().signing(signs_from - timedelta(milliseconds=1))[0] == first
    assert KnownKeys().find().signing(signs_from)[0] == kid


def test_a_second_rotation_waits_until_the_first_signs(first: str, set_clock: SetClock) -> None:
    kid, _ = rotate(HERE, "test")

    set_clock.forward(LEAD - timedelta(milliseconds=1))
    with pytest.raises(Problem, match=rf"{kid} .* begins to sign at 2026-\S+Z\.\nRotate again after"):
        rotate(HERE, "test")
    set_clock.forward(timedelta(milliseconds=1))
    rotate(HERE, "test")


def test_a_key_stays_as_long_as_a_token_may_live_that_it_signed(first: str, aws: Clients, set_clock: SetClock) -> None:
    rotate(HERE, "test")
    set_clock.forward(LEAD + 25 * HOUR - timedelta(milliseconds=1))
    rotate(HERE, "test")
    assert first in ring(aws)

    set_clock.forward(LEAD)
    rotate(HERE, "test")
    assert first not in ring(aws)
    assert len(ring(aws)) == 3


def test_the_ring_never_outgrows_its_parameter(aws: Clients, set_clock: SetClock) -> None:
    def rotate_for_a_day() -> None:
        for _ in range(24 * HOUR // LEAD):
            rotate(HERE, "test")
            set_clock.forward(LEAD)

    with pytest.raises(Problem, match=r"no room .*\nThe oldest can go at 2026-") as full:
        rotate_for_a_day()

    assert len(ring(aws)) > 20
    assert len(json.dumps(ring(aws))) <= 4096
    assert all(key["secret"] not in str(full.value) for key in ring(aws).values())
    set_clock.forward(25 * HOUR)
    rotate(HERE, "test")
    assert len(ring(aws)) <= 3


def test_of_two_that_rotate_at_once_the_first_one_stays(first: str, aws: Clients) -> None:
    others: list[str] = []

    def meanwhile(operation: str, _: Any) -> None:
        if operation == "PutParameter" and not others:
            others.append("")
            others[0], _ = rotate(HERE, "test")

    with watched(meanwhile), pytest.raises(Problem) as refused:
        rotate(HERE, "test")

    assert set(ring(aws)) == {first, others[0]}
    assert str(refused.value) == f"Somebody else rotated at the same moment: {others[0]} is the new key."


def test_without_a_ring_it_is_told_what_is_the_matter(aws: Clients) -> None:
    aws.ssm.put_parameter(Name=parameter_name("test"), Value="[]", Type="SecureString", Overwrite=True)
    with pytest.raises(Problem, match="holds no ring"):
        rotate(HERE, "test")
    signing_keys.delete_signing_keys(HERE, "test")
    with pytest.raises(Problem, match="first deployment"):
        rotate(HERE, "test")


class Function:
    """A function that runs somewhere: it knows keys of its own, and SSM may be away for it."""

    def __init__(self, clock: SetClock) -> None:
        self._known, self._clock = KnownKeys(), clock
        self.misses_ssm = False
        self._missed_at = clock() - HOUR

    def find(self, kid: str | None = None) -> SigningKeys | None:
        """The keys; none where SSM was away a moment ago, which is the only excuse."""
        try:
            with watched(self._away):
                return self._known.find(kid)
        except SigningKeysUnavailable:
            assert self._clock() - self._missed_at < MINUTE
            return None

    def _away(self, operation: str, _: Any) -> None:
        if self.misses_ssm and operation == "GetParameter":
            self._missed_at = self._clock()
            raise refusal("InternalServerError", operation)


@pytest.mark.parametrize("seed", [*sampled(range(5), 2)])
def test_at_every_moment_every_function_believes_every_token_that_is_out(seed: int, set_clock: SetClock) -> None:
    """Functions ask at moments of their own, start anew and miss SSM now and then, while keys rotate."""
    random = Random(seed)  # noqa: S311  a game, no secret
    functions = [Function(set_clock) for _ in range(4)]
    out: dict[tuple[str, bytes], datetime] = {}
    believed, rotated = 0, 0
    for _ in range(300):
        now = set_clock.forward(timedelta(seconds=random.choice([1, 30, 61, 299, 301, 1800, 7200])))
        if random.random() < 0.3 and not signing_keys.keys(HERE, "test")[-1].waits(now):
            rotated += bool(rotate(HERE, "test"))
        if random.random() < 0.1:
            functions[random.randrange(4)] = Function(set_clock)
        out = {key: until for key, until in out.items() if until > now}
        for function in random.sample(functions, 2):
            function.misses_ssm = random.random() < 0.2
            if known := function.find():
                out[known.signing(now)] = now + LONGEST_TOKEN
        for (kid, secret), function in product(out, functions):
            if known := function.find(kid):
                assert known.secret(kid, set_clock()) == secret
                believed += 1
    assert rotated > 20
    assert believed > 1000


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, str]]]:
    """What Takip was asked to write down."""
    asked: list[tuple[str, dict[str, str]]] = []

    def ask(_aws: Aws, _stage: str, verb: str, given: dict[str, str]) -> Iterator[None]:
        asked.append((verb, given))
        yield from ()

    monkeypatch.setattr(keys, "ask", ask)
    return asked


Verb = Callable[..., Result]


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch, recorded: object) -> Verb:
    """The verbs of `takip.py keys` on the environment of the tests."""
    monkeypatch.setattr(keys, "aws_of", lambda _stage: HERE)
    monkeypatch.setattr(signing_keys, "parameter_name", lambda _environment: parameter_name("test"))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(commands.takip, ["keys", *arguments], catch_exceptions=False)

    return run


def test_a_rotation_is_written_down(verb: Verb, recorded: list[Any]) -> None:
    verb("rotate")

    assert recorded == [("key rotated", {"kid": signing_keys.keys(HERE, "test")[-1].kid, "replaces_all": False})]


def test_after_a_leak_one_new_key_stands_for_all_within_five_minutes(
    first: str, verb: Verb, recorded: list[Any], set_clock: SetClock
) -> None:
    warm = KnownKeys()
    warm.find()
    told = verb("replace", "--yes").output

    (only,) = signing_keys.keys(HERE, "test")
    assert only.kid in told
    assert recorded == [("key rotated", {"kid": only.kid, "replaces_all": True})]
    assert KnownKeys().find().signing(set_clock())[0] == only.kid
    assert warm.find().secret(first, set_clock()) is not None
    set_clock.forward(5 * MINUTE)
    assert warm.find().secret(first, set_clock()) is None


@pytest.mark.parametrize("replaced", [False, True], ids=["first", "replaced"])
def test_the_only_key_signs_at_once_also_where_the_clock_is_behind(set_clock: SetClock, *, replaced: bool) -> None:
    if replaced:
        signing_keys.replace(HERE, "test")
    (only,) = signing_keys.keys(HERE, "test")

    set_clock.forward(-3 * MINUTE)
    assert KnownKeys().find().signing(set_clock())[0] == only.kid


def test_keys_are_replaced_only_after_a_yes(first: str, verb: Verb, recorded: list[Any]) -> None:
    assert "Aborted" in verb("replace").output
    assert [key.kid for key in signing_keys.keys(HERE, "test")] == [first]
    assert recorded == []


def test_the_list_tells_what_each_key_is_for(first: str, verb: Verb, set_clock: SetClock) -> None:
    verb("rotate")
    _, second = signing_keys.keys(HERE, "test")
    until = wire(second.signs_from + 25 * HOUR)
    assert json.loads(verb("list", "--json").output) == [
        {"kid": first, "signs_from": wire(set_clock() - HOUR), "now": "signing", "believed_until": until},
        {"kid": second.kid, "signs_from": wire(second.signs_from), "now": "waiting", "believed_until": None},
    ]

    set_clock.forward(LEAD)
    assert [key["now"] for key in json.loads(verb("list", "--json").output)] == ["superseded", "signing"]


def test_no_secret_is_ever_shown(verb: Verb, aws: Clients) -> None:
    shown = verb("rotate").output + verb("list").output + verb("list", "--json").output

    for kid, key in ring(aws).items():
        assert kid in shown
        assert key["secret"] not in shown
