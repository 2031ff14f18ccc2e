"""Issues of machines: reporting, changing and listing them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib import ids
from chalicelib.domain.andon import machine_issues as rules
from chalicelib.domain.andon.answering import Answered
from chalicelib.domain.andon.machine_issues import MachineIssues
from chalicelib.domain.errors import refuse
from chalicelib.domain.markers import Marker, days_of
from chalicelib.domain.orders.command_checks import ahead
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.issues import ChangeIssue, Issue, IssueNotFound, NewIssue, moved_moments
from chalicelib.domain.orders.missing import NO_ISSUE
from chalicelib.domain.orders.timers import of_issue
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.domain.telling import events
from chalicelib.services import outbox
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.machines import machines
from chalicelib.services.orders.references import References
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.tenants import settings_of
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage import markers, timers
from chalicelib.storage.machines import machine_issues
from chalicelib.storage.orders import issues
from chalicelib.storage.writes import Write

# The fields of a change of an issue that name people.
NAMED = References(people=("assignee_id",))

Present = Callable[[Issue, bool], Any]


def report(actor: Actor, command: Command[NewIssue], request: Request, present: Present) -> Answer:
    """Report an issue on the machine that the command names, or join the open issue of the same type.

    `present` gets the issue, and whether it was there before. Raises MachineNotFound, InvalidFields. Costs two reads
    and a transaction; a report that joins one read more.
    """

    def prepare() -> Prepared:
        machine = machines.read(actor, command.target)
        refuse(ahead(command.received_at, at=command.happened_at))
        before = machine_issues.of_machine(actor.tenant, machine.id)
        known = before.open_issue(command.payload.type)
        joined = issues.find(actor.tenant, known) if known else None
        answered = rules.report(machine.id, actor, command, joined, settings_of(actor.tenant))
        return _prepared(actor, command, before, answered, present, joined)

    return carry_out(actor, command.name, command.identity, request, prepare, target=command.target)


def change(
    actor: Actor,
    command: Command[ChangeIssue],
    request: Request,
    present: Present,
    machine_id: str,
) -> Answer:
    """Change an issue of a machine. Costs two reads and a transaction.

    Raises what changing a stage's issue raises.
    """

    def prepare() -> Prepared:
        before = machine_issues.of_machine(actor.tenant, machine_id)
        issue = issues.find(actor.tenant, command.target)
        if issue is None:
            raise IssueNotFound(say(NO_ISSUE, issue_id=command.target))
        request.refuse_stale(before.version)
        NAMED.check(actor.tenant, command.payload)
        refuse(ahead(command.received_at, at=command.happened_at))
        answered = rules.change(before, actor, command, issue, settings_of(actor.tenant))
        return _prepared(actor, command, before, answered, present, issue)

    return carry_out(actor, command.name, command.identity, request, prepare, target=command.target)


def of_machine(actor: Actor, machine_id: str, *, limit: int, cursor: str | None, newest: bool) -> ListPage[Issue]:
    """A page of the issues that were reported on a machine, oldest or newest first. Raises MachineNotFound, BadCursor.

    Costs one query, and one read if there are none.
    """
    found = issues.of_machine(actor.tenant, machine_id, limit=limit, cursor=cursor, filters=None, forward=not newest)
    if not found.items:
        machines.read(actor, machine_id)
    return page_of(found, Issue)


def _prepared(
    actor: Actor,
    command: Command[Any],
    before: MachineIssues,
    answered: Answered,
    present: Present,
    known: Issue | None,
) -> Prepared:
    """What is written, and the answer."""
    version = before.after(answered.issue, command.received_at).version
    answer = Answer(present(answered.issue, known is not None), created=known is None, version=version)
    return Prepared(answer, written(actor, command, before, answered, known))


def written(
    actor: Actor, command: Command[Any], before: MachineIssues, answered: Answered, known: Issue | None
) -> Write:
    """The write of a reported or changed issue, with what others are told. `known` is the issue as it was."""
    told = events.of_machine_issue(answered.issue, answered.what, actor, command, ids.new())
    after = replace(before.after(answered.issue, command.received_at), unheard=not told)
    write = machine_issues.change(actor.tenant, before, after, answered)
    issue_days = days_of(answered.issue.id, moved_moments(known, answered.issue), settings_of(actor.tenant).timezone)
    if issue_days:
        write += markers.put(Marker(ids.new(), actor.tenant, issue_days=issue_days))
    write += timers.put(of_issue(actor.tenant, known, answered.issue))
    return write + outbox.recorded(told, command.received_at)
