"""Counts are booked once, whatever happens at the same time."""

from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest

from chalicelib.domain.instants import wire
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.domain.timers import Timer, Watched
from chalicelib.storage import timers
from tests.conftest import SetClock
from tests.disturbances import Crash, at_commit, crash
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.functions.booked import LOOK, SIX, STAGE, booked, correct, done, furnished, good, late, sessions, waiting
from tests.services.andon.escalations import tick


@pytest.fixture
def shop(floor: Plant) -> Plant:
    """A plant that books what its machine counted."""
    return furnished(floor)


def test_somebody_who_changes_the_order_meanwhile_comes_first(shop: Plant, set_clock: SetClock) -> None:
    done(shop)
    set_clock.forward(LOOK - MINUTE)
    booked()  # takes the timer of the machine, which is due before
    set_clock.forward(MINUTE)
    with at_commit(before=lambda: correct(shop, good=3)):
        assert booked() == 0
    assert (booked(), good(shop), waiting()) == (0, 3, [])


def test_a_stage_that_is_not_there_is_forgotten(shop: Plant) -> None:
    timers.write_all([Timer(DEFAULT_TENANT, Watched.STAGE, "WO-9-01", MORNING, since=MORNING)])
    assert (booked(), waiting()) == (0, [])


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_books_once(shop: Plant, set_clock: SetClock, when: str) -> None:
    done(shop)
    set_clock.forward(LOOK - MINUTE)
    booked()  # takes the timer of the machine, which is due before
    set_clock.forward(MINUTE)
    with at_commit(**{when: crash}), pytest.raises(Crash):
        tick()
    tick()
    assert (good(shop), len(sessions(shop))) == (120, 1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_comes_in_between_the_pieces_are_those_that_were_counted(
    shop: Plant, set_clock: SetClock, seed: int
) -> None:
    """Late readings, corrected times, runs of the clock that crash, in any order."""
    chance = Random(seed)  # noqa: S311 - it must repeat, not surprise
    done(shop)
    for minute in chance.sample(range(118), 4):
        set_clock.forward(chance.choice([MINUTE, LOOK, HOUR]))
        late(wire(SIX + (minute + 0.75) * MINUTE)[11:-1], minute + chance.choice([0.5, 0.0, 3.0]))
        if chance.random() < 0.3:
            correct(shop, ended_at=wire(SIX + chance.randint(10, 120) * MINUTE))
        with at_commit(**{chance.choice(["before", "after"]): chance.choice([crash, lambda: None])}), suppress(Crash):
            booked()
    set_clock.forward(timedelta(days=3))
    booked()
    found = shop.planner.get(f"/stages/{STAGE}/counted").data
    (session,) = sessions(shop)
    assert (found["difference"], waiting(), session["good"]) == (0, [], found["counted"])
