"""The policy of escalation: quiet hours, and what is refused."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.escalation import (
    LONGEST_WAIT,
    MOST_PEOPLE,
    MOST_STEPS,
    Awaited,
    Policy,
    QuietHours,
    Step,
    due_at,
    ordered,
    wrong_hours,
    wrong_steps,
)
from chalicelib.domain.people.users import Role
from chalicelib.domain.priorities import Priority

ISTANBUL, BERLIN = "Europe/Istanbul", "Europe/Berlin"
NIGHT = QuietHours("22:00", "06:00")
ACK, DONE = Awaited
PLANNERS = (Role.PLANNER,)


def step(minutes: int, priority: Priority = Priority.HIGH, awaited: Awaited = ACK, **told: tuple[str, ...]) -> Step:
    return Step(priority, awaited, minutes, *([] if told else [PLANNERS]), **told)  # type: ignore[arg-type]


def due(
    minutes: int, since: str, quiet: QuietHours | None = NIGHT, zone: str = ISTANBUL, priority: Priority = Priority.HIGH
) -> str:
    """When a step is due, by the plant's clock, for an issue reported at a time of that clock."""
    reported = datetime.fromisoformat(since).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return f"{due_at(step(minutes, priority), reported, quiet, zone).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("minutes", "since", "told"),
    [
        (15, "2026-01-05 12:00", "2026-01-05 12:15"),
        (15, "2026-01-05 21:50", "2026-01-06 06:05"),  # ten minutes in the evening, five in the morning
        (9, "2026-01-05 21:50", "2026-01-05 21:59"),
        (10, "2026-01-05 21:50", "2026-01-06 06:00"),  # the quiet hours begin with 22:00
        (0, "2026-01-05 12:00", "2026-01-05 12:00"),
        (0, "2026-01-05 22:00", "2026-01-06 06:00"),
        (0, "2026-01-06 06:00", "2026-01-06 06:00"),
        (15, "2026-01-06 03:00", "2026-01-06 06:15"),
        (24 * 60, "2026-01-05 12:00", "2026-01-06 20:00"),  # sixteen hours of a day count
        (LONGEST_WAIT, "2026-01-05 12:00", "2026-01-15 20:00"),
    ],
)
def test_minutes_in_quiet_hours_do_not_count(minutes: int, since: str, told: str) -> None:
    assert due(minutes, since) == told


def test_quiet_hours_may_stay_within_a_day() -> None:
    assert due(60, "2026-01-05 11:30", QuietHours("12:00", "13:00")) == "2026-01-05 13:30"


def test_critical_issues_know_no_quiet_hours_and_a_plant_may_have_none() -> None:
    assert due(15, "2026-01-05 23:00", priority=Priority.CRITICAL) == "2026-01-05 23:15"
    assert due(15, "2026-01-05 23:00", quiet=None) == "2026-01-05 23:15"


@pytest.mark.parametrize(
    ("minutes", "since", "quiet", "told"),
    [
        (60, "2026-03-28 21:30", NIGHT, "2026-03-29 06:30"),  # a night of seven hours
        (60, "2026-10-24 21:30", NIGHT, "2026-10-25 06:30"),  # a night of nine hours
        (120, "2026-03-29 01:30", None, "2026-03-29 04:30"),  # minutes are real minutes
        # 02:30 never comes: the hours begin before the gap, and end after it.
        (60, "2026-03-29 01:20", QuietHours("02:30", "05:00"), "2026-03-29 05:50"),
        (60, "2026-03-28 21:30", QuietHours("22:00", "02:30"), "2026-03-29 04:00"),
        # 02:30 comes twice: the hours begin with the first, and end with the second.
        (90, "2026-10-25 01:30", QuietHours("02:30", "05:00"), "2026-10-25 05:30"),
        (30, "2026-10-24 21:45", QuietHours("22:00", "02:30"), "2026-10-25 02:45"),
    ],
)
def test_the_clock_may_change_in_quiet_hours(minutes: int, since: str, quiet: QuietHours, told: str) -> None:
    assert due(minutes, since, quiet, BERLIN) == told


times = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
hours = st.builds(QuietHours, times, times).filter(lambda each: not list(wrong_hours("", each)))
instants = st.integers(0, 400 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(hours, instants, st.sampled_from([ISTANBUL, BERLIN, "America/St_Johns", "Australia/Lord_Howe"]))
def test_nobody_is_told_in_quiet_hours_and_steps_keep_their_order(
    quiet: QuietHours, since: datetime, zone: str
) -> None:
    told = [due_at(step(minutes), since, quiet, zone) for minutes in (0, 1, 30, 600)]
    for at in told:
        clock = f"{at.astimezone(ZoneInfo(zone)):%H:%M}"
        inside = quiet.start <= clock < quiet.end
        assert not (inside if quiet.start < quiet.end else clock >= quiet.start or clock < quiet.end)
    assert all(later - earlier >= timedelta(minutes=1) for earlier, later in pairwise(told))
    assert told[-1] - since < timedelta(days=4)


def codes(*steps: Step) -> list[str | None]:
    return [error.code for error in wrong_steps("steps", steps)]


def test_a_policy_is_bounded() -> None:
    assert codes() == codes(step(0), step(LONGEST_WAIT), step(0, awaited=DONE)) == []
    assert codes(step(-1)) == codes(step(LONGEST_WAIT + 1)) == ["minutes"]
    assert codes(step(1, user_ids=(), roles=())) == ["nobody"]
    people = tuple(f"u{n}" for n in range(MOST_PEOPLE + 1))
    assert (codes(step(1, user_ids=people[1:])), codes(step(1, user_ids=people))) == ([], ["too_many"])
    assert codes(step(1, user_ids=("oya", "oya"))) == ["duplicate"]
    many = [step(minutes) for minutes in range(MOST_STEPS + 1)]
    assert (codes(*many[1:]), codes(*many)) == ([], ["too_many"])
    assert codes(step(5), step(5, user_ids=("oya",))) == ["duplicate"]
    assert codes(step(5), step(5, Priority.LOW)) == []


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("22:00", "06:00", None),
        ("06:00", "22:00", None),  # sixteen hours
        ("06:00", "22:01", "out_of_range"),
        ("22:00", "22:00", "out_of_range"),
        ("22:00", "6:00", "pattern"),
        ("24:00", "06:00", "pattern"),
        ("22", "06:00", "pattern"),
        ("22:00:30", "06:00", "pattern"),
        ("", "06:00", "pattern"),
    ],
)
def test_quiet_hours_are_two_times_of_the_day(start: str, end: str, code: str | None) -> None:
    assert [error.code for error in wrong_hours("quiet_hours", QuietHours(start, end))] == ([code] if code else [])


def test_a_policy_is_ordered_and_written_in_one_line() -> None:
    steps = ordered([step(9, Priority.LOW), step(30), step(5), step(5, awaited=DONE, user_ids=("oya", "veli"))])
    assert str(Policy(steps, NIGHT)) == (
        "high/acknowledged/5=planner, high/acknowledged/30=planner, high/resolved/5=oya,veli, "
        "low/acknowledged/9=planner; quiet hours 22:00-06:00"
    )
    assert str(Policy(())) == "no steps; quiet hours none"


def test_a_plant_may_have_no_quiet_hours() -> None:
    assert list(wrong_hours("quiet_hours", None)) == []
