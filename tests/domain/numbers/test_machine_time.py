"""Machine time: parts add up, and overlapping sessions never make time twice or negative."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.intervals import Interval, merged
from chalicelib.domain.machines.timelines import InState
from chalicelib.domain.numbers.machine_time import MachineTime, Worked, states_of_sessions, time_in
from chalicelib.domain.orders.session_records import SessionKind
from tests.domain.reading_strategies import HOUR

MINUTE = timedelta(minutes=1)
A_MINUTE = 60_000_000
WHOLE = HOUR, HOUR + 600 * MINUTE
STATES = ("producing", "setup", "idle", "unplanned_stop", "planned_stop", "off")

instants = st.integers(0, 600).map(lambda minutes: HOUR + minutes * MINUTE)
intervals = st.tuples(instants, instants)
sessions = st.lists(st.tuples(intervals, st.sampled_from(SessionKind)), max_size=8)


def span(begin: float, end: float) -> Interval:
    return HOUR + begin * MINUTE, HOUR + end * MINUTE


def at_work(begin: float, end: float, kind: SessionKind) -> Worked:
    return span(begin, end), kind


def inside(planned: list[Interval], window: Interval) -> list[Interval]:
    return merged((max(start, window[0]), min(end, window[1])) for start, end in planned)


def time_of(states: list[InState], planned: list[Interval], window: Interval = WHOLE) -> MachineTime:
    return time_in(states, inside(planned, window), window)


def minutes(time: MachineTime) -> dict[str, int]:
    names = ("planned", *STATES, "unknown", "unplanned")
    return {name: getattr(time, name) // A_MINUTE for name in names if getattr(time, name)}


def test_time_of_a_shift_is_told_by_state_and_production_beside_it_is_shown_apart() -> None:
    states = states_of_sessions(
        [
            at_work(0, 100, SessionKind.RUN),
            at_work(90, 120, SessionKind.SETUP),
            at_work(95, 97, SessionKind.BREAKDOWN),
            at_work(200, 260, SessionKind.REWORK),
        ],
        WHOLE,
    )
    assert minutes(time_of(states, [span(30, 60), span(80, 240)])) == {
        "planned": 190,
        "producing": 30 + 10 + 40,
        "setup": 28,
        "unplanned_stop": 2,
        "idle": 80,
        "unplanned": 30 + 20 + 20,
    }


def test_time_without_a_state_is_unknown() -> None:
    assert minutes(time_of([], [span(0, 60)])) == {"planned": 60, "unknown": 60}


@given(sessions, st.lists(intervals, max_size=5), instants)
def test_a_window_that_is_split_adds_up_to_the_whole(
    worked: list[Worked], planned: list[Interval], at: datetime
) -> None:
    states, shifts = states_of_sessions(worked, WHOLE), merged(planned)
    parts = time_of(states, shifts, (WHOLE[0], at)), time_of(states, shifts, (at, WHOLE[1]))
    assert parts[0] + parts[1] == time_of(states, shifts)


@given(sessions, st.lists(intervals, max_size=5), st.randoms(use_true_random=False))
def test_no_time_is_negative_or_counted_twice_and_the_order_of_sessions_makes_no_difference(
    worked: list[Worked], planned: list[Interval], chance: object
) -> None:
    shifts = merged(planned)
    time = time_of(states_of_sessions(worked, WHOLE), shifts)
    shuffled = sorted(worked, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert time_of(states_of_sessions(shuffled, WHOLE), shifts) == time
    assert sum(getattr(time, state) for state in STATES) + time.unknown == time.planned
    assert min(time.unplanned, time.busy, time.unknown, *(getattr(time, state) for state in STATES)) >= 0
    assert time.planned == sum((end - start) // timedelta(microseconds=1) for start, end in shifts)
