"""The delay of a stage split by its causes. The parts add up to the delay exactly; each may be negative."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.intervals import Interval, gaps, shared, total, union
from chalicelib.domain.numbers.metrics import Metric, duration
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage

NOT_RECORDED = "not_recorded"


@dataclass(frozen=True)
class DelaySplit:
    """Why a done stage ended when it did: begun late, blocked, held, paused, and worked on for longer than planned.

    `blocked`, `held` and `paused` are the time between its sessions and from the last one to its end. They are None if
    it is not recorded when the stage was blocked or the order held.
    """

    start: timedelta
    blocked: timedelta | None
    held: timedelta | None
    paused: timedelta | None
    run: timedelta


def split_of(order: Order, stage: Stage, worked: Sequence[Interval]) -> DelaySplit | str:
    """Split the delay of a stage by its sessions; or the reason why it cannot be split.

    A time in which the stage was blocked and the order held counts as blocked.
    """
    if stage.status is not StageStatus.DONE:
        return stage.status.value if stage.ended else "not_done"
    if stage.started_at is None or stage.ended_at is None:
        return "no_run"
    idle = gaps((stage.started_at, stage.ended_at), worked)
    blocks = blocks_of(stage, stage.ended_at)
    holds = holds_of(order, stage.ended_at)
    blocked = None if blocks is None else shared(idle, blocks)
    stopped = None if blocks is None or holds is None else shared(idle, [*blocks, *holds])
    return DelaySplit(
        start=stage.started_at - stage.planned_start,
        blocked=blocked,
        held=None if stopped is None or blocked is None else stopped - blocked,
        paused=None if stopped is None else total(idle) - stopped,
        run=union(worked) - (stage.planned_end - stage.planned_start),
    )


def of_stage(order: Order, stage: Stage, worked: Sequence[Interval]) -> dict[str, Metric]:
    """The parts of a stage's delay as metrics."""
    return _metrics(split_of(order, stage, worked))


def of_order(order: Order, worked: dict[str, list[Interval]]) -> dict[str, Metric]:
    """The parts of an order's delay: those of the stage that ended last, and the reserve that was planned after it.

    The reserve is negative if time was planned after that stage, and positive if the order was planned to end earlier
    since. With it the parts add up to the delay of the order. `worked` are the sessions of
    each stage, by its id.
    """
    last = last_to_end(order)
    if order.is_cancelled or last is None:
        unless = "cancelled" if order.is_cancelled else "not_done"
        return _metrics(unless) | _part("delay_reserve", unless)
    split = split_of(order, last, worked[last.id])
    reserve = split if isinstance(split, str) else last.planned_end - order.planned_end
    return _metrics(split) | _part("delay_reserve", reserve)


def last_to_end(order: Order) -> Stage | None:
    """The stage with which an order ended; of several at once a done one, then the last. None if it has not ended."""
    if order.ended_at is None:
        return None
    ended = [stage for stage in order.stages if stage.ended_at == order.ended_at]
    return max(ended, key=lambda stage: (stage.status is StageStatus.DONE, stage.position), default=None)


def _metrics(split: DelaySplit | str) -> dict[str, Metric]:
    if isinstance(split, str):
        names = ("delay_start", "delay_blocked", "delay_held", "delay_paused", "delay_run")
        return {name: metric for each in names for name, metric in _part(each, split).items()}
    return {
        **_part("delay_start", split.start),
        **_part("delay_blocked", split.blocked),
        **_part("delay_held", split.held),
        **_part("delay_paused", split.paused),
        **_part("delay_run", split.run),
    }


def _part(name: str, part: timedelta | str | None) -> dict[str, Metric]:
    """A part of a delay, or the reason why there is none."""
    if isinstance(part, str):
        return {name: duration(name, None, part)}
    return {name: duration(name, part, NOT_RECORDED)}


def blocks_of(stage: Stage, end: datetime) -> list[Interval] | None:
    """When a stage was blocked until its end."""
    since = [(stage.blocked_since, end)] if stage.blocked_since else []
    return None if stage.blocks is None else [*stage.blocks, *since]


def holds_of(order: Order, end: datetime) -> list[Interval] | None:
    """When an order was held until the end of a stage."""
    since = [(order.held.since, end)] if order.held else []
    return None if order.holds is None else [*order.holds, *since]
