"""How often and when a delivery is tried."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.telling.deliveries import (
    LOST_AFTER,
    PAUSES,
    Attempt,
    Delivery,
    DeliveryError,
    DeliveryStatus,
    begun,
    given_up,
    handed_out,
    sent_again,
    tried,
)
from chalicelib.domain.telling.events import Event, EventType

MORNING = datetime(2026, 1, 5, 8, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
EVENT = Event("01KE6P3S00AYQ1D2GEX6ZTN0JW-1", EventType.ORDER_DONE, "default", MORNING, "WO-1", {})
FAILED = Attempt(duration_ms=5, status_code=500)
NEW = begun("w1", EVENT, MORNING)


def no_jitter(_: float) -> float:
    return 0


def all_of_it(most: float) -> float:
    return most


def test_a_new_delivery_is_being_sent() -> None:
    assert (NEW.id, NEW.status, NEW.due_at, NEW.next_try_at) == (EVENT.id, "sending", MORNING + 5 * MINUTE, None)


def test_what_is_taken_is_at_its_end() -> None:
    after = tried(NEW, Attempt(12, 204), MORNING, no_jitter)
    assert (after.status, after.status_code, after.attempts, after.due_at) == ("delivered", 204, 1, None)
    assert (after.tried_at, after.duration_ms, after.version) == (MORNING, 12, 2)
    assert after.was_taken_since(MORNING)
    assert not after.was_taken_since(MORNING + MINUTE)
    assert not NEW.was_taken_since(MORNING)


def lived(jitter: object = no_jitter, attempt: Attempt = FAILED) -> list[timedelta]:
    """The times of all tries after the first one, if none is taken."""
    delivery, now, times = NEW, MORNING, []
    while (delivery := tried(delivery, attempt, now, jitter)).status is DeliveryStatus.WAITING:  # type: ignore[arg-type]
        assert delivery.next_try_at is not None
        now = delivery.next_try_at
        times.append(now - MORNING)
        delivery = handed_out(delivery, now)
    assert (delivery.status, delivery.due_at) == (DeliveryStatus.FAILED, None)
    return times


def test_the_pauses_grow_and_last_about_a_day() -> None:
    assert list(PAUSES) == sorted(set(PAUSES))
    assert lived()[-1] == sum(PAUSES, timedelta()) == timedelta(hours=22, minutes=51)
    assert len(lived()) == len(PAUSES)
    assert timedelta(hours=24) < lived(all_of_it)[-1] < timedelta(hours=26)


def test_a_receiver_may_ask_for_more_time_but_not_for_ever() -> None:
    assert lived(attempt=replace(FAILED, retry_after=10 * MINUTE))[:3] == [10 * MINUTE, 20 * MINUTE, 35 * MINUTE]
    assert lived(attempt=replace(FAILED, retry_after=-HOUR)) == lived()
    assert lived(attempt=replace(FAILED, retry_after=1000 * HOUR)) == [8 * HOUR, 16 * HOUR, 24 * HOUR]


def test_who_is_gone_is_not_asked_again() -> None:
    after = tried(NEW, Attempt(5, 410), MORNING, no_jitter)
    assert (after.status, after.is_gone, NEW.is_gone) == (DeliveryStatus.FAILED, True, False)


@pytest.mark.parametrize("status", [199, 301, 302, 304, 400, 404, 429, 500, 503])
def test_only_two_hundreds_are_a_success(status: int) -> None:
    assert not Attempt(1, status).is_delivered
    assert not Attempt(1, error=DeliveryError.TIMEOUT).is_delivered
    assert Attempt(1, 200).is_delivered
    assert Attempt(1, 299).is_delivered


def test_what_is_lost_again_and_again_ends() -> None:
    assert handed_out(NEW, MORNING + LOST_AFTER).status is DeliveryStatus.SENDING
    assert handed_out(NEW, MORNING + LOST_AFTER + MINUTE).status is DeliveryStatus.FAILED


def test_what_is_sent_again_has_a_day_again() -> None:
    late = MORNING + 700 * HOUR
    failed = tried(replace(NEW, attempts=9), FAILED, late, no_jitter)
    again = sent_again(failed, late)
    assert failed.status is DeliveryStatus.FAILED
    assert (again.status, again.attempts, again.began_at, again.due_at) == ("sending", 0, late, late + 5 * MINUTE)
    assert (again.id, again.version, again.status_code) == (EVENT.id, failed.version + 1, 500)


def test_what_is_given_up_says_why() -> None:
    after: Delivery = given_up(replace(NEW, status_code=500, attempts=1))
    assert (after.status, after.error, after.status_code, after.attempts) == ("failed", "webhook_off", None, 1)
