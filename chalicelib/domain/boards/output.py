"""Pieces of a board: good ones against expected ones, by the same function as the hours of a machine or a stage.

A place is a machine, with what was made at it, or a stage that nobody works on at a machine. The pieces of a board are
those of its places together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from chalicelib.domain.boards.seen import Part, Seen
from chalicelib.domain.boards.state import Output
from chalicelib.domain.intervals import Interval
from chalicelib.domain.numbers.day_facts import SessionFact
from chalicelib.domain.numbers.hourly import HourRow, Looked, WorkedStage, rows_of, stages_at, total_of
from chalicelib.domain.orders.work_orders import Stage

MOST_HOURS = 12
LONGEST = timedelta(days=31)
"""What a stage should have made is not told once it was begun so long ago."""

TOO_MANY = "too_many_stages"
NO_RUN = "no_run"


@dataclass(frozen=True)
class Made:
    """The pieces of the shift so far, and of its last hours. `ahead` are good less expected ones where these are known.

    `unmeasured` counts the places at which nothing is expected although somebody works there. `reason` says why nothing
    is expected anywhere.
    """

    total: Output
    hours: tuple[Output, ...]
    ahead: Decimal | None
    unmeasured: int
    reason: str | None


def made_of(part: Part) -> Made:
    """The pieces of a line or of the plant."""
    seen = part.seen
    nothing = Output(seen.shift.start)
    if seen.worked is None:
        return Made(nothing, (), None, 0, TOO_MANY)
    rows = [rows_of(looked, seen.window) for looked in _places(part, seen.worked)]
    totals = [total for _, total in rows]
    known = [total for total in totals if total.metrics["expected"].value is not None]
    reasons = [str(total.metrics["expected"].reason) for total in totals if total not in known]
    unmeasured = [reason for reason in reasons if reason != NO_RUN]
    hours = [_together(of_hour) for of_hour in zip(*(hours for hours, _ in rows), strict=True)]
    total = _together(totals) if totals else nothing
    ahead = sum((each.made.good - _expected(each) for each in known), Decimal(0)) if known else None
    reason = None if known else next(iter([*unmeasured, *reasons]), NO_RUN)
    return Made(total, tuple(hours[-MOST_HOURS:]), ahead, len(unmeasured), reason)


def worked_in(window: Interval, facts: Sequence[SessionFact], at_work: Sequence[Stage]) -> set[str]:
    """The ids of the stages of which the sessions are needed: those that count at a place in the shift so far."""
    machines = {fact.machine_id for fact in facts if fact.machine_id is not None}
    at_machines = {stage_id for machine_id in machines for stage_id in stages_at(facts, machine_id, window)}
    free = {fact.stage_id for fact in facts if fact.machine_id is None and fact.ended_at >= window[0]}
    return at_machines | {each for each in free if each is not None} | {stage.id for stage in at_work}


def expected_of(seen: Seen, stage: Stage) -> Decimal | None:
    """The pieces that were expected of a stage since it was begun; None if that is not known."""
    worked = (seen.worked or {}).get(stage.id)
    if worked is None or stage.started_at is None or not timedelta(0) < seen.now - stage.started_at <= LONGEST:
        return None
    window = stage.started_at, seen.now
    looked = Looked([worked], None, seen.busy(stage.machine_id, window), None, seen.settings.max_carry)
    value = total_of(looked, window).metrics["expected"].value
    return value if isinstance(value, Decimal) else None


def _places(part: Part, worked: Mapping[str, WorkedStage]) -> Iterator[Looked]:
    """What is looked at for each place: each machine of the line, and each stage that nobody works on at a machine."""
    seen, carry = part.seen, part.seen.settings.max_carry
    for machine in part.machines:
        ids = stages_at(seen.facts, machine.id, seen.window) | _open_at(seen.at_work, machine.id)
        stages = [worked[each] for each in sorted(ids) if each in worked]
        if stages:
            yield Looked(stages, machine.id, seen.busy(machine.id, seen.window), None, carry)
    free = [each for each in worked.values() if not _machines_of(each)]
    own = {stage.id for stage in part.stages([each.stage for each in free])}
    for each in free:
        if each.stage.id in own:
            yield Looked([each], None, seen.busy(each.stage.machine_id, seen.window), None, carry)


def _open_at(at_work: Sequence[Stage], machine_id: str) -> set[str]:
    return {stage.id for stage in at_work if any(each.machine_id == machine_id for each in stage.open_sessions)}


def _machines_of(worked: WorkedStage) -> set[str]:
    """The machines at which somebody ever worked on a stage."""
    named = [each.machine_id for each in worked.sessions] + [each.machine_id for each in worked.stage.open_sessions]
    return {machine_id for machine_id in named if machine_id is not None}


def _together(rows: Sequence[HourRow]) -> Output:
    """The same time of all places together."""
    known = [row for row in rows if row.metrics["expected"].value is not None]
    good = sum((row.made.good for row in rows), Decimal(0))
    return Output(rows[0].window[0], good, sum(map(_expected, known), Decimal(0)) if known else None)


def _expected(row: HourRow) -> Decimal:
    value = row.metrics["expected"].value
    return value if isinstance(value, Decimal) else Decimal(0)
