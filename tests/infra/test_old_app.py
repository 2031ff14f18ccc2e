"""How many people still use the app of the old system: counted once a day, and told by the command line."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chalicelib.remembered import forget_everything
from chalicelib.storage.people.old_app import KEPT_FOR
from infra import administration
from infra.administration.__main__ import _said
from infra.aws import Aws
from infra.cli import commands, tenants
from infra.problem import Problem
from tests.conftest import SetClock
from tests.floor import HOUR, Plant
from tests.machines import standing, watched
from tests.old_app import OldPhone, let_in

Verb = Callable[..., Result]


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch) -> Verb:
    """The verb, which asks in this process, on the table of the tests."""

    def stream(command: list[str], _sentence: str, *, given: str, **_: Any) -> Iterator[str]:
        yield from map(json.dumps, _said(command[-1], json.loads(given)))

    monkeypatch.setattr(administration, "stream", stream)
    monkeypatch.setattr(tenants, "aws_of", lambda _stage: Aws("eu-central-1"))
    return lambda *arguments: CliRunner().invoke(commands.takip, ["tenant", "old-app", *arguments])


def test_each_person_counts_once_on_each_local_day(plant: Plant, verb: Verb, set_clock: SetClock) -> None:
    let_in()
    set_clock.set(datetime(2026, 1, 5, 20, tzinfo=UTC))  # 23:00 in Istanbul
    phones = [OldPhone(plant.worker), OldPhone(plant.other)]
    for phone in (*phones, *phones):
        assert phone.get("/auth/me").status == 200
    set_clock.forward(HOUR)
    phones[0].get("/auth/me")

    told = json.loads(verb("default", "--days", "3", "--json").output)
    assert told == [{"day": f"2026-01-0{day}", "people": people} for day, people in ((6, 1), (5, 2), (4, 0))]
    (shown,) = (each for each in verb("default").output.splitlines() if "2026-01-05" in each)
    assert shown.split("│")[2].strip() == "2"
    assert isinstance(verb("nowhere").exception, Problem)


def test_who_is_refused_does_not_count_and_who_counts_costs_one_write_a_day(plant: Plant, set_clock: SetClock) -> None:
    phone = OldPhone(plant.worker)
    assert phone.get("/auth/me").status == 403
    let_in()
    with watched() as called:
        phone.get("/auth/me")
        phone.get("/auth/me")

    assert called.count("PutItem") == 1
    forget_everything()  # as another function does
    phone.get("/auth/me")
    (use,) = standing("old_app_use")
    assert use.expires_at == int((set_clock() + KEPT_FOR).timestamp())
