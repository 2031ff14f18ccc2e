"""Hours: the good pieces of each hour, reported and counted, against those that were expected.

Expected is planned busy time ÷ standard of the stage that was worked on. A stage counts as worked on in its pauses too,
until another stage is worked on, unless it has ended: else a stop would hide what it cost.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from chalicelib.domain.instants import milliseconds
from chalicelib.domain.intervals import Interval, gaps, merged
from chalicelib.domain.machines.joined import joined
from chalicelib.domain.machines.readings import hour_of
from chalicelib.domain.machines.rollups import Rollup
from chalicelib.domain.numbers.day_facts import SessionFact
from chalicelib.domain.numbers.metrics import Metric, ratio, rounded, shown
from chalicelib.domain.orders.session_records import Quantities, Session, SessionReport
from chalicelib.domain.orders.work_orders import Stage

HOUR = timedelta(hours=1)
LONGEST_PAUSE = timedelta(hours=24)
"""For so long a stage counts as worked on after a session. So far back a machine's sessions are looked for."""

MOST_STAGES = 20
"""The most stages that may have been worked on at a machine in the window. Each costs a query."""

Times = Mapping[str, Sequence[Interval]]
"""When stages were worked on, by id; the times of a stage do not touch each other."""


@dataclass(frozen=True)
class WorkedStage:
    """A stage with its sessions that count, each with what was booked at its closing, and all its reports."""

    stage: Stage
    sessions: Sequence[Session]
    reports: Sequence[SessionReport]

    def times(self, machine_id: str | None, until: datetime) -> list[Interval]:
        """When it was worked on, at a machine or anywhere; in open sessions up to an instant."""
        closed = [(each.started_at, each.ended_at) for each in self.sessions if _there(each.machine_id, machine_id)]
        still = [(each.started_at, until) for each in self.stage.open_sessions if _there(each.machine_id, machine_id)]
        return merged([*closed, *still])

    def booked(self, machine_id: str | None) -> Iterator[tuple[datetime, Quantities]]:
        """What was made at a machine or anywhere, and when: a report at its time, all else when its session ended."""
        sessions = [each for each in self.sessions if _there(each.machine_id, machine_id)]
        still = [each for each in self.stage.open_sessions if _there(each.machine_id, machine_id)]
        counting = {each.id for each in sessions} | {each.id for each in still}
        yield from ((each.at, each.made) for each in self.reports if each.session_id in counting)
        yield from ((each.ended_at, each.made) for each in sessions)


@dataclass(frozen=True)
class Looked:
    """What an hour is made of.

    `busy` is the planned busy time; None if there is no calendar. `pieces` are those of the machine's counter, cut at
    the ends of the window; None if no machine is asked for.
    """

    stages: Sequence[WorkedStage]
    machine_id: str | None
    busy: Sequence[Interval] | None
    pieces: Sequence[Rollup] | None
    max_carry: timedelta


@dataclass(frozen=True)
class HourRow:
    """An hour: its planned busy time, the stages that were worked on in it, what was made, and its metrics.

    `counted` is what the machine counted; None if no count came or no machine is asked for.
    """

    window: Interval
    busy: timedelta | None
    stage_ids: tuple[str, ...]
    made: Quantities
    counted: float | None
    metrics: dict[str, Metric]


@dataclass(frozen=True)
class Hourly:
    """The hours of a machine or of a stage, and the whole window as one. `calendar_id` is the calendar that counts."""

    machine_id: str | None
    stages: Sequence[Stage]
    calendar_id: str | None
    window: Interval
    timezone: str
    hours: Sequence[HourRow]
    total: HourRow
    as_of: datetime
    complete: bool


@dataclass(frozen=True)
class _Cell:
    """A time in which nothing begins or ends: whether it is planned busy time, and the stages worked on."""

    start: datetime
    end: datetime
    busy: bool
    at_work: tuple[str, ...]


def hours_of(window: Interval) -> Iterator[Interval]:
    """The hours of a window by the clock of UTC, as those of rollups. The first and the last may be cut."""
    start, end = window
    while start < end:
        until = min(hour_of(start) + HOUR, end)
        yield start, until
        start = until


def rows_of(looked: Looked, window: Interval) -> tuple[list[HourRow], HourRow]:
    """The hours of a window that is over, and the whole window as one."""
    hours = list(hours_of(window))
    *each, total = _rows(looked, window, [*hours, window])
    return each, total


def total_of(looked: Looked, window: Interval) -> HourRow:
    """A window that is over, as one. It may have many more hours than are shown one by one."""
    (total,) = _rows(looked, window, [window])
    return total


def worked_on(stages: Sequence[WorkedStage], machine_id: str | None, until: datetime) -> Times:
    """When the stages were worked on up to an instant, their pauses included.

    A pause is time in which no stage is worked on. It belongs to the stage that was worked on last, unless that one
    has ended, for 24 hours at most. So what counts at an instant does not depend on the window that is asked for.
    """
    own = {each.stage.id: each.times(machine_id, until) for each in stages}
    ended = {each.stage.id for each in stages if each.stage.ended}
    found, last = {stage_id: list(spans) for stage_id, spans in own.items()}, defaultdict(list)
    for stage_id, spans in own.items():
        for _, end in spans:
            if stage_id not in ended or end < spans[-1][1]:
                last[end].append(stage_id)
    every = [span for spans in own.values() for span in spans]
    for start, end in gaps((min(every)[0], until), every) if every else ():
        for stage_id in last[start]:
            found[stage_id].append((start, min(end, start + LONGEST_PAUSE)))
    return {stage_id: merged(spans) for stage_id, spans in found.items()}


def stages_at(facts: Iterable[SessionFact], machine_id: str, window: Interval) -> set[str]:
    """The ids of the stages that may count at a machine in a window: those with a session in it, or the last before it.

    The facts are those from 24 hours before the window on. So the pause with which the window begins is found.
    """
    found, before, latest = set[str](), set[str](), window[0] - LONGEST_PAUSE
    for fact in facts:
        if fact.machine_id != machine_id or not fact.stage_id or fact.started_at >= window[1]:
            continue
        if fact.ended_at >= window[0]:
            found.add(fact.stage_id)
        elif fact.started_at < fact.ended_at and fact.ended_at >= latest:
            before = {fact.stage_id} | (before if fact.ended_at == latest else set[str]())
            latest = fact.ended_at
    return found | before


def _rows(looked: Looked, window: Interval, parts: Sequence[Interval]) -> list[HourRow]:
    """A row for each part of a window."""
    cells = _cells(looked, window, parts)
    made = [each for stage in looked.stages for each in stage.booked(looked.machine_id)]
    return [_row(looked, [cell for cell in cells if part[0] <= cell.start < part[1]], made, part) for part in parts]


def _row(
    looked: Looked, cells: Sequence[_Cell], made: Sequence[tuple[datetime, Quantities]], window: Interval
) -> HourRow:
    booked = sum((each for at, each in made if window[0] <= at < window[1]), Quantities())
    expected, pieces = _expected(looked, [cell for cell in cells if cell.busy])
    counted = None if looked.pieces is None else joined(looked.pieces, *window, looked.max_carry).produced
    attainment = ratio("attainment", booked.good, pieces, empty="no_plan", unless=expected.reason)
    busy = sum((cell.end - cell.start for cell in cells if cell.busy), timedelta(0))
    return HourRow(
        window=window,
        busy=None if looked.busy is None else busy,
        stage_ids=tuple(dict.fromkeys(stage_id for cell in cells for stage_id in cell.at_work)),
        made=booked,
        counted=counted,
        metrics={"expected": expected, "attainment": attainment},
    )


def _expected(looked: Looked, busy: Sequence[_Cell]) -> tuple[Metric, Fraction]:
    """The expected pieces, as a metric and exact: planned busy seconds ÷ standard of the stage worked on.

    Stages that are worked on at once share the time. Of several stages the denominator is the mean standard.
    """
    standards = {each.stage.id: each.stage.standard_seconds_per_unit for each in looked.stages}
    worked = [cell for cell in busy if cell.at_work]
    seconds, pieces, unmeasured = Fraction(0), Fraction(0), False
    for cell in worked:
        spent = Fraction(milliseconds(cell.end - cell.start), 1000)
        seconds += spent
        for standard in map(standards.get, cell.at_work):
            unmeasured = unmeasured or standard is None
            pieces += spent / len(cell.at_work) / Fraction(standard or 1)
    reason = "no_calendar" if looked.busy is None else "no_run" if busy and not worked else None
    reason = reason or ("no_standard" if unmeasured else None)
    formula, unit = "expected.v1", "pieces"
    if reason:
        return Metric(None, unit, formula, reason=reason), Fraction(0)
    mean = shown(seconds / pieces) if pieces else None
    return Metric(rounded(pieces), unit, formula, shown(seconds), mean), pieces


def _cells(looked: Looked, window: Interval, hours: Sequence[Interval]) -> list[_Cell]:
    """The window cut where an hour, planned busy time, or work on a stage begins or ends, in order."""
    times = worked_on(looked.stages, looked.machine_id, window[1])
    begins, over = defaultdict(list), defaultdict(list)
    for name, spans in [("", looked.busy or ()), *times.items()]:
        for start, end in _clipped(spans, window):
            begins[start].append(name)
            over[end].append(name)
    cells, on = [], dict[str, None]()
    for start, end in pairwise(sorted({*begins, *over, *(at for hour in hours for at in hour)})):
        for name in over[start]:
            del on[name]
        on |= dict.fromkeys(begins[start])
        cells.append(_Cell(start, end, busy="" in on, at_work=tuple(name for name in on if name)))
    return cells


def _clipped(spans: Sequence[Interval], window: Interval) -> list[Interval]:
    """The parts of times that lie in a window."""
    parts = ((max(start, window[0]), min(end, window[1])) for start, end in spans)
    return [(start, end) for start, end in parts if start < end]


def _there(machine_id: str | None, wanted: str | None) -> bool:
    return wanted is None or machine_id == wanted
