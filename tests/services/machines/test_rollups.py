"""Rollups: recomputed from chunks so that a run that read fewer chunks cannot win; read by time."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.machines.rollups import HourRollup, Numbers
from chalicelib.domain.markers import MachineHour
from chalicelib.domain.people.users import Actor, Role
from chalicelib.services.machines import rollups
from chalicelib.services.machines.ingest import ingest
from chalicelib.storage.conflicts import ConditionFailed
from chalicelib.storage.machines import latest
from chalicelib.storage.machines import rollups as storage
from tests.conftest import SetClock
from tests.floor import HOUR
from tests.machines import arrived, install, message, part, watched

pytestmark = pytest.mark.usefixtures("table", "set_clock")

SEVEN = datetime(2026, 1, 5, 7, tzinfo=UTC)
AT_SEVEN = MachineHour("M1", SEVEN)
PLANNER = Actor("default", "p1", Role.PLANNER)


def send(*values: object, at: datetime = SEVEN, **fields: object) -> None:
    """Ingest values of M1, a second apart."""
    parts = [part(value, at=(at + timedelta(seconds=n)).isoformat(), **fields) for n, value in enumerate(values)]
    ingest(arrived(message("M1", *parts)))


def made(hour: MachineHour = AT_SEVEN) -> HourRollup:
    """The one rollup of an hour."""
    (found,) = storage.of_hour("default", hour)
    return found


def numbers() -> Numbers:
    found = made().rollup.numbers
    assert found is not None
    return found


def just_before(wanted: str, act: Callable[[], object], *, nth: int = 1) -> Callable[[str, dict[str, Any]], None]:
    """A hook that acts once, just before the nth operation of this name."""
    seen: list[str] = []

    def hook(operation: str, _: dict[str, Any]) -> None:
        seen.append(operation)
        if operation == wanted and seen.count(wanted) == nth:
            act()

    return hook


def test_an_hour_is_rolled_up_from_all_its_chunks(set_clock: SetClock) -> None:
    install("M1")
    send(1.0, 2.0)
    send(6.0, at=SEVEN + timedelta(minutes=5))
    rollups.remake("default", AT_SEVEN, SEVEN)
    assert numbers() == Numbers(first=1.0, last=6.0, sum=9.0, min=1.0, max=6.0, mean=3.0)
    assert (made().machine_id, made().hour, made().rollup.count) == ("M1", SEVEN, 3)
    assert (made().revision, made().as_of) == (1, set_clock.instant)


def test_a_tiny_number_is_kept_to_the_last_bit() -> None:
    install("M1")
    send(5e-324, 0.1, type="custom")
    rollups.remake("default", AT_SEVEN, SEVEN)
    assert (numbers().min, numbers().sum) == (5e-324, 0.1)


def test_a_recompute_that_changes_nothing_writes_nothing() -> None:
    install("M1")
    send(1.0)
    rollups.remake("default", AT_SEVEN, SEVEN)
    send(1.0)
    with watched() as called:
        rollups.remake("default", AT_SEVEN, SEVEN)
    assert called == ["Query", "Query"]
    assert made().revision == 1


def test_only_the_sensors_that_changed_are_written() -> None:
    install("M1")
    send(1.0, sensor="a")
    send("idle", "producing", sensor="b", type="state")
    send(3.0, 7.0, sensor="c", type="cycle_count")
    rollups.remake("default", AT_SEVEN, SEVEN)
    send(9.0, sensor="c", type="cycle_count", at=SEVEN + timedelta(minutes=1))
    with watched() as called:
        rollups.remake("default", AT_SEVEN, SEVEN)
    assert called == ["Query", "Query", "GetItem", "PutItem", "PutItem"]
    assert [(each.rollup.sensor, each.revision) for each in storage.of_hour("default", AT_SEVEN)] == [
        ("a", 1),
        ("b", 1),
        ("c", 2),
    ]


def test_what_is_stored_comes_back_as_it_was_made() -> None:
    install("M1")
    send("idle", "producing", sensor="b", type="state")
    send(3.0, 7.0, 1.0, sensor="c", type="cycle_count", at=SEVEN + timedelta(minutes=1))
    rollups.remake("default", AT_SEVEN, SEVEN)
    state, counter = (each.rollup for each in storage.of_hour("default", AT_SEVEN))
    assert state.states is not None
    assert (state.states.first, state.states.last, state.states.seconds) == ("idle", "producing", {"idle": 1.0})
    assert counter.counted is not None
    assert (counter.counted.produced, counter.counted.resets) == (5.0, 1)


@pytest.mark.parametrize(
    ("standing", "which"),
    [(False, "TransactWriteItems"), (False, "PutItem"), (True, "PutItem"), (True, "second PutItem")],
    ids=["first latest values", "first rollup", "latest values", "rollup"],
)
def test_a_slower_run_that_read_fewer_chunks_never_wins(standing: bool, which: str) -> None:  # noqa: FBT001
    install("M1")
    send(1.0)
    if standing:
        rollups.remake("default", AT_SEVEN, SEVEN)
    send(2.0, at=SEVEN + timedelta(minutes=1))

    def faster() -> None:
        send(3.0, at=SEVEN + timedelta(minutes=2))
        rollups.remake("default", AT_SEVEN, SEVEN)

    operation = which.removeprefix("second ")
    with watched(just_before(operation, faster, nth=1 + (which != operation))), pytest.raises(ConditionFailed):
        rollups.remake("default", AT_SEVEN, SEVEN)
    assert made().rollup.count == 3
    assert [each.value for each in latest.of_machine("default", "M1").values] == [3.0]


def test_a_run_that_is_overtaken_between_its_reads_puts_nothing_older_back() -> None:
    install("M1")
    send(1.0)

    def faster() -> None:
        send(2.0, at=SEVEN + timedelta(minutes=1))
        rollups.remake("default", AT_SEVEN, SEVEN)

    with watched(just_before("Query", faster, nth=2)), suppress(ConditionFailed):
        rollups.remake("default", AT_SEVEN, SEVEN)
    assert made().rollup.count == 2


def test_chunks_that_arrive_after_the_rollups_were_read_still_count() -> None:
    install("M1")
    send(1.0)
    rollups.remake("default", AT_SEVEN, SEVEN)
    with watched(just_before("Query", lambda: send(2.0, at=SEVEN + timedelta(minutes=1)))):
        rollups.remake("default", AT_SEVEN, SEVEN)
    assert made().rollup.count == 2


def test_the_cost_of_an_hour_does_not_grow_with_history() -> None:
    install("M1")

    def cost(hour: datetime) -> list[str]:
        send(1.0, at=hour)
        with watched() as called:
            rollups.remake("default", MachineHour("M1", hour), hour)
        return called

    first = cost(SEVEN)
    for n in range(1, 100):
        send(1.0, at=SEVEN - n * HOUR)
        rollups.remake("default", MachineHour("M1", SEVEN - n * HOUR), SEVEN)
    assert first == ["Query", "Query", "GetItem", "TransactWriteItems", "PutItem"]  # it is watched from now on
    assert cost(SEVEN - 100 * HOUR) == ["Query", "Query", "GetItem", "PutItem"]  # it has no latest value


def test_an_hour_is_complete_once_the_late_window_is_over(set_clock: SetClock) -> None:
    install("M1")
    send(1.0)
    rollups.remake("default", AT_SEVEN, SEVEN)
    set_clock.set(SEVEN + 25 * HOUR - timedelta(milliseconds=1))
    assert not rollups.is_complete(PLANNER, made())
    set_clock.forward(timedelta(milliseconds=1))
    assert rollups.is_complete(PLANNER, made())


def test_an_hour_that_is_computed_again_has_the_rollups_of_its_chunks_and_says_how_many_were_wrong() -> None:
    install("M1")
    send(1.0, 2.0)
    send(*range(300), type="custom")
    assert rollups.again("default", AT_SEVEN) == 2  # it does not wait, however many readings there are
    assert rollups.again("default", AT_SEVEN) == 0
    (wrong, right) = sorted(storage.of_hour("default", AT_SEVEN), key=lambda each: each.rollup.count)
    storage.put("default", replace(wrong, rollup=replace(wrong.rollup, count=1), revision=wrong.revision + 1))
    assert rollups.again("default", AT_SEVEN) == 1
    assert {each.rollup for each in storage.of_hour("default", AT_SEVEN)} == {wrong.rollup, right.rollup}
