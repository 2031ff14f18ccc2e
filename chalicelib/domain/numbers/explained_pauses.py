"""Explained pauses: when nobody worked at a stage that had begun, when it was blocked, and when its order was held."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from chalicelib.domain.intervals import Interval, gaps, shared
from chalicelib.domain.numbers.delay_split import blocks_of, holds_of
from chalicelib.domain.numbers.inputs import Input, Kind, Use, cut, seconds
from chalicelib.domain.numbers.stage_metrics import worked_of
from chalicelib.domain.orders.session_records import Session, standing
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage


def pauses_of(order: Order, recorded: Iterable[Session], stage: Stage, now: datetime) -> Iterator[Input]:
    """The times in which nobody worked at a stage that had begun, split as its delay is. They count once it is done."""
    if stage.started_at is None:
        return
    sessions = [each for each in standing(recorded) if each.stage_id == stage.id]
    end = stage.ended_at or max(now, stage.started_at)
    blocks, holds = blocks_of(stage, end), holds_of(order, end)
    use = Use.USED if stage.status is StageStatus.DONE else Use.LEFT_OUT
    why = None if use is Use.USED else stage.status.value if stage.ended else "not_done"
    for gap in gaps((stage.started_at, end), worked_of(stage, sessions, now)):
        before = max((each for each in sessions if each.ended_at == gap[0]), key=lambda each: each.id, default=None)
        reason = before.pause_reason if before else None
        yield Input(
            Kind.PAUSE,
            stage.id,
            use,
            why,
            stage.id,
            *gap,
            gap[1] - gap[0],
            amounts=_split(gap, blocks, holds),
            facts={"pause_reason": reason} if reason else {},
        )


def _split(gap: Interval, blocks: list[Interval] | None, holds: list[Interval] | None) -> dict[str, Decimal]:
    """How long a stage was blocked, and else held, in a pause; empty if that is not recorded."""
    if blocks is None or holds is None:
        return {}
    blocked = shared([gap], blocks)
    return {
        "blocked_seconds": seconds(blocked),
        "held_seconds": seconds(shared([gap], [*blocks, *holds]) - blocked),
    }


def blocks_told(stage: Stage, now: datetime) -> Iterator[Input]:
    """When a stage was blocked. It counts from the start of the stage to its end."""
    window = _lived(stage, now)
    yield from _interruptions(Kind.BLOCK, stage.id, stage.id, blocks_of(stage, window[1]), window)


def holds_told(order: Order, now: datetime) -> Iterator[Input]:
    """When an order was held. It counts from the start of the order to its end."""
    window = _lived(order, now)
    yield from _interruptions(Kind.HOLD, order.id, None, holds_of(order, window[1]), window)


def _lived(thing: Stage | Order, now: datetime) -> Interval:
    """From the start of a stage or an order to its end. Of one that has not begun it has no length."""
    start = thing.started_at or thing.ended_at or now
    return start, thing.ended_at or max(now, start)


def _interruptions(
    kind: Kind, identity: str, stage_id: str | None, times: list[Interval] | None, window: Interval
) -> Iterator[Input]:
    if times is None:
        yield Input(kind, identity, Use.LEFT_OUT, "not_recorded", stage_id)
    for start, end in times or ():
        use, why, length = cut((start, end), window, "outside_of_its_time")
        yield Input(kind, identity, use, why, stage_id, start, end, length)
