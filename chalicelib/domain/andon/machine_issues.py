"""Issues of machines: reporting and answering them. A machine's list of open issues guards them, as an order does."""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.andon.answering import Answered, answer, listed, note, noted
from chalicelib.domain.andon.escalating import timed
from chalicelib.domain.errors import FieldError, refuse
from chalicelib.domain.kept import given
from chalicelib.domain.orders.changes import What
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.issues import (
    ChangeIssue,
    Issue,
    IssueType,
    NewIssue,
    OpenIssue,
    machine_issue_id,
)
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.domain.tenant_settings import TenantSettings


@dataclass(frozen=True)
class MachineIssues:
    """The open issues of a machine, at most one of each type. Each change raises its `version`.

    `unheard`: no event tells of the last change of one of its issues.
    """

    machine_id: str
    open_issues: tuple[OpenIssue, ...] = ()
    unheard: bool = False
    version: int = 0

    @property
    def issue_ids(self) -> frozenset[str]:
        """The ids of the open issues."""
        return frozenset(known.issue_id for known in self.open_issues)

    def open_issue(self, issue_type: IssueType) -> str | None:
        """The id of the open issue of this type; None if there is none."""
        return next((known.issue_id for known in self.open_issues if known.type is issue_type), None)

    def after(self, issue: Issue, at: datetime) -> "MachineIssues":
        """The list after an issue changed, with the next version."""
        return replace(self, open_issues=listed(self.open_issues, issue, at), version=self.version + 1)


def report(
    machine_id: str, actor: Actor, command: Command[NewIssue], joined: Issue | None, settings: TenantSettings
) -> Answered:
    """Report an issue on a machine, or join the open issue of the same type.

    The description of a report that joins becomes a note. Its priority counts if it is higher.
    """
    wanted = command.payload
    if joined is not None:
        after = replace(noted(joined), priority=joined.priority.or_higher(wanted.priority))
        return Answered(timed(after, settings), What.EDITED, (note(after, wanted.description, actor, command),))
    issue = Issue(
        id=machine_issue_id(machine_id, command.id),
        work_order_id=None,
        stage_id=None,
        machine_id=machine_id,
        type=wanted.type,
        description=wanted.description,
        priority=wanted.priority,
        created_at=command.received_at,
        created_by=actor.user_id,
        reported_at=command.happened_at,
    )
    return Answered(timed(issue, settings), What.REPORTED, ())


def change(
    known: MachineIssues, actor: Actor, command: Command[ChangeIssue], issue: Issue, settings: TenantSettings
) -> Answered:
    """Change an issue of a machine. Raises what a change of a stage's issue does, and InvalidFields for `blocking`."""
    if given(command.payload, "blocking").get("blocking"):
        message = say("must be false: an issue of a machine blocks no stage; report one on the stage that must stop")
        refuse([FieldError("blocking", message, "on_machine")])
    return answer(known, actor, command, issue, settings)
