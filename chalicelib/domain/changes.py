"""Changes of a stage: put in its place in the order, where nothing may come out that did not go in."""

from chalicelib.domain.commands import Change
from chalicelib.domain.errors import Conflict
from chalicelib.domain.flows import overdrawn
from chalicelib.domain.records import Session
from chalicelib.domain.work_orders import Order, Stage


class UpstreamShort(Conflict):
    """In a streaming flow a stage would have used up more pieces than the stage before it gave."""

    code = "ERR_STAGE_UPSTREAM_SHORT"
    title = "The stage before has not given that many"


def shortage(order: Order) -> UpstreamShort | None:
    """What stands against an order being as it is told: that a stage has used up more than the stage before gave."""
    position = overdrawn(order.flow, order.progress)
    if position is None:
        return None
    taken = order.progress[position - 1].taken.normalize()
    return UpstreamShort(f"Stage {position} would have used {taken:f}; book what the stage before made first.")


def changed(order: Order, stage: Stage, ended: tuple[Session, ...] = ()) -> Change:
    """The change that puts a stage in its place and keeps the sessions that ended. Raises UpstreamShort."""
    after = order.with_stage(stage)
    obstacle = shortage(after)
    if obstacle is not None:
        raise obstacle
    return Change(after, result=stage, sessions=ended)
