"""Issues: reporting, changing and reading them."""

from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.domain.andon import issues as rules
from chalicelib.domain.errors import TakipError
from chalicelib.domain.orders.changes import Change, Decide
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.issues import ChangeIssue, Issue, IssueNotFound, NewIssue, Note, machine_id_of
from chalicelib.domain.orders.missing import NO_ISSUE
from chalicelib.domain.orders.work_orders import Order, StageNotFound
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.services import commands
from chalicelib.services.andon import machine_issues
from chalicelib.services.commands import Steps
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.orders import work_orders
from chalicelib.services.pages import ListPage, page_of
from chalicelib.storage.orders import issues

LATEST_NOTES = 20


def report(order: Order, actor: Actor, command: Command[NewIssue], settings: TenantSettings) -> Change:
    """Report an issue, or join the open issue of the same type. Raises StageNotFound, InvalidFields.

    Costs one read if there is an open issue to join.
    """
    known = order.stage_seen_by(actor, command.target).open_issue(command.payload.type)
    joined = issues.find(actor.tenant, known) if known else None
    return rules.report(order, actor, command, settings, joined)


def change(
    actor: Actor,
    command: Command[ChangeIssue],
    request: Request,
    present: Callable[[Issue], Any],
    stage_id: str | None = None,
    barred: TakipError | None = None,
) -> Answer:
    """Change an issue of a stage or of a machine. With `stage_id` it must be an issue of that stage.

    Costs one read more than other commands.

    Raises IssueNotFound, IllegalIssueTransition, IssueTypeOpen, OnlyWithdrawal, InvalidFields, and `barred`, if given,
    unless the change was made before. An issue of a machine belongs to no order, so nothing bars its change.
    """
    machine_id = machine_id_of(command.target)
    if machine_id is not None and stage_id is None:
        return machine_issues.change(actor, command, request, lambda issue, _: present(issue), machine_id)

    def prepare(order: Order) -> Decide[ChangeIssue]:
        issue = issues.find(actor.tenant, command.target)
        if issue is None or stage_id not in (None, issue.stage_id):
            raise _missing(command.target)
        if not (issue.open_to(actor) or order.stage(issue.place_id).open_to(actor)):
            raise _missing(command.target)
        return lambda order, actor, command, settings: rules.change(order, actor, command, issue, settings)

    def check() -> None:
        if barred is not None:
            raise barred
        machine_issues.NAMED.check(actor.tenant, command.payload)

    return commands.run(actor, command, request, Steps(prepare, lambda change, _: present(change.issues[0]), check))


def read(actor: Actor, issue_id: str) -> Issue:
    """Read an issue. Raises IssueNotFound.

    Planners may read all issues, workers those they reported or are assigned to, of their stages, and of machines.
    """
    return seen(actor, issue_id, issues.find(actor.tenant, issue_id))


def seen(actor: Actor, issue_id: str, issue: Issue | None) -> Issue:
    """An issue that was looked for. Raises IssueNotFound, also if the actor may not see it."""
    if issue is None or not (issue.on_machine or issue.open_to(actor) or _concerns(actor, issue)):
        raise _missing(issue_id)
    return issue


def latest_notes(actor: Actor, issue: Issue) -> Sequence[Note]:
    """The newest notes on an issue, at most 20, oldest first. Costs a query if there are any."""
    if not issue.notes_count:
        return ()
    newest = issues.notes(actor.tenant, issue.id, limit=LATEST_NOTES, forward=False)
    return page_of(newest, Note).items[::-1]


def notes(actor: Actor, issue_id: str, *, limit: int, cursor: str | None, newest: bool = False) -> ListPage[Note]:
    """A page of the notes on an issue, oldest or newest first. Raises IssueNotFound, BadCursor."""
    issue = read(actor, issue_id)
    return page_of(issues.notes(actor.tenant, issue.id, limit=limit, cursor=cursor, forward=not newest), Note)


def of_stage(actor: Actor, stage_id: str, *, limit: int, cursor: str | None, newest: bool = False) -> ListPage[Issue]:
    """A page of the issues of a stage, oldest or newest first. Raises StageNotFound, BadCursor."""
    order, stage = work_orders.read_stage(actor, stage_id)
    forward = not newest
    listed = issues.of_order(actor.tenant, order.id, limit=limit, cursor=cursor, filters=stage.id, forward=forward)
    return page_of(listed, Issue, lambda issue: issue.stage_id == stage.id)


def _concerns(actor: Actor, issue: Issue) -> bool:
    """Whether the issue is about a stage that the worker may see."""
    try:
        work_orders.read_stage(actor, issue.place_id)
    except StageNotFound:
        return False
    return True


def _missing(issue_id: str) -> IssueNotFound:
    return IssueNotFound(say(NO_ISSUE, issue_id=issue_id))
