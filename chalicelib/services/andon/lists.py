"""Lists of issues: all that are open or resolved, those of an order, and how many are open."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib import clock
from chalicelib.domain.andon.counts import OpenIssues, counted
from chalicelib.domain.errors import BadParameter
from chalicelib.domain.orders.issues import Issue, IssueStatus, IssueType
from chalicelib.domain.orders.work_orders import StageNotFound, order_id_of
from chalicelib.domain.people.users import Actor
from chalicelib.domain.priorities import Priority
from chalicelib.domain.sentences import say
from chalicelib.services.pages import ListPage, page_of
from chalicelib.storage.codec import CONVERTER
from chalicelib.storage.orders import issues, stages
from chalicelib.storage.pages import Page


@dataclass(frozen=True)
class IssueFilters:
    """The filters of a list of issues. Without filters, all that are not resolved, oldest first.

    `since`: created at this instant or later. With `newest` the list begins with the newest.
    """

    status: tuple[IssueStatus, ...] = ()
    type: tuple[IssueType, ...] = ()
    priority: tuple[Priority, ...] = ()
    work_order_id: str | None = None
    stage_id: str | None = None
    machine_id: str | None = None
    assignee_id: str | None = None
    since: datetime | None = None
    newest: bool = False

    def keeps(self, issue: Issue) -> bool:
        """Whether an issue passes the filters."""
        return (
            (issue.status in self.status if self.status else issue.status is not IssueStatus.RESOLVED)
            and (not self.type or issue.type in self.type)
            and (not self.priority or issue.priority in self.priority)
            and self.work_order_id in (None, issue.work_order_id)
            and self.stage_id in (None, issue.stage_id)
            and self.machine_id in (None, issue.machine_id)
            and self.assignee_id in (None, issue.assignee_id)
            and (self.since is None or issue.created_at >= self.since)
        )


def page(actor: Actor, filters: IssueFilters, *, limit: int, cursor: str | None) -> ListPage[Issue]:
    """A page of the issues that the actor may see. Raises BadParameter, BadCursor.

    Planners see all issues, workers those they reported or are assigned to, and those of their stages. Costs one query;
    for workers one read more.
    """
    listed = page_of(_listed(actor.tenant, filters, limit=limit, cursor=cursor), Issue, filters.keeps)
    return replace(listed, items=_open_to(actor, listed.items))


def counts(actor: Actor) -> OpenIssues:
    """How many issues are open, among those that the actor may see.

    Costs one query for each megabyte of open issues; for workers one read for each 100 stages more.
    """
    return counted(_open_to(actor, issues.unresolved(actor.tenant)), actor, clock.now())


def _listed(tenant: str, filters: IssueFilters, *, limit: int, cursor: str | None) -> Page:
    """The page from the list that yields the fewest issues to filter out."""
    bound, forward = CONVERTER.unstructure(filters), not filters.newest
    order_id = _order_of(filters.stage_id) if filters.stage_id else filters.work_order_id
    if order_id is not None:
        return issues.of_order(tenant, order_id, limit=limit, cursor=cursor, filters=bound, forward=forward)
    resolved = {status is IssueStatus.RESOLVED for status in filters.status} or {False}
    if len(resolved) > 1:
        raise BadParameter(
            say(
                "status=resolved cannot be combined with open or ack in a list of the whole plant; ask for them one "
                "after the other, or name a work_order_id or stage_id."
            )
        )
    return issues.by_state(
        tenant,
        resolved=resolved.pop(),
        since=filters.since,
        limit=limit,
        cursor=cursor,
        filters=bound,
        forward=forward,
    )


def _order_of(stage_id: str) -> str:
    """The id of a stage's order. Raises BadParameter."""
    try:
        return order_id_of(stage_id)
    except StageNotFound:
        raise BadParameter(say("stage_id must be the id of a stage, such as {example}.", example="WO-1-01")) from None


def _open_to(actor: Actor, listed: Sequence[Issue]) -> Sequence[Issue]:
    """The issues that the actor may see. Costs one read for each 100 stages that are not the actor's own reports'."""
    asked = {issue.stage_id for issue in listed if issue.stage_id and not issue.open_to(actor)}
    seen = {stage.id for stage in stages.find_all(actor.tenant, asked) if stage.open_to(actor)}
    return [issue for issue in listed if issue.open_to(actor) or issue.stage_id in seen]
