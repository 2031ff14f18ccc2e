"""Counting attempts: many at once, counters that expire late, and which address counts."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.people.credentials import BadCredentials
from chalicelib.domain.people.devices import Source
from chalicelib.domain.people.throttling import OF_SIGN_IN, PER_ADDRESS, Counter, TooManyAttempts
from chalicelib.services.people import throttling
from chalicelib.services.people.sign_in import SignedIn, sign_in
from chalicelib.storage import table
from tests.conftest import SetClock
from tests.disturbances import all_at_once, times
from tests.floor import HOUR, MINUTE, MORNING, Person, Plant
from tests.machines import standing, watched
from tests.phones import PASSWORD, employ

HERE, THERE = Source("10.0.0.1", "phone"), Source("10.0.0.2", "phone")
TENANT = "default"


@pytest.fixture
def people(zeynep: Person, plant: Plant) -> None:
    """Zeynep and Ayla, with passwords."""
    employ(plant, "ayla")


def come_in(password: str = PASSWORD, name: str = "zeynep", source: Source = HERE) -> SignedIn:
    return sign_in(TENANT, name, password, source)


def outcome(password: str, name: str = "zeynep", source: Source = HERE) -> str:
    try:
        come_in(password, name, source)
    except BadCredentials:
        return "wrong"
    except TooManyAttempts:
        return "blocked"
    return "right"


def outcomes(times: int, name: str = "zeynep", source: Source = HERE) -> list[str]:
    return [outcome("wrong", name, source) for _ in range(times)]


def of_name() -> Counter:
    found = table.get(throttling.counted(TENANT, "sign_in", "zeynep", HERE.address)[0])
    assert found is not None
    return found.read(Counter)


@pytest.mark.usefixtures("people")
def test_the_sixth_guess_is_not_answered_not_even_the_right_one() -> None:
    assert outcomes(6) == ["wrong"] * 5 + ["blocked"]
    assert outcome(PASSWORD) == "blocked"


@pytest.mark.usefixtures("people")
def test_a_block_is_of_one_name_at_one_address() -> None:
    outcomes(5)

    assert outcome(PASSWORD, source=THERE) == "right"
    assert outcome(PASSWORD, "ayla") == "right"
    assert outcome(PASSWORD) == "blocked"


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("spelling", ["ZEYNEP", "\uff5aeynep"])
def test_another_spelling_is_no_other_name(spelling: str) -> None:
    outcomes(5)

    assert outcome(PASSWORD, spelling) == "blocked"


@pytest.mark.usefixtures("people")
def test_a_name_that_nobody_has_is_blocked_like_any_other() -> None:
    assert outcomes(6, name="nobody") == ["wrong"] * 5 + ["blocked"]


@pytest.mark.usefixtures("people")
def test_who_waits_may_try_again_and_waits_twice_as_long_the_next_time(set_clock: SetClock) -> None:
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        assert outcomes(6) == ["wrong"] * 5 + ["blocked"]
        with pytest.raises(TooManyAttempts) as refusal:
            come_in()
        assert refusal.value.retry_after == 60 * minutes
        set_clock.forward(timedelta(minutes=minutes))

    assert outcome(PASSWORD) == "right"


@pytest.mark.usefixtures("people")
def test_being_right_forgives(set_clock: SetClock) -> None:
    outcomes(5)
    set_clock.forward(MINUTE)
    assert [*outcomes(4), outcome(PASSWORD), *outcomes(4)] == ["wrong"] * 4 + ["right"] + ["wrong"] * 4

    outcome("wrong")

    assert of_name().blocked_until == set_clock() + MINUTE


@pytest.mark.usefixtures("people")
def test_a_hundred_failures_a_minute_block_an_address_for_everybody_there(set_clock: SetClock) -> None:
    names = [f"name-{number}" for number in range(PER_ADDRESS // 5)]
    for name in names:
        assert outcomes(5, name=name) == ["wrong"] * 5

    assert outcome(PASSWORD) == outcome("wrong", "ayla") == "blocked"
    assert outcome(PASSWORD, source=THERE) == "right"
    set_clock.forward(MINUTE)
    assert outcome(PASSWORD) == "right"


@pytest.mark.usefixtures("people")
def test_one_who_is_right_does_not_forgive_their_whole_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "OF_SIGN_IN", OF_SIGN_IN._replace(address=7))
    for number in range(6):
        outcome("wrong", f"name-{number}")
    assert outcome(PASSWORD) == "right"

    assert outcome("wrong", "ayla") == "wrong"

    assert outcome(PASSWORD) == "blocked"


@pytest.mark.usefixtures("people")
def test_fifty_guesses_at_once_get_no_more_than_five_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    with all_at_once(50), ThreadPoolExecutor(50) as crowd:
        got = list(crowd.map(outcome, (f"guess {number}" for number in range(50))))

    assert (got.count("wrong"), got.count("blocked")) == (5, 45)
    assert len(standing("security_event")) == 5


@pytest.mark.usefixtures("people")
def test_a_right_password_that_is_overtaken_by_five_failures_is_not_answered() -> None:
    with watched(times(1, lambda: outcomes(5))):
        assert outcome(PASSWORD) == "blocked"

    assert standing("device") == []


@pytest.mark.usefixtures("people")
def test_a_right_password_that_is_overtaken_by_the_block_of_its_address_is_not_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(throttling, "OF_SIGN_IN", OF_SIGN_IN._replace(address=3))

    with watched(times(1, lambda: outcomes(3, "nobody"))):
        assert outcome(PASSWORD) == "blocked"

    assert standing("device") == []


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("failures", [0, 1])
def test_who_is_right_asks_whether_the_address_and_the_name_everywhere_moved(failures: int) -> None:
    outcomes(failures)
    asked: list[str] = []

    def note(operation: str, sent: dict[str, Any]) -> None:
        if operation == "TransactWriteItems":
            asked.extend(
                each["ConditionCheck"]["Key"]["PK"]["S"] for each in sent["TransactItems"] if "ConditionCheck" in each
            )

    with watched(note):
        come_in()

    places = throttling.counted(TENANT, "sign_in", "zeynep", HERE.address)
    assert asked == [places.address.pk, places.everywhere.pk]


@pytest.mark.usefixtures("people")
def test_a_failure_that_is_overtaken_is_counted_too() -> None:
    with watched(times(1, lambda: outcomes(3))):
        assert outcome("wrong") == "wrong"

    assert of_name().failures == 4


@pytest.mark.usefixtures("people")
def test_counters_expire_and_the_table_may_be_late_about_it(set_clock: SetClock) -> None:
    outcomes(5)
    ends = MORNING + MINUTE + HOUR
    assert {each.expires_at for each in standing("throttle")} == {int(ends.timestamp())}
    counted = of_name().version

    set_clock.set(ends)
    assert outcomes(4) == ["wrong"] * 4
    assert of_name() == Counter(4, ends + MINUTE, version=counted + 4)
    outcome("wrong")

    assert of_name().blocked_until == ends + MINUTE


@pytest.mark.usefixtures("people")
def test_a_counter_that_the_table_forgets_meanwhile_is_begun_anew(set_clock: SetClock) -> None:
    outcomes(4)
    set_clock.set(MORNING + 2 * HOUR)

    def forget() -> None:
        for each in standing("throttle"):
            each.delete()

    with watched(times(1, forget)):
        assert outcome("wrong") == "wrong"

    assert (of_name().failures, of_name().version) == (1, 1)


@pytest.mark.usefixtures("people")
def test_what_is_spent_is_counted_whatever_becomes_of_it() -> None:
    counters = throttling.counted(TENANT, "register", "zeynep", HERE.address)
    with watched() as called:
        throttling.spend(counters)
    assert called == ["BatchGetItem", "TransactWriteItems"]

    for _ in range(4):
        throttling.spend(counters)

    with pytest.raises(TooManyAttempts):
        throttling.spend(counters)
    assert outcome(PASSWORD) == "right"


@pytest.mark.usefixtures("people")
def test_spending_at_once_is_counted_each_time() -> None:
    counters = throttling.counted(TENANT, "register", "zeynep", HERE.address)

    with watched(times(1, lambda: throttling.spend(counters))):
        throttling.spend(counters)

    assert {each.read(Counter).failures for each in standing("throttle")} == {2}


@pytest.mark.usefixtures("table", "set_clock")
def test_naming_a_tenant_that_there_is_not_evades_no_counter_of_the_address() -> None:
    for number in range(PER_ADDRESS):
        with pytest.raises(BadCredentials):
            sign_in(f"invented-{number}", "nobody", "whatever", HERE)

    with pytest.raises(TooManyAttempts):
        sign_in("yet-another", "nobody", "whatever", HERE)
