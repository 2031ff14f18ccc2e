"""Lists of stages (own, active, ended), and the sessions of a stage."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.errors import BadParameter
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import Actor
from chalicelib.services.pages import ListPage
from chalicelib.storage.codec import CONVERTER
from chalicelib.storage.orders import stages, work_orders

# A worker's page reads each stage and its order in one request of at most 100 items.
LONGEST_OWN_PAGE = 40


@dataclass(frozen=True)
class StageFilters:
    """The filters of a list of stages. Without filters, stages that have not ended."""

    mine: bool = False
    status: tuple[StageStatus, ...] = ()
    due_before: datetime | None = None

    def keeps(self, stage: Stage) -> bool:
        """Whether a stage passes the filters."""
        in_time = self.due_before is None or stage.planned_end < self.due_before
        wanted = stage.status in self.status if self.status else not stage.ended
        return in_time and wanted


def page(actor: Actor, filters: StageFilters, *, limit: int, cursor: str | None) -> ListPage[tuple[Order, Stage]]:
    """A page of stages with the heads of their orders. A worker gets only own stages that have not ended.

    Costs two requests. Raises BadParameter, BadCursor.
    """
    bound = CONVERTER.unstructure(filters)
    if filters.mine or not actor.plans:
        limit = min(limit, LONGEST_OWN_PAGE)
        assignments = stages.of_worker(actor.tenant, actor.user_id, limit=limit, cursor=cursor, filters=bound)
        own = stages.with_orders(actor.tenant, [assignment.data["stage_id"] for assignment in assignments.items])
        # The worker's list lags a little behind: leave out stages that ended or that are no longer this worker's.
        still = [(o, s) for o, s in own if not s.ended and actor.user_id in s.people and filters.keeps(s)]
        return ListPage(still, assignments.next_cursor)
    ended = any(status.ended for status in filters.status)
    if ended and not all(status.ended for status in filters.status):
        raise BadParameter("status: ask for ended stages (done, skipped, cancelled) in a request of their own.")
    before = None if ended else filters.due_before
    listed = stages.by_time(actor.tenant, active=not ended, before=before, limit=limit, cursor=cursor, filters=bound)
    kept = [stage for stage in (item.read(Stage) for item in listed.items) if filters.keeps(stage)]
    return ListPage(stages.beside_orders(actor.tenant, kept), listed.next_cursor)


def sessions(actor: Actor, stage_id: str, *, every: bool) -> list[Session]:
    """The closed sessions of a stage that count or, with `every`, all that were ever recorded; by start.

    Costs one query. Raises StageNotFound.
    """
    worked = work_orders.load_worked_of_stage(actor.tenant, stage_id)
    stage = worked.order.stage_seen_by(actor, stage_id)
    return [session for session in (worked.recorded if every else worked.sessions) if session.stage_id == stage.id]
