"""Hours: the good pieces of each hour, reported and counted, against those that were expected.

Expected is planned busy time ÷ standard of the stage that was worked on. A stage counts as worked on in its pauses too,
unless another stage was worked on meanwhile or it has ended: else a stop would hide what it cost.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from chalicelib.domain.instants import milliseconds
from chalicelib.domain.intervals import Interval, merged
from chalicelib.domain.machines.joined import joined
from chalicelib.domain.machines.readings import hour_of
from chalicelib.domain.machines.rollups import Rollup
from chalicelib.domain.numbers.metrics import Metric, ratio, rounded, shown
from chalicelib.domain.orders.session_records import Quantities, Session, SessionReport
from chalicelib.domain.orders.work_orders import Stage

HOUR = timedelta(hours=1)
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


def hours_of(window: Interval) -> Iterator[Interval]:
    """The hours of a window by the clock of UTC, as those of rollups. The first and the last may be cut."""
    start, end = window
    while start < end:
        until = min(hour_of(start) + HOUR, end)
        yield start, until
        start = until


def rows_of(looked: Looked, window: Interval) -> tuple[list[HourRow], HourRow]:
    """The hours of a window that is over, and the whole window as one."""
    times = worked_on(looked.stages, looked.machine_id, window[1])
    made = [each for stage in looked.stages for each in stage.booked(looked.machine_id)]
    return [_row(looked, times, made, hour) for hour in hours_of(window)], _row(looked, times, made, window)


def worked_on(stages: Sequence[WorkedStage], machine_id: str | None, until: datetime) -> Times:
    """When the stages were worked on up to an instant, their pauses included in which no other one was."""
    own = {each.stage.id: each.times(machine_id, until) for each in stages}
    ended = {each.stage.id for each in stages if each.stage.ended}
    times = {}
    for stage_id, spans in own.items():
        others = [span for other, of_other in own.items() if other != stage_id for span in of_other]
        times[stage_id] = merged([*spans, *_pauses(spans, others, None if stage_id in ended else until)])
    return times


def _pauses(own: Sequence[Interval], others: Collection[Interval], until: datetime | None) -> Iterator[Interval]:
    """The times between those of a stage, and after the last one, in which no other stage was worked on."""
    gaps = [(earlier[1], later[0]) for earlier, later in pairwise(own)]
    if own and until is not None:
        gaps.append((own[-1][1], until))
    return (gap for gap in gaps if not any(start < gap[1] and gap[0] < end for start, end in others))


def _row(looked: Looked, times: Times, made: Sequence[tuple[datetime, Quantities]], window: Interval) -> HourRow:
    inside = {stage_id: within for stage_id, spans in times.items() if (within := _clipped(spans, window))}
    busy = None if looked.busy is None else _clipped(looked.busy, window)
    standards = {each.stage.id: each.stage.standard_seconds_per_unit for each in looked.stages}
    booked = sum((each for at, each in made if window[0] <= at < window[1]), Quantities())
    expected, pieces = _expected(inside, busy, standards)
    counted = None if looked.pieces is None else joined(looked.pieces, *window, looked.max_carry).produced
    attainment = ratio("attainment", booked.good, pieces, empty="no_plan", unless=expected.reason)
    return HourRow(
        window=window,
        busy=None if busy is None else sum((end - start for start, end in busy), timedelta(0)),
        stage_ids=tuple(sorted(inside, key=lambda stage_id: (inside[stage_id][0][0], stage_id))),
        made=booked,
        counted=counted,
        metrics={"expected": expected, "attainment": attainment},
    )


def _expected(
    times: Times, busy: Sequence[Interval] | None, standards: Mapping[str, Decimal | None]
) -> tuple[Metric, Fraction]:
    """The expected pieces, as a metric and exact: planned busy seconds ÷ standard of the stage worked on.

    Stages that are worked on at once share the time. Of several stages the denominator is the mean standard.
    """
    seconds, pieces = Fraction(0), Fraction(0)
    for spent, at_work in _cells(times, busy or ()):
        for stage_id in at_work:
            seconds += spent / len(at_work)
            pieces += spent / len(at_work) / Fraction(standards[stage_id] or 1)
    unmeasured = any(standards[stage_id] is None for _, at_work in _cells(times, busy or ()) for stage_id in at_work)
    reason = "no_calendar" if busy is None else "no_run" if busy and not seconds else None
    reason = reason or ("no_standard" if unmeasured else None)
    formula, unit = "expected.v1", "pieces"
    if reason:
        return Metric(None, unit, formula, reason=reason), Fraction(0)
    mean = shown(seconds / pieces) if pieces else None
    return Metric(rounded(pieces), unit, formula, shown(seconds), mean), pieces


def _cells(times: Times, busy: Sequence[Interval]) -> Iterator[tuple[Fraction, list[str]]]:
    """The planned busy time cut where work on a stage begins or ends: seconds, and the stages worked on."""
    edges = {at for spans in times.values() for span in spans for at in span}
    for start, end in busy:
        for cell in pairwise(sorted({start, end, *(at for at in edges if start < at < end)})):
            at_work = [each for each, spans in times.items() if any(begin <= cell[0] < until for begin, until in spans)]
            yield Fraction(milliseconds(cell[1] - cell[0]), 1000), at_work


def _clipped(spans: Sequence[Interval], window: Interval) -> list[Interval]:
    """The parts of times that lie in a window."""
    parts = ((max(start, window[0]), min(end, window[1])) for start, end in spans)
    return [(start, end) for start, end in parts if start < end]


def _there(machine_id: str | None, wanted: str | None) -> bool:
    return wanted is None or machine_id == wanted
