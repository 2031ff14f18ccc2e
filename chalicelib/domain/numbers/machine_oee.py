"""OEE of machines in a window: each from its calendar, its states and its sessions; and rows of many machines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.instants import wire
from chalicelib.domain.intervals import Interval, bounds, by_day, local_day
from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.machines.timelines import InState
from chalicelib.domain.numbers.calendars import Calendar, busy, planned_shifts
from chalicelib.domain.numbers.day_facts import SessionFact
from chalicelib.domain.numbers.machine_time import Worked, states_of_sessions, time_in, within
from chalicelib.domain.numbers.metrics import Metric
from chalicelib.domain.numbers.oee import Ended, OeeSums, Source, made_in, metrics_of, together
from chalicelib.domain.text import folded


class By(StrEnum):
    """What the rows are of: a machine, a line, a shift of a day, or a local day."""

    MACHINE = "machine"
    LINE = "line"
    SHIFT = "shift"
    DAY = "day"


@dataclass(frozen=True)
class Look:
    """What is looked at: a window, the plant's time zone, and what is known up to now.

    `end` is the end of the window, or now if that is earlier. With `sessions`, a machine that tells no states has those
    of its sessions.
    """

    window: Interval
    timezone: str
    now: datetime
    sessions: bool = False

    @property
    def end(self) -> datetime:
        """The end of what can be known."""
        return min(self.window[1], self.now)

    def known(self, window: Interval) -> Interval:
        """The part of another window that can be known. It may have no time in it."""
        start = max(window[0], self.window[0])
        return start, max(min(window[1], self.end), start)


@dataclass(frozen=True)
class Observed:
    """What is known of a machine: its calendar, its states, the times of its sessions, and what was made in them.

    `facts` are the parts of these sessions by day, in order, each with the session's id.
    """

    machine: Machine
    calendar: Calendar | None = None
    states: Sequence[InState] = ()
    worked: Sequence[Worked] = ()
    ended: Sequence[Ended] = ()
    facts: Sequence[tuple[str, SessionFact]] = ()


@dataclass(frozen=True)
class Part:
    """The sums of a machine in a window. `unless` is why it has no planned busy time: `no_calendar` or `no_data`."""

    machine_id: str
    sums: OeeSums
    source: Source | None
    unless: str | None


@dataclass(frozen=True)
class Place:
    """What a row is of; the rest is None."""

    day: date | None = None
    shift: str | None = None
    line: str | None = None
    machine_id: str | None = None


@dataclass(frozen=True)
class Row:
    """The sums of the machines of a place. Those for which there is no planned busy time are left out of the sums.

    If it is so for all of them, `unless` says why, and the sums are those of all. A machine with several shifts of one
    name on a day has a part for each of them, and all of these are in the sums if one is.
    """

    place: Place
    window: Interval
    parts: Sequence[Part]

    @property
    def key(self) -> str:
        """Where it stands among the rows: by day, beginning, name of the shift, line or machine."""
        place = self.place
        names = (place.shift or place.line or place.machine_id or "", str(place.line is None))
        return "|".join([str(place.day or ""), wire(self.window[0]), *names])

    @property
    def used(self) -> Sequence[Part]:
        """The parts that are in the sums."""
        known = {part.machine_id for part in self.parts if part.unless is None}
        return [part for part in self.parts if part.machine_id in known] or self.parts

    @property
    def machines(self) -> int:
        """How many machines are in the sums."""
        return len({part.machine_id for part in self.used})

    @property
    def unless(self) -> str | None:
        """Why there is no planned busy time in the sums."""
        reasons = [part.unless for part in self.used]
        return None if None in reasons else reasons[0]

    @property
    def left_out(self) -> dict[str, str]:
        """The machines that are not in the sums, and why."""
        used = {part.machine_id for part in self.used}
        return {part.machine_id: part.unless for part in self.parts if part.unless and part.machine_id not in used}

    @property
    def sources(self) -> list[Source]:
        """Where the states in the sums are from."""
        return sorted({part.source for part in self.used if part.source})

    @property
    def sums(self) -> OeeSums:
        """The sums."""
        return together(part.sums for part in self.used)

    @property
    def metrics(self) -> dict[str, Metric]:
        """The metrics of the sums."""
        return metrics_of(self.sums, self.unless)


@dataclass(frozen=True)
class MeasuredRow:
    """A row, its time zone, when it was read, and whether nothing that comes late can change it.

    `calendar_id` is the calendar that counts, if the row is of one machine.
    """

    row: Row
    timezone: str
    as_of: datetime
    complete: bool
    calendar_id: str | None = None


def edges(calendar: Calendar | None, look: Look) -> set[datetime]:
    """The instants between which time is summed: the ends of the window, of local days, and of shifts and breaks."""
    window = look.known(look.window)
    days = {end for _, part in by_day(window, look.timezone) for end in part}
    shifts = list(planned_shifts(calendar, window, look.timezone)) if calendar else []
    ends = {end for shift in shifts for span in (shift.span, *shift.breaks) for end in span}
    return days | {end for end in ends if window[0] < end < window[1]}


def part_of(observed: Observed, look: Look, window: Interval) -> Part:
    """The sums of a machine in a window of what is looked at."""
    known = look.known(window)
    planned = planned_in(observed.calendar, known, look.timezone)
    states, source = states_in(observed, look, known)
    time = time_in(states, [known] if planned is None else planned, known)
    unless = "no_calendar" if planned is None else None if source else "no_data"
    return Part(observed.machine.id, OeeSums(time) + made_in(observed.ended, window), source, unless)


def states_in(observed: Observed, look: Look, known: Interval) -> tuple[Sequence[InState], Source | None]:
    """The states that count in a window, and where they are from; None if there are none."""
    if within(observed.states, known):
        return observed.states, Source.STATES
    if look.sessions:
        return states_of_sessions(observed.worked, known), Source.SESSIONS
    return observed.states, None


def planned_in(calendar: Calendar | None, window: Interval, timezone: str) -> list[Interval] | None:
    """The shifts of a window without breaks; None if no plan holds on its last day."""
    if calendar is None or calendar.plan_on(local_day(window[1], timezone)) is None:
        return None
    return busy(planned_shifts(calendar, window, timezone), window)


def rows_of(by: By, machines: Sequence[Observed], look: Look) -> list[Row]:
    """The rows of machines, in order. Machines without a calendar have no shifts, so they are in no row of shifts."""
    placed: dict[Place, list[tuple[Interval, Part]]] = {}
    written: dict[str, str] = {}
    for observed in machines:
        for place, window in _places(by, observed, look):
            # A line is the same however its letters are written. It is shown as its first machine writes it.
            line = place.line and written.setdefault(folded(place.line), place.line)
            placed.setdefault(replace(place, line=line), []).append((window, part_of(observed, look, window)))
    rows = [
        Row(
            place,
            (min(start for (start, _), _ in parts), max(end for (_, end), _ in parts)),
            [part for _, part in parts],
        )
        for place, parts in placed.items()
    ]
    return sorted(rows, key=lambda row: row.key)


def _places(by: By, observed: Observed, look: Look) -> Iterator[tuple[Place, Interval]]:
    """The rows to which a machine belongs, and its window in each."""
    if by is By.MACHINE:
        yield Place(line=observed.machine.line, machine_id=observed.machine.id), look.window
    elif by is By.LINE:
        yield Place(line=observed.machine.line), look.window
    elif by is By.DAY:
        for day, part in by_day((look.window[0], max(look.end, look.window[0])), look.timezone):
            yield Place(day=day), (part[0], min(bounds(day, look.timezone)[1], look.window[1]))
    elif observed.calendar:
        for shift in planned_shifts(observed.calendar, (look.window[0], look.end), look.timezone):
            start, end = shift.span
            yield Place(day=shift.day, shift=shift.name), (max(start, look.window[0]), min(end, look.window[1]))
