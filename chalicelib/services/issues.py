"""Issues: reporting one (an open one of the same type is joined), and reading them as their callers may."""

from chalicelib.domain import stages
from chalicelib.domain.commands import Change, Command
from chalicelib.domain.issues import Issue, IssueNotFound, NewIssue, order_id_of
from chalicelib.domain.tenants import TenantSettings
from chalicelib.domain.users import Actor
from chalicelib.domain.work_orders import Order, OrderNotFound
from chalicelib.services import commands, work_orders
from chalicelib.services.commands import Present
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.pages import Listing, listed
from chalicelib.storage import issues


def report(actor: Actor, command: Command[NewIssue], request: Request, present: Present) -> Answer:
    """Report an issue against a stage. Raises StageNotFound, InvalidFields."""

    def decide(order: Order, actor: Actor, command: Command[NewIssue], _: TenantSettings) -> Change:
        known = order.stage_seen_by(actor, command.target).open_issue(command.payload.type)
        joined = issues.find(actor.tenant, order.id, known) if known else None
        return stages.report_issue(order, actor, command, joined)

    return commands.run(actor, decide, command, request, present)


def read(actor: Actor, issue_id: str) -> Issue:
    """Read an issue: planners any, workers what they reported or what concerns their stages. Raises IssueNotFound."""
    found = issues.find(actor.tenant, order_id_of(issue_id), issue_id)
    if found is None or not (actor.plans or found.created_by == actor.user_id or _concerns(actor, found)):
        raise IssueNotFound(f"There is no issue {issue_id}.")
    return found


def of_stage(actor: Actor, stage_id: str, *, limit: int, cursor: str | None) -> Listing[Issue]:
    """A page of the issues of a stage, oldest first. Raises StageNotFound."""
    order, stage = work_orders.read_stage(actor, stage_id)
    found = issues.of_order(actor.tenant, order.id, limit=limit, cursor=cursor, filters=stage.id)
    return listed(found, Issue, lambda issue: issue.stage_id == stage.id)


def _concerns(actor: Actor, issue: Issue) -> bool:
    """Whether the issue is about a stage of this worker."""
    try:
        order = work_orders.read(actor, issue.work_order_id)
    except OrderNotFound:
        return False
    return any(stage.id == issue.stage_id for stage in order.stages)
