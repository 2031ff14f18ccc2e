"""Exports of work: pages of stages with their times, and of the parts of sessions that lie in local days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.domain import intervals
from chalicelib.domain.numbers.day_facts import Fact, FactKey, SessionFact, StageFact
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage, order_id_of
from chalicelib.services.numbers.exports import window_of
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.tenants import settings_of
from chalicelib.storage import cursors
from chalicelib.storage.numbers import aggregates
from chalicelib.storage.orders import stages as stored_stages
from chalicelib.storage.orders import work_orders

DAY = timedelta(days=1)
DAYS_A_PAGE = 10
HEADS_A_REQUEST = 100


@dataclass(frozen=True)
class ExportedStage:
    """A stage, the head of its order, and its fact. A stage that is not done has none, or it is not aggregated yet."""

    order: Order
    stage: Stage
    fact: StageFact | None


@dataclass(frozen=True)
class ExportedPart:
    """The part of a session that lies in a local day."""

    day: date
    session_id: str
    fact: SessionFact


def stages(
    tenant: str, first: date, last: date, *, active: bool, limit: int, cursor: str | None
) -> ListPage[ExportedStage]:
    """A page of the stages that ended in these days, by their end; or of the active ones that are due in them.

    Costs one query, one request for each 100 orders and one for each 100 done stages. Raises BadParameter, BadCursor.
    """
    window, timezone = window_of(tenant, first, last), settings_of(tenant).timezone
    page = page_of(stored_stages.listed_in(tenant, window, active=active, limit=limit, cursor=cursor), Stage)
    order_ids = list(dict.fromkeys(order_id_of(stage.id) for stage in page.items))
    groups = [order_ids[start : start + HEADS_A_REQUEST] for start in range(0, len(order_ids), HEADS_A_REQUEST)]
    orders = {order.id: order for group in groups for order in work_orders.heads(tenant, group)}
    at = {
        stage.id: FactKey(intervals.local_day(stage.ended_at, timezone), "STAGE", stage.id)
        for stage in page.items
        if stage.ended_at is not None
    }
    facts = aggregates.facts(tenant, list(at.values()))
    made = [
        ExportedStage(orders[order_id_of(stage.id)], stage, _of(stage, facts, at.get(stage.id))) for stage in page.items
    ]
    return ListPage(made, page.next_cursor)


def _of(stage: Stage, facts: Mapping[FactKey, Fact], key: FactKey | None) -> StageFact | None:
    """The fact of a stage, if it has one."""
    fact = facts.get(key) if key and stage.status is StageStatus.DONE else None
    return fact if isinstance(fact, StageFact) else None


def sessions(tenant: str, first: date, last: date, *, limit: int, cursor: str | None) -> ListPage[ExportedPart]:
    """A page of the parts of sessions that lie in these days, day by day: what the sums of the days are made of.

    Costs a query for each day of the page, at most ten. A page may be empty. Raises BadParameter, BadCursor.
    """
    intervals.refuse_wrong_days(first, last)
    bound = cursors.list_id("exports", "sessions", tenant, first, last)
    place = cursors.opened(cursor, bound) if cursor else {"day": first.isoformat(), "after": ""}
    day, after = date.fromisoformat(place["day"]), place["after"]
    end = min(last, day + (DAYS_A_PAGE - 1) * DAY)
    parts: list[ExportedPart] = []
    while day <= end:
        found = aggregates.page_of_sessions(tenant, day, after=after, limit=limit - len(parts))
        parts += [ExportedPart(day, session_id, fact) for session_id, fact in found]
        if len(parts) == limit:
            return ListPage(parts, cursors.sealed({"day": day.isoformat(), "after": parts[-1].session_id}, bound))
        day, after = day + DAY, ""
    more = {"day": day.isoformat(), "after": ""} if day <= last else None
    return ListPage(parts, cursors.sealed(more, bound) if more else None)
