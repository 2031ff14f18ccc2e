"""Lists of stages (own, active, ended), and the sessions of a stage."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from chalicelib.domain.errors import BadParameter
from chalicelib.domain.floor.sessions import OtherWorker
from chalicelib.domain.instants import wire
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.services.pages import ListPage, part_of
from chalicelib.storage import cursors
from chalicelib.storage.codec import CONVERTER
from chalicelib.storage.orders import stages, work_orders

# A worker's page reads each stage and its order in one request of at most 100 items.
LONGEST_OWN_PAGE = 40


@dataclass(frozen=True)
class StageFilters:
    """The filters of a list of stages. Without filters, stages that have not ended, earliest planned end first.

    With `newest` the list begins with its end.
    """

    mine: bool = False
    status: tuple[StageStatus, ...] = ()
    due_before: datetime | None = None
    due_after: datetime | None = None
    newest: bool = False

    def keeps(self, stage: Stage) -> bool:
        """Whether a stage passes the filters."""
        wanted = stage.status in self.status if self.status else not stage.ended
        return (
            wanted
            and (self.due_before is None or stage.planned_end < self.due_before)
            and (self.due_after is None or stage.planned_end >= self.due_after)
        )


def page(actor: Actor, filters: StageFilters, *, limit: int, cursor: str | None) -> ListPage[tuple[Order, Stage]]:
    """A page of stages beside the heads of their orders; those that go on, or those that ended. Two requests.

    A worker gets only their own: those that go on by planned start, those that ended from the last.
    Raises BadParameter, BadCursor.
    """
    if filters.due_after and filters.due_before and filters.due_after > filters.due_before:
        raise BadParameter(say("due_after must not be after due_before."))
    bound, forward = CONVERTER.unstructure(filters), not filters.newest
    ended = any(status.ended for status in filters.status)
    if ended and not all(status.ended for status in filters.status):
        raise BadParameter(say("status: ask for ended stages (done, skipped, cancelled) in a request of their own."))
    if filters.mine or not actor.plans:
        limit = min(limit, LONGEST_OWN_PAGE)
        own_list = stages.of_worker_ended if ended else partial(stages.of_worker, forward=forward)
        found = own_list(actor.tenant, actor.user_id, limit=limit, cursor=cursor, filters=bound)
        own = stages.with_orders(actor.tenant, [each.data["stage_id"] for each in found.items])
        # The worker's lists lag a little behind the stage: what belongs to the other, or lost this worker, is left out.
        still = [(o, s) for o, s in own if s.ended is ended and actor.user_id in s.people and filters.keeps(s)]
        return ListPage(still, found.next_cursor)
    due = (None, None) if ended else (filters.due_after, filters.due_before)
    listed = stages.by_time(
        actor.tenant, active=not ended, due=due, limit=limit, cursor=cursor, filters=bound, forward=forward
    )
    kept = [stage for stage in (item.read(Stage) for item in listed.items) if filters.keeps(stage)]
    return ListPage(stages.beside_orders(actor.tenant, kept), listed.next_cursor)


def sessions(actor: Actor, stage_id: str, *, every: bool, limit: int, cursor: str | None) -> ListPage[Session]:
    """A page of the closed sessions of a stage that count, or of every one that was ever recorded; by start.

    One query of the whole order, for any page: a session may be corrected by one that begins at any other time.
    Raises StageNotFound, BadCursor.
    """
    worked = work_orders.load_worked_of_stage(actor.tenant, stage_id)
    stage = worked.order.stage_seen_by(actor, stage_id)
    found = (each for each in (worked.recorded if every else worked.sessions) if each.stage_id == stage.id)
    list_id = cursors.list_id("sessions", actor.tenant, stage.id, every)
    return part_of(found, _by_start, list_id, limit=limit, cursor=cursor)


def sessions_of(
    actor: Actor, worker_id: str | None, since: datetime | None, *, limit: int, cursor: str | None
) -> ListPage[Session]:
    """A page of the closed sessions of a worker that count, the newest first; one's own where none is named.

    One query, whatever the stage is now and whoever it is assigned to. Raises OtherWorker, BadCursor.
    """
    whose = worker_id or actor.user_id
    if whose != actor.user_id and not actor.plans:
        raise OtherWorker(say("Leave worker out, or send worker=me."))
    return ListPage(*work_orders.sessions_of_worker(actor.tenant, whose, since=since, limit=limit, cursor=cursor))


def _by_start(session: Session) -> str:
    return f"{wire(session.started_at)} {session.id}"
