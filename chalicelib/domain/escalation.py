"""The policy of escalation: who is told of an issue that waits too long, and the quiet hours in which nobody is."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.domain.errors import FieldError
from chalicelib.domain.intervals import Interval
from chalicelib.domain.people.users import Role
from chalicelib.domain.priorities import Priority
from chalicelib.domain.sentences import say

MOST_STEPS = 5
"""The most steps for one priority and one thing that is awaited."""

MOST_PEOPLE = 10
"""The most people that a step names, beside roles."""

LONGEST_WAIT = 7 * 24 * 60
"""The most minutes of a step: a week."""

LONGEST_QUIET = timedelta(hours=16)
_DAY = timedelta(days=1)


class Awaited(StrEnum):
    """What an issue waits for."""

    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


@dataclass(frozen=True)
class Step:
    """A step of the policy: if an issue of this priority still waits after so many minutes, these people are told.

    The minutes count from the report, or from the reopening of the issue.
    """

    priority: Priority
    awaited: Awaited
    after_minutes: int
    roles: tuple[Role, ...] = ()
    user_ids: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The step as it is written on the command line."""
        return f"{self.priority}/{self.awaited}/{self.after_minutes}={','.join((*self.roles, *self.user_ids))}"


@dataclass(frozen=True)
class QuietHours:
    """Hours of every day in which nobody is told, from `start` to `end` by the plant's clock, each as `HH:MM`.

    They may go over midnight. In the night of a clock change a time may come twice, or not at all: they then begin at
    the earlier and end at the later of the two possible instants.
    """

    start: str
    end: str

    def __str__(self) -> str:
        """The hours as they are written on the command line."""
        return f"{self.start}-{self.end}"

    def passed_by(self, since: datetime, wait: timedelta, zone: ZoneInfo) -> datetime:
        """The instant at which this time has passed outside of the quiet hours. It is never in them itself."""
        at, day = since, since.astimezone(zone).date() - _DAY
        while True:
            begins, ends = self._of(day, zone)
            if at + wait < begins:
                return at + wait
            if at < ends:
                wait -= max(begins - at, timedelta(0))
                at = ends
            day += _DAY

    def _of(self, day: date, zone: ZoneInfo) -> Interval:
        """The quiet hours that begin on a day of the plant."""
        start, end = time.fromisoformat(self.start), time.fromisoformat(self.end)
        last = day + _DAY if end < start else day
        begins, ends = datetime.combine(day, start), datetime.combine(last, end)
        return min(_instants(begins, zone)), max(_instants(ends, zone))


@dataclass(frozen=True)
class Policy:
    """The whole policy of a plant: its steps, and its quiet hours if it has some."""

    steps: tuple[Step, ...]
    quiet_hours: QuietHours | None = None

    def __str__(self) -> str:
        """The policy in one line."""
        return f"{', '.join(map(str, self.steps)) or 'no steps'}; quiet hours {self.quiet_hours or 'none'}"


def due_at(step: Step, since: datetime, quiet: QuietHours | None, timezone: str) -> datetime:
    """When a step is due for an issue that waits since an instant. Quiet hours do not count, except for critical ones.

    `timezone` (IANA) is the plant's.
    """
    wait = timedelta(minutes=step.after_minutes)
    if quiet is None or step.priority is Priority.CRITICAL:
        return since + wait
    return quiet.passed_by(since, wait, ZoneInfo(timezone))


def ladder(steps: Sequence[Step], priority: Priority, awaited: Awaited) -> list[Step]:
    """The steps for one priority and one thing that is awaited, in the order of their minutes."""
    own = [step for step in steps if step.priority is priority and step.awaited is awaited]
    return sorted(own, key=lambda step: step.after_minutes)


def ordered(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps from the highest priority to the lowest, what is awaited first before what is awaited last."""
    priorities = list(Priority)[::-1]
    return tuple(step for priority in priorities for awaited in Awaited for step in ladder(steps, priority, awaited))


def wrong_steps(field: str, steps: Sequence[Step]) -> Iterator[FieldError]:
    """The field errors of the steps of a policy, under the name of their field."""
    for step in steps:
        named = f"{step.priority}/{step.awaited}/{step.after_minutes}"
        if not 0 <= step.after_minutes <= LONGEST_WAIT:
            form = "must have {least} to {most} minutes in each step; wrong: {wrong}"
            yield FieldError(field, say(form, least=0, most=LONGEST_WAIT, wrong=named), "minutes")
        if not step.roles and not step.user_ids:
            form = "must name a role or a person in each step; wrong: {wrong}"
            yield FieldError(field, say(form, wrong=named), "nobody")
        if len(step.user_ids) > MOST_PEOPLE:
            form = "must name at most {most} people in a step; wrong: {wrong}"
            yield FieldError(field, say(form, most=MOST_PEOPLE, wrong=named), "too_many")
        if len({*step.roles, *step.user_ids}) < len(step.roles) + len(step.user_ids):
            yield FieldError(field, say("must name nobody twice in a step; wrong: {wrong}", wrong=named), "duplicate")
    for (priority, awaited), number in Counter((step.priority, step.awaited) for step in steps).items():
        named = f"{priority}/{awaited}"
        if number > MOST_STEPS:
            form = "must have at most {most} steps for {steps}; there are {number}"
            yield FieldError(field, say(form, most=MOST_STEPS, steps=named, number=number), "too_many")
        if len({step.after_minutes for step in ladder(steps, priority, awaited)}) < number:
            yield FieldError(field, say("must have other minutes in each step of {steps}", steps=named), "duplicate")


def wrong_hours(field: str, quiet: QuietHours | None) -> Iterator[FieldError]:
    """The field errors of quiet hours, under the name of their field."""
    if quiet is None:
        return
    times = [_clock(text) for text in (quiet.start, quiet.end)]
    if None in times:
        form = "must be two times as HH:MM, from {least} to {most}, such as {examples}"
        message = say(form, least="00:00", most="23:59", examples=["22:00", "06:00"])
        yield FieldError(field, message, "pattern")
        return
    start, end = (datetime.combine(date.min, at) for at in times if at)
    if not timedelta(0) < (end - start) % _DAY <= LONGEST_QUIET:
        hours = LONGEST_QUIET // timedelta(hours=1)
        yield FieldError(
            field, say("must be longer than nothing and at most {hours} hours long", hours=hours), "out_of_range"
        )


def _clock(text: str) -> time | None:
    """A time of day written as `HH:MM`; None if it is none."""
    try:
        at = time.fromisoformat(text)
    except ValueError:
        return None
    return at if f"{at:%H:%M}" == text else None


def _instants(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """The instants at which clocks in the zone may show a time: two different ones if it comes twice or never."""
    return [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
