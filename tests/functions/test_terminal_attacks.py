"""Attacks on shared terminals: guessing PINs and badges from one terminal and from many, and doing so at once."""

from typing import Any

import bcrypt
import pytest

from chalicelib.domain.people.terminal_access import MOST_WRONG_PINS
from chalicelib.domain.people.throttling import PER_NAME, PER_NAME_EVERYWHERE, PER_TERMINAL
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, Plant
from tests.functions.at_terminals import BADGE, PIN, Tablet, enrol, give
from tests.machines import watched

WRONG = "1470"


@pytest.fixture
def tablet(plant: Plant, set_clock: SetClock) -> Tablet:
    """A terminal; both workers have the same PIN, which says nothing about either."""
    give(plant.worker, plant.worker, pin=PIN)
    give(plant.other, plant.other, pin=PIN)
    return enrol(plant)


def test_a_person_is_blocked_at_a_terminal_and_nowhere_else(plant: Plant, tablet: Tablet, set_clock: SetClock) -> None:
    assert {tablet.by_pin(plant.worker, WRONG).status for _ in range(PER_NAME)} == {401}
    blocked = tablet.by_pin(plant.worker)
    assert (blocked.status, blocked.error["code"]) == (429, "ERR_AUTH_TOO_MANY_ATTEMPTS")
    assert blocked.headers["Retry-After"] == "60"
    assert tablet.by_pin(plant.other).status == 200
    assert enrol(plant, "Hall B").by_pin(plant.worker).status == 200
    set_clock.forward(MINUTE)
    assert tablet.by_pin(plant.worker).status == 200


def test_trying_one_pin_with_many_people_blocks_the_terminal(plant: Plant, tablet: Tablet) -> None:
    tried = [tablet.sign_in(username=f"person {n}", pin=PIN).status for n in range(PER_TERMINAL + 1)]
    assert tried == [401] * PER_TERMINAL + [429]
    assert tablet.by_pin(plant.worker).status == 429
    assert enrol(plant, "Hall B").by_pin(plant.worker).status == 200


def test_trying_many_badges_blocks_the_terminal_too(plant: Plant, tablet: Tablet) -> None:
    tried = [tablet.sign_in(badge=f"B-{n:05d}").status for n in range(PER_TERMINAL + 1)]
    assert tried == [401] * PER_TERMINAL + [429]


def test_a_pin_that_is_guessed_at_slowly_is_locked_until_there_is_another(
    plant: Plant, tablet: Tablet, set_clock: SetClock
) -> None:
    for _ in range(MOST_WRONG_PINS):
        set_clock.forward(MINUTE)
        assert tablet.by_pin(plant.worker, WRONG).error["code"] == "ERR_TERMINAL_BAD_CREDENTIALS"
    set_clock.forward(HOUR)
    assert tablet.by_pin(plant.worker, WRONG).error["code"] == "ERR_TERMINAL_BAD_CREDENTIALS"
    locked = tablet.by_pin(plant.worker)
    assert (locked.status, locked.error["code"]) == (403, "ERR_TERMINAL_PIN_LOCKED")
    assert plant.planner.get(f"/auth/users/{plant.worker.id}/terminal").data["pin_locked"] is True
    same = give(plant.worker, plant.worker, pin=PIN)
    assert (same.status, same.fields()) == (422, {"pin": "unchanged"})  # who guessed on may know it by now
    give(plant.planner, plant.worker, pin="9137")
    assert tablet.by_pin(plant.worker, "9137").status == 200


def test_a_right_pin_forgets_the_wrong_ones(plant: Plant, tablet: Tablet, set_clock: SetClock) -> None:
    for n in range(2 * MOST_WRONG_PINS):
        set_clock.forward(MINUTE)
        pin = PIN if n % MOST_WRONG_PINS == MOST_WRONG_PINS - 1 else WRONG
        assert tablet.by_pin(plant.worker, pin).status == (200 if pin == PIN else 401)


def test_a_badge_still_opens_when_the_pin_is_locked(plant: Plant, tablet: Tablet, set_clock: SetClock) -> None:
    give(plant.planner, plant.worker, badge=BADGE)
    for _ in range(MOST_WRONG_PINS):
        set_clock.forward(MINUTE)
        tablet.by_pin(plant.worker, WRONG)
    assert tablet.sign_in(badge=BADGE).status == 200


def test_many_terminals_guess_no_faster_at_one_person(plant: Plant, set_clock: SetClock) -> None:
    tablets = [enrol(plant, f"Hall {n}") for n in range(PER_NAME_EVERYWHERE // 4 + 1)]
    tried = [tablets[n // 4].by_pin(plant.worker, WRONG).status for n in range(PER_NAME_EVERYWHERE + 1)]
    assert tried == [401] * PER_NAME_EVERYWHERE + [429]


def test_guesses_at_the_same_moment_are_counted_one_by_one(plant: Plant, tablet: Tablet) -> None:
    inner: list[int] = []

    def race(operation: str, _: dict[str, Any]) -> None:
        if operation == "TransactWriteItems" and not inner:
            inner.append(0)
            inner.append(tablet.by_pin(plant.worker, WRONG).status)

    with watched(race):
        assert tablet.by_pin(plant.worker, WRONG).status == 401
    assert inner == [0, 401]
    assert [tablet.by_pin(plant.worker, WRONG).status for _ in range(PER_NAME - 1)] == [401] * (PER_NAME - 2) + [429]


def test_two_who_are_given_one_badge_at_once_do_not_both_get_it(plant: Plant, tablet: Tablet) -> None:
    inner: list[int] = []

    def race(operation: str, _: dict[str, Any]) -> None:
        if operation == "TransactWriteItems" and not inner:
            inner.append(0)
            inner.append(give(plant.admin, plant.other, badge=BADGE).status)

    with watched(race):
        assert give(plant.planner, plant.worker, badge=BADGE).status == 409
    assert inner == [0, 200]
    assert tablet.sign_in(badge=BADGE).data["user"]["id"] == plant.other.id


def test_a_name_that_does_not_exist_costs_as_much_as_one_that_does(
    plant: Plant, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str | None] = []
    check = bcrypt.checkpw

    def counted(password: bytes, password_hash: bytes) -> bool:
        checked.append(None)
        return bool(check(password, password_hash))

    def cost(username: str) -> tuple[int, list[str]]:
        checked.clear()
        with watched() as called:
            tablet.sign_in(username=username, pin=WRONG)
        return len(checked), list(called)

    monkeypatch.setattr(bcrypt, "checkpw", counted)
    assert cost("the first of a day") != cost("the first after a note of use")
    assert cost("nobody of that name") == cost("veli") == cost("ada")
