"""Explained metrics: every input that was used or left out, with its length, its overlap, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from chalicelib.domain.orders.session_records import Session, standing
from chalicelib.domain.orders.work_orders import Stage

MOST_INPUTS = 500


@dataclass(frozen=True)
class Input:
    """A session or a stage that metrics are made of, or that was left out for the reason `why`.

    `overlap` is the part of a session in which another session that began before it was open too. An open session ends
    now (`open`). `good` are its good pieces, those of its reports included.
    """

    kind: str
    id: str
    stage_id: str
    used: bool
    why: str | None
    started_at: datetime | None
    ended_at: datetime | None
    length: timedelta
    overlap: timedelta
    good: Decimal


@dataclass(frozen=True)
class Explanation:
    """The inputs, at most 500: stages first, then sessions by start. With `more` there are more."""

    inputs: tuple[Input, ...]
    more: bool


def explained(stages: Sequence[Stage], recorded: Sequence[Session], now: datetime) -> Explanation:
    """Explain the metrics of these stages by all sessions that were ever recorded.

    The lengths of the used sessions add up to the labour. Less their overlaps they add up to the run time of all.
    """
    ids = {stage.id for stage in stages}
    sessions = [each for each in recorded if each.stage_id in ids]
    found = [*map(_of_stage, stages), *_of_sessions(stages, sessions, now)]
    return Explanation(tuple(found[:MOST_INPUTS]), len(found) > MOST_INPUTS)


def _of_stage(stage: Stage) -> Input:
    """A stage. One that was skipped or cancelled is left out of everything that compares it with its plan."""
    given_up = stage.status.value in ("skipped", "cancelled")
    length = stage.planned_end - stage.planned_start
    why = stage.status.value if given_up else None
    times = (stage.started_at, stage.ended_at, length, timedelta(0))
    return Input("stage", stage.id, stage.id, not given_up, why, *times, stage.good)


def _of_sessions(stages: Sequence[Stage], recorded: Sequence[Session], now: datetime) -> Iterator[Input]:
    counted = {each.id for each in standing(recorded)}
    rows = [
        (each.started_at, each.ended_at, each.id, each.stage_id, each.made.good, _why(each, counted))
        for each in recorded
    ]
    rows += [
        (each.started_at, max(now, each.started_at), each.id, stage.id, Decimal(0), "open")
        for stage in stages
        for each in stage.open_sessions
    ]
    reached: datetime | None = None
    for start, end, identity, stage_id, good, why in sorted(rows, key=lambda row: (row[0], row[2])):
        used = why in (None, "open")
        overlap = max(min(end, reached) - start, timedelta(0)) if used and reached else timedelta(0)
        reached = max(reached or end, end) if used else reached
        yield Input("session", identity, stage_id, used, why, start, end, end - start, overlap, good)


def _why(session: Session, counted: set[str]) -> str | None:
    """Why a recorded session does not count; None if it does."""
    if session.id in counted:
        return None
    return "voided" if session.voided else "corrected"
