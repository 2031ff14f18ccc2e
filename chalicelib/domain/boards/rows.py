"""The rows of a board: stages that were begun and have not ended, the worst first, each by the metrics of its stage."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from chalicelib.domain.boards.output import expected_of
from chalicelib.domain.boards.seen import Part, Seen
from chalicelib.domain.boards.state import Row, WorkState
from chalicelib.domain.numbers import forecast
from chalicelib.domain.numbers.adherence import stage_adherence
from chalicelib.domain.numbers.metrics import Metric
from chalicelib.domain.orders.work_orders import Order, Stage, order_id_of
from chalicelib.domain.text import within_bytes

MOST_ROWS, MOST_NAMED = 12, 2
CODE_BYTES, NAME_BYTES = 24, 40
STANDING = frozenset({WorkState.BLOCKED, WorkState.HELD})


def rows_of(part: Part) -> tuple[tuple[Row, ...], int]:
    """The worst rows of a line or of the plant, and how many more there are.

    What stands still comes first, then what is or will be latest.
    """
    seen = part.seen
    begun = [(order, stage) for stage in part.stages(seen.began) if (order := seen.orders.get(order_id_of(stage.id)))]
    rows = sorted((_row(seen, order, stage) for order, stage in begun), key=_place)
    stages = {stage.id: stage for _, stage in begun}
    shown = [replace(row, expected=expected_of(seen, stages[row.stage_id])) for row in rows[:MOST_ROWS]]
    return tuple(shown), len(rows) - len(shown)


def _row(seen: Seen, order: Order, stage: Stage) -> Row:
    adherence = stage_adherence(stage, seen.now, seen.settings)
    metrics = adherence | forecast.of_stage(order, stage, seen.now)
    state, since = _state(order, stage)
    people = [seen.names.get(session.worker_id, session.worker_id) for session in stage.open_sessions]
    machine = next((each.machine_id for each in stage.open_sessions if each.machine_id), stage.machine_id)
    end = metrics["projected_end"].value
    return Row(
        stage_id=stage.id,
        number=within_bytes(order.number, CODE_BYTES),
        product=within_bytes(order.product_code, CODE_BYTES),
        stage=within_bytes(stage.name, NAME_BYTES),
        state=state,
        since=since,
        good=stage.good,
        quantity=order.quantity,
        late_minutes=_lateness(metrics),
        is_late=metrics["is_late"].value is True,
        projected_end=end if isinstance(end, datetime) else None,
        machine=None if machine is None else within_bytes(machine, CODE_BYTES),
        people=tuple(within_bytes(name, CODE_BYTES) for name in people[:MOST_NAMED]),
        more_people=len(people) - MOST_NAMED if len(people) > MOST_NAMED else None,
    )


def _state(order: Order, stage: Stage) -> tuple[WorkState, datetime]:
    """What becomes of a stage, and since when. At work comes before everything else."""
    if stage.open_sessions:
        return WorkState.RUNNING, min(session.started_at for session in stage.open_sessions)
    if stage.blocked_since:
        return WorkState.BLOCKED, stage.blocked_since
    if order.held:
        return WorkState.HELD, order.held.since
    return WorkState.PAUSED, stage.idle_since or stage.started_at or stage.planned_start


def _place(row: Row) -> tuple[bool, Decimal, str]:
    """Where a row stands: what stands still first, then the latest."""
    return row.state not in STANDING, -row.late_minutes, row.stage_id


def _lateness(metrics: Mapping[str, Metric]) -> Decimal:
    """The minutes by which a stage will be late by its forecast or, if there is none, is late; negative: early."""
    known = (metrics[name].value for name in ("expected_delay", "delay"))
    return next(value for value in known if isinstance(value, Decimal))
