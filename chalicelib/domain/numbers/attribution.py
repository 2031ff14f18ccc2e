"""Attribution: what machines counted, and how long they stood still, belongs to the stage that was worked on there.

A machine belongs to a stage while a session of the stage names it. Where sessions of several stages name it at once,
each of these stages gets an equal part of what was counted in that time. Pieces stay whole: if they cannot be parted
evenly, the first stages by id get one more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, takewhile

from chalicelib.domain.intervals import Interval, merged, total
from chalicelib.domain.machines.joined import Production, joined
from chalicelib.domain.machines.readings import hour_of
from chalicelib.domain.machines.rollups import Rollup, complete
from chalicelib.domain.machines.stops import StopPart
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.work_orders import Stage
from chalicelib.domain.tenant_settings import CountedPieces, TenantSettings

AROUND = timedelta(hours=8)
"""How far before its first start and after its last end pieces may still be of the stage: about a shift."""
LONGEST = timedelta(days=31)
MOST_CUTS = 100
"""The most instants at which somebody began or ended work. Each may cut an hour, whose readings are then read."""

Times = Mapping[str, Sequence[Interval]]
"""When a machine was worked on, by stage; the times of a stage do not touch each other."""


@dataclass(frozen=True)
class CountedThere:
    """What a machine did for a stage. Pieces are None where no count came.

    `counted` is the stage's part, `shared` the part of other stages at the same time. `before` is what was counted
    before its first start, `between` in its pauses, `after` after its last end, each while nobody worked there; before
    and after for 8 hours at most. `production` is that of the machine while the stage was worked on. `stopped` is the
    time of its stops meanwhile, `by_reason` that of the explained ones.
    """

    machine_id: str
    counted: Decimal | None
    shared: Decimal
    before: Decimal
    between: Decimal
    after: Decimal
    production: Production
    stopped: timedelta = timedelta(0)
    by_reason: Mapping[str, timedelta] = field(default_factory=dict)


@dataclass(frozen=True)
class CountedOfStage:
    """What machines counted for a stage, beside what people reported.

    `counted` is None with a reason: `no_machine` (no session names one), `no_data` (no count came), or `too_long`.
    `proposed` is what is left to report as good; None unless the tenant wants proposals.
    """

    stage: Stage
    counted: Decimal | None
    reason: str | None
    proposed: Decimal | None
    machines: Sequence[CountedThere]
    as_of: datetime
    complete: bool

    @property
    def difference(self) -> Decimal | None:
        """What was counted and not reported as good, scrap or rework; negative if more was reported."""
        return None if self.counted is None else self.counted - self.stage.taken


def times_on_machines(stage: Stage, sessions: Iterable[Session], now: datetime) -> dict[str, list[Interval]]:
    """When each machine was worked on for a stage: in closed sessions that count, and in open ones until now."""
    spans: dict[str, list[Interval]] = {}
    for session in sessions:
        if session.stage_id == stage.id and session.machine_id:
            spans.setdefault(session.machine_id, []).append((session.started_at, session.ended_at))
    for going_on in stage.open_sessions:
        if going_on.machine_id:
            spans.setdefault(going_on.machine_id, []).append((going_on.started_at, now))
    worked = {machine_id: merged(each) for machine_id, each in spans.items()}
    return {machine_id: each for machine_id, each in sorted(worked.items()) if each}


def around(own: Sequence[Interval], now: datetime) -> Interval:
    """The window in which a machine is looked at for a stage."""
    return own[0][0] - AROUND, min(own[-1][1] + AROUND, now)


def cuts_of(window: Interval, times: Times) -> list[datetime]:
    """The instants at which the window or work on the machine begins or ends, in order."""
    inside = {at for spans in times.values() for span in spans for at in span if window[0] < at < window[1]}
    return sorted({*window, *inside})


def counted_there(
    machine_id: str, stage_id: str, times: Times, pieces: Sequence[Rollup], now: datetime, max_carry: timedelta
) -> CountedThere:
    """What a machine did for a stage, from its pieces, which are cut at `cuts_of`."""
    own = times[stage_id]
    first, last = own[0][0], own[-1][1]
    cells = [
        (cell, _at_work(cell, times), joined(pieces, *cell, max_carry))
        for cell in pairwise(cuts_of(around(own, now), times))
    ]
    mine = [(at_work, did) for _, at_work, did in cells if stage_id in at_work]
    counts: dict[frozenset[str], Fraction] = {}
    for at_work, did in mine:
        if did.produced is not None:
            counts[at_work] = counts.get(at_work, Fraction(0)) + Fraction(did.produced)
    counted = sum((_part(count, sorted(those), stage_id) for those, count in counts.items()), Fraction(0))

    def unattended(those: Iterable[tuple[Interval, frozenset[str], Production]]) -> Decimal:
        nobody = takewhile(lambda cell: not cell[1], those)
        return _pieces(sum((Fraction(did.produced or 0) for _, _, did in nobody), Fraction(0)))

    inside = [(cell, at, did) for cell, at, did in cells if first <= cell[0] < last and not at]
    return CountedThere(
        machine_id=machine_id,
        counted=_pieces(counted) if counts else None,
        shared=_pieces(sum(counts.values(), Fraction(0)) - counted),
        before=unattended(reversed([each for each in cells if each[0][1] <= first])),
        between=unattended(inside),
        after=unattended([each for each in cells if each[0][0] >= last]),
        production=_together([did for _, did in mine]),
    )


def _part(count: Fraction, sharing: Sequence[str], stage_id: str) -> Fraction:
    """A stage's part of what was counted while these stages shared a machine. The parts add up to the whole.

    Every one of them sees the same times in which exactly these were worked on. What is no whole number, such as
    kilograms, is parted in thousandths.
    """
    step = Fraction(1) if count.denominator == 1 else Fraction(1, 1000)
    each, rest = divmod(round(count / step), len(sharing))
    return (each + (sharing.index(stage_id) < rest)) * step


def _at_work(cell: Interval, times: Times) -> frozenset[str]:
    """The stages that were worked on in a time in which none began or ended."""
    return frozenset(
        stage_id for stage_id, spans in times.items() if any(start <= cell[0] < end for start, end in spans)
    )


def _together(parts: Sequence[Production]) -> Production:
    """What a machine did in several times together."""
    counts = [part.produced for part in parts if part.produced is not None]
    states = sorted({state for part in parts for state in part.by_state})
    return Production(
        produced=float(sum(map(Fraction, counts))) if counts else None,
        resets=sum(part.resets for part in parts),
        gaps=sum(part.gaps for part in parts),
        by_state={
            each: sum((part.by_state.get(each, timedelta(0)) for part in parts), timedelta(0)) for each in states
        },
        unknown=sum((part.unknown for part in parts), timedelta(0)),
    )


def _pieces(count: Fraction) -> Decimal:
    """A number of pieces with at most three decimal places, rounded once."""
    return Decimal(round(count * 1000)) / 1000


def with_stops(there: CountedThere, stops: Sequence[StopPart], own: Sequence[Interval], end: datetime) -> CountedThere:
    """The same with the stops of the machine, each as long as it lies in the time of the stage."""
    by_reason: dict[str, timedelta] = {}
    stopped = timedelta(0)
    for part in stops:
        ended_at = part.ended_at or end
        overlaps = [(max(start, part.started_at), min(until, ended_at)) for start, until in own]
        within = total((start, until) for start, until in overlaps if start < until)
        stopped += within
        reason = part.explanation.reason if part.explanation else None
        if within and reason:
            by_reason[reason] = by_reason.get(reason, timedelta(0)) + within
    return replace(there, stopped=stopped, by_reason=dict(sorted(by_reason.items())))


def of_stage(
    stage: Stage, machines: Sequence[CountedThere], settings: TenantSettings, now: datetime, reason: str | None = None
) -> CountedOfStage:
    """What machines counted for a stage, together. `reason` says why nothing was looked at; None if it was."""
    counts = [there.counted for there in machines if there.counted is not None]
    counted = sum(counts, Decimal(0)) if counts else None
    why = None if counts else reason or ("no_data" if machines else "no_machine")
    left = None if counted is None or stage.ended else max(counted - stage.taken, Decimal(0))
    proposed = left if settings.counted_pieces is CountedPieces.PROPOSED else None
    last = stage.last_session_end or now
    settled = not stage.open_sessions and complete(hour_of(last + AROUND), now, settings.late_window)
    return CountedOfStage(stage, counted, why, proposed, machines, now, settled)
