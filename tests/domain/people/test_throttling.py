"""The number of failed attempts that are allowed, and the wait after them."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.people.throttling import (
    FIRST_BLOCK,
    LONGEST_BLOCK,
    PER_NAME,
    REMEMBERED,
    WINDOW,
    Counter,
    TooManyAttempts,
    refuse_blocked,
)
from tests.domain.builders import HOUR, MINUTE, MORNING

SECOND = timedelta(seconds=1)


def failed(counter: Counter, now: datetime, times: int = PER_NAME) -> Counter:
    for _ in range(times):
        counter = counter.after_failure(now, PER_NAME)
    return counter


def is_blocked(counter: Counter, now: datetime) -> bool:
    try:
        refuse_blocked([counter], now)
    except TooManyAttempts:
        return True
    return False


def test_four_failures_a_minute_block_nobody_and_the_fifth_does() -> None:
    four = failed(Counter(), MORNING, 4)

    assert not is_blocked(four, MORNING)
    assert is_blocked(failed(four, MORNING, 1), MORNING)


def test_a_new_minute_begins_with_the_first_failure_after_the_last_one_ended() -> None:
    four = failed(Counter(), MORNING, 4)

    assert is_blocked(failed(four, MORNING + WINDOW - SECOND, 1), MORNING + WINDOW - SECOND)
    next_minute = failed(four, MORNING + WINDOW, 4)
    assert not is_blocked(next_minute, MORNING + WINDOW)
    assert is_blocked(failed(next_minute, MORNING + 2 * WINDOW - SECOND, 1), MORNING + 2 * WINDOW - SECOND)


def test_each_block_is_twice_as_long_as_the_last_up_to_an_hour() -> None:
    counter, now, lengths = Counter(), MORNING, []
    for _ in range(8):
        counter = failed(counter, now)
        assert counter.blocked_until is not None
        lengths.append(counter.blocked_until - now)
        now = counter.blocked_until

    assert [length // MINUTE for length in lengths] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert (lengths[0], lengths[-1]) == (FIRST_BLOCK, LONGEST_BLOCK)


def test_somebody_who_never_stops_waits_an_hour_each_time_for_ever() -> None:
    counter, now, began = Counter(), MORNING, MORNING
    for _ in range(200):
        began, counter = now, failed(counter, now)
        assert counter.blocked_until is not None
        now = counter.blocked_until

    assert now - began == LONGEST_BLOCK


def test_a_block_ends_at_its_end_and_no_earlier() -> None:
    blocked = failed(Counter(), MORNING)

    assert is_blocked(blocked, MORNING + FIRST_BLOCK - timedelta(milliseconds=1))
    assert not is_blocked(blocked, MORNING + FIRST_BLOCK)


def test_after_a_block_five_more_may_fail() -> None:
    blocked = failed(Counter(), MORNING)

    assert not is_blocked(failed(blocked, MORNING + FIRST_BLOCK, 4), MORNING + FIRST_BLOCK)


def test_an_hour_without_a_block_and_the_next_is_as_short_as_the_first() -> None:
    ended = MORNING + FIRST_BLOCK
    blocked = failed(Counter(), MORNING)

    soon = failed(blocked, ended + REMEMBERED - SECOND)
    late = failed(blocked, ended + REMEMBERED)

    assert soon.blocked_until == ended + REMEMBERED - SECOND + 2 * FIRST_BLOCK
    assert late.blocked_until == ended + REMEMBERED + FIRST_BLOCK


def test_single_failures_do_not_keep_a_block_in_mind() -> None:
    counter, now = failed(Counter(), MORNING), MORNING
    for _ in range(3):
        now += HOUR / 2
        counter = failed(counter, now, 1)

    again = failed(counter, now + HOUR / 2)

    assert again.blocked_until == now + HOUR / 2 + FIRST_BLOCK


def test_whoever_is_right_is_forgiven_everything() -> None:
    twice = failed(failed(Counter(), MORNING), MORNING + HOUR / 2)

    forgiven = twice.forgiven(MORNING + HOUR)

    assert not is_blocked(forgiven, MORNING + HOUR)
    assert failed(forgiven, MORNING + HOUR).blocked_until == MORNING + HOUR + FIRST_BLOCK


def test_a_counter_is_forgotten_an_hour_after_it_says_anything() -> None:
    one = failed(Counter(), MORNING, 1)
    blocked = failed(Counter(), MORNING)

    assert one.expires_at == MORNING + WINDOW + REMEMBERED
    assert blocked.expires_at == MORNING + FIRST_BLOCK + REMEMBERED
    assert blocked.forgiven(MORNING + MINUTE).expires_at == MORNING + MINUTE + REMEMBERED


@pytest.mark.parametrize(
    ("waited", "seconds"), [(timedelta(0), 60), (59.001 * SECOND, 1), (timedelta(milliseconds=500), 60)]
)
def test_how_long_to_wait_is_told_in_whole_seconds_and_never_too_few(waited: timedelta, seconds: int) -> None:
    with pytest.raises(TooManyAttempts) as refusal:
        refuse_blocked([Counter(), failed(Counter(), MORNING)], MORNING + waited)

    assert refusal.value.retry_after == seconds
    assert str(seconds) in refusal.value.detail


def test_of_two_blocks_the_longer_one_is_told() -> None:
    short, long = failed(Counter(), MORNING), failed(failed(Counter(), MORNING - HOUR / 2), MORNING)

    for counters in ([short, long], [long, short]):
        with pytest.raises(TooManyAttempts) as refusal:
            refuse_blocked(counters, MORNING)
        assert refusal.value.retry_after == 120


@given(st.lists(st.timedeltas(min_value=timedelta(0), max_value=timedelta(minutes=3)), max_size=60))
def test_no_timing_gets_past_the_counter(pauses: list[timedelta]) -> None:
    counter, now, attempted = Counter(), MORNING, []
    for pause in pauses:
        now += pause
        if is_blocked(counter, now):
            continue
        attempted.append(now)
        counter = counter.after_failure(now, PER_NAME)
        window = [at for at in attempted if at > now - WINDOW]
        # A window begins with a failure: two of them may meet within a minute.
        assert len(window) <= 2 * PER_NAME - 1
        assert counter.version == len(attempted)
