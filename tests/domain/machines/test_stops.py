"""Stops: the same from joined hours as from all readings, and cut by explanations that are laid over them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.instants import CLOCK_GRACE
from chalicelib.domain.intervals import merged
from chalicelib.domain.machines.readings import STATES, Reading, by_machine_hour, distinct, microseconds, series_of
from chalicelib.domain.machines.rollups import STOPPED, Rollup, Stretch, roll_up
from chalicelib.domain.machines.stops import ExplainStop, Explanation, StopPart, explained, parts, stopped
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.machines.test_joined import AN_HOUR, HOURS, SECOND, sequences, state
from tests.domain.reading_strategies import HOUR

MINUTE = timedelta(minutes=1)
FIVE = 5 * MINUTE
END = HOUR + 8 * AN_HOUR


def pieces(readings: Sequence[Reading]) -> list[Rollup]:
    return [piece for sent in by_machine_hour(readings).values() for piece in roll_up(sent)]


def stops(readings: Sequence[Reading], carry: timedelta = 24 * AN_HOUR) -> list[tuple[int, int]]:
    """The stops of at least a minute, in minutes from the first hour."""
    found = stopped(pieces(readings), END, carry)
    return [tuple(round((at - microseconds(HOUR)) / 60e6) for at in each) for each in found]  # type: ignore[misc]


def at_once(readings: Sequence[Reading], carry: timedelta) -> list[Stretch]:
    """The stops of at least a minute from all readings, without hours."""
    states = [each for series in series_of(readings) for each in distinct(series)[0]]
    end, long = microseconds(END), carry // timedelta(microseconds=1)
    ends = [*(each.at for each in states[1:]), end]
    held = [(each.at, min(until, each.at + long)) for each, until in zip(states, ends, strict=False) if is_stop(each)]
    return [(begin, until) for begin, until in merged(held) if until - begin >= 60_000_000]


def is_stop(reading: Reading) -> bool:
    return reading.value in STOPPED


def explanation(begin: float, end: float, reason: str | None = "material", age: int = 0) -> Explanation:
    times = HOUR + begin * MINUTE, HOUR + end * MINUTE
    return Explanation(f"e{age}", "M1", *times, reason, None, HOUR + age * SECOND, "ada")


def laid_over(*over: Explanation, begin: float = 0, end: float = 60) -> list[tuple[float, float, str | None]]:
    """The parts of a stop, in minutes, with their reasons."""
    stretch = microseconds(HOUR + begin * MINUTE), microseconds(HOUR + end * MINUTE)
    found = parts("M1", [stretch], over, END, FIVE)
    return [(minutes(part.started_at), minutes(part.ended_at), reason_of(part)) for part in found]


def minutes(at: datetime | None) -> float:
    assert at is not None
    return (at - HOUR) / MINUTE


def reason_of(part: StopPart) -> str | None:
    return part.explanation.reason if part.explanation else None


def test_idle_and_unplanned_stops_are_one_stop_across_hours() -> None:
    sent = [state(HOUR + n * AN_HOUR, word) for n, word in enumerate(("idle", "unplanned_stop", "setup", "idle"))]
    assert stops(sent) == [(0, 120), (180, 480)]
    assert stops(sent, AN_HOUR) == [(0, 120), (180, 240)]


def test_stops_that_people_decided_ask_for_no_reason() -> None:
    assert stops([state(HOUR + n * MINUTE, word) for n, word in enumerate(("planned_stop", "off", "producing"))]) == []


def test_short_stops_inside_an_hour_are_not_kept_and_those_at_its_ends_are() -> None:
    def stretches(*words: str) -> list[tuple[float, float]]:
        (piece,) = roll_up([state(HOUR + n * 30 * SECOND, word) for n, word in enumerate(words)])
        assert piece.states is not None
        assert piece.states.stopped is not None
        return [((b - microseconds(HOUR)) / 1e6, (e - microseconds(HOUR)) / 1e6) for b, e in piece.states.stopped]

    assert stretches("producing", "idle", "producing", "idle", "idle", "off") == [(90.0, 150.0)]
    assert stretches("producing", "idle", "off") == []
    assert stretches("idle", "producing", "unplanned_stop", "idle") == [(0.0, 30.0), (60.0, 90.0)]
    assert stretches("idle") == []


def test_an_hour_has_few_stops_however_often_its_state_changes() -> None:
    (piece,) = roll_up([state(HOUR + n * SECOND, ("idle", "producing")[n // 60 % 2]) for n in range(3600)])
    assert piece.states is not None
    assert len(piece.states.stopped or ()) == 30


def test_an_hour_of_an_earlier_release_is_a_stop_only_as_a_whole() -> None:
    def earlier(*words: str) -> list[tuple[int, int]]:
        (piece,) = roll_up([state(HOUR + n * 10 * MINUTE, word) for n, word in enumerate(words)])
        assert piece.states is not None
        old = replace(piece, states=replace(piece.states, stopped=None))
        found = stopped([old], HOUR + AN_HOUR, 24 * AN_HOUR)
        return [((b - microseconds(HOUR)) // 60_000_000, (e - microseconds(HOUR)) // 60_000_000) for b, e in found]

    assert earlier("idle", "unplanned_stop", "idle") == [(0, 60)]
    assert earlier("idle", "producing", "idle") == [(20, 60)]


moments = st.integers(0, 6 * 3600).map(lambda second: HOUR + second * SECOND) | st.sampled_from(HOURS[:6])
words = st.sampled_from(["idle", "unplanned_stop", "producing"]) | st.sampled_from(STATES)


@given(
    st.lists(st.builds(state, moments, words, sequences), max_size=25),
    st.sampled_from([AN_HOUR, 24 * AN_HOUR]),
    st.randoms(use_true_random=False),
)
def test_stops_of_joined_hours_are_as_of_all_readings_at_once(
    sent: list[Reading], carry: timedelta, random: Random
) -> None:
    again = [*sent, *(reading for reading in sent if random.random() < 0.5)]
    random.shuffle(again)
    found = stopped(pieces(again), END, carry)
    assert [each for each in found if each[1] - each[0] >= 60_000_000] == at_once(sent, carry)


def test_a_stop_is_split_by_explaining_a_part_of_it_and_merged_by_explaining_both() -> None:
    assert laid_over() == [(0, 60, None)]
    first = explanation(0, 20)
    assert laid_over(first) == [(0, 20, "material"), (20, 60, None)]
    second = explanation(20, 60, "setup", 1)
    assert laid_over(second, first) == [(0, 20, "material"), (20, 60, "setup")]
    assert laid_over(first, second, explanation(-5, 70, "quality", 2)) == [(0, 60, "quality")]


def test_the_later_explanation_holds_and_may_be_taken_back() -> None:
    first, second = explanation(0, 60), explanation(10, 20, "setup", 1)
    assert laid_over(second, first) == [(0, 10, "material"), (10, 20, "setup"), (20, 60, "material")]
    assert laid_over(first, second, explanation(0, 15, None, 2)) == [
        (0, 15, None),
        (15, 20, "setup"),
        (20, 60, "material"),
    ]


def test_an_explanation_holds_where_late_readings_moved_the_stop() -> None:
    told = explanation(0, 60)
    assert laid_over(told, begin=2, end=63) == [(2, 60, "material")]
    assert laid_over(told, begin=2, end=66) == [(2, 60, "material"), (60, 66, None)]
    assert laid_over(told, begin=0, end=4) == []


def test_a_stop_that_goes_on_has_no_end_yet() -> None:
    (part,) = parts("M1", [(microseconds(END - FIVE), microseconds(END))], [], END, FIVE)
    assert (part.started_at, part.ended_at, part.seconds) == (END - FIVE, None, 300.0)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60), st.sampled_from(["a", "b", None])), max_size=6),
    st.randoms(use_true_random=False),
)
def test_parts_cover_the_stop_once_and_each_instant_has_its_latest_reason(
    over: list[tuple[int, int, str | None]], random: Random
) -> None:
    told = [explanation(begin, begin + long, reason, age) for age, (begin, long, reason) in enumerate(over)]
    random.shuffle(told)
    stretch = microseconds(HOUR), microseconds(HOUR + 60 * MINUTE)
    found = list(parts("M1", [stretch], told, END, timedelta(0)))
    cuts = [minutes(part.started_at) for part in found] + [60]
    assert cuts[0] == 0
    assert [minutes(part.ended_at) for part in found] == cuts[1:]
    assert all(earlier.explanation != later.explanation for earlier, later in pairwise(found))
    for part in found:
        middle = int(minutes(part.started_at))
        latest = [reason for begin, long, reason in over if begin <= middle < begin + long]
        assert reason_of(part) == (latest[-1] if latest else None)


def test_what_is_wrong_with_an_explanation_is_named() -> None:
    def codes(begin: timedelta, end: timedelta, reason: str | None = "material") -> dict[str, str]:
        wanted = ExplainStop(HOUR + begin, HOUR + end, reason)
        try:
            explained(wanted, "M1", "e1", "ada", HOUR, DEFAULT_SETTINGS)
        except InvalidFields as refused:
            return {error.field: error.code for error in refused.errors}
        return {}

    assert codes(-7 * 24 * AN_HOUR, timedelta(0), None) == {}
    assert codes(-AN_HOUR, CLOCK_GRACE) == {}
    assert codes(-AN_HOUR, CLOCK_GRACE + SECOND) == {"ended_at": "in_future"}
    assert codes(-AN_HOUR, -AN_HOUR) == {"ended_at": "after_start"}
    assert codes(-7 * 24 * AN_HOUR - SECOND, timedelta(0)) == {"ended_at": "too_long"}
    assert codes(-AN_HOUR, timedelta(0), "weather") == {"reason": "unknown"}


def test_an_explanation_says_who_gave_it() -> None:
    made = explained(ExplainStop(HOUR, HOUR + FIVE, "other", "Fuse"), "M1", "e1", "ada", END, DEFAULT_SETTINGS)
    assert made == Explanation("e1", "M1", HOUR, HOUR + FIVE, "other", "Fuse", END, "ada")
