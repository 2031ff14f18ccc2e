"""The shapes of issues."""

from collections.abc import Sequence

from chalicelib.domain.andon.presence import Answering
from chalicelib.domain.escalation import Awaited
from chalicelib.domain.orders import issues
from chalicelib.domain.orders.issues import Issue, IssueStatus, IssueType
from chalicelib.domain.people.users import Role
from chalicelib.domain.priorities import Priority
from chalicelib.schemas.base import Adjusted, Out, Patch, Reversible, Timed, example, kept, left_out
from chalicelib.schemas.values import Identifier, InstantOut, InstantParameter, Line, LongText, Note, OneOf, Text


class ReportMachineIssue(Timed):
    """A problem of a machine. It blocks no stage."""

    model_config = example(type="machine_failure", description="The mould does not close.", priority="high")

    type: OneOf[IssueType]
    description: LongText
    priority: OneOf[Priority] = Priority.NORMAL

    def payload(self) -> issues.NewIssue:
        """The fields of the issue, without `at`."""
        return self.made_into(issues.NewIssue)


class ReportIssue(ReportMachineIssue):
    """A problem of a stage."""

    model_config = example(
        type="machine_failure", description="The mould does not close.", priority="high", blocking=True
    )

    blocking: bool = False


class ChangeIssue(Patch):
    """A change of an issue."""

    status: OneOf[IssueStatus] = kept()
    priority: OneOf[Priority] = kept()
    blocking: bool = kept()
    assignee_id: Identifier | None = kept()
    cause_code: Line | None = kept()
    cause: Text | None = kept()
    action: LongText | None = kept()
    note: Note = kept()

    def payload(self) -> issues.ChangeIssue:
        """The fields to change."""
        return self.made_into(issues.ChangeIssue)


class WriteNote(Timed):
    """A note on an issue that a phone collected offline."""

    note: Note

    def payload(self) -> issues.ChangeIssue:
        """The change that adds the note."""
        return self.made_into(issues.ChangeIssue)


class ListIssues(Reversible):
    """The filters of a list of issues. `assignee_id=me` is the caller. `order=newest` begins with the newest."""

    status: tuple[IssueStatus, ...] = ()
    type: tuple[IssueType, ...] = ()
    priority: tuple[Priority, ...] = ()
    work_order_id: Identifier | None = None
    stage_id: Line | None = None
    machine_id: Identifier | None = None
    assignee_id: Identifier | None = None
    since: InstantParameter | None = None


class OpenIssuesOut(Out):
    """How many issues are not resolved. `mine`: reported by the caller or assigned to them.

    `overdue`: somebody was told by a step of escalation, and what it waits for has not come.
    """

    open: int
    by_priority: dict[Priority, int]
    unacknowledged: int
    mine: int
    overdue: int


class NoteOut(Out):
    """A note on an issue. `at` is the device's time, `received_at` the server's."""

    id: str
    at: InstantOut
    received_at: InstantOut
    by: str
    text: str


class EscalatedOut(Out):
    """A step of escalation that was told: its number, what was awaited, when, and to which roles and people."""

    awaited: Awaited
    step: int
    at: InstantOut
    roles: list[Role]
    user_ids: list[str]


class AnsweringOut(Out):
    """Somebody who is answering an issue right now."""

    id: str
    name: str


class PresenceOut(Out):
    """Who else is answering an issue right now, at most 10 people."""

    answering: list[AnsweringOut]


class IssueOut(Out):
    """An issue. `duplicate` is true if a report was added to an open issue.

    An issue of a machine has no order and no stage. `next_escalation_at` is when others are told of it, if
    it still waits then. `escalations` are the newest steps that were told, oldest first. `notes` are the newest 20,
    oldest first; `answering` are the others who are answering it right now. Both are shown where one issue is read.
    """

    id: str
    work_order_id: str | None
    stage_id: str | None
    machine_id: str | None
    type: IssueType
    description: str
    priority: Priority
    blocking: bool
    status: IssueStatus
    assignee_id: str | None
    created_at: InstantOut
    created_by: str
    reported_at: InstantOut
    acknowledged_at: InstantOut | None
    acknowledged_by: str | None
    resolved_at: InstantOut | None
    resolved_by: str | None
    cause_code: str | None
    cause: str | None
    action: str | None
    reopened_at: InstantOut | None
    reopened_count: int
    notes_count: int
    next_escalation_at: InstantOut | None
    escalations: list[EscalatedOut]
    notes: list[NoteOut] | None = left_out()
    answering: list[AnsweringOut] | None = left_out()
    duplicate: bool = False
    adjusted: Adjusted | None = left_out()


def issue_out(issue: Issue, *, duplicate: bool = False, notes: Sequence[issues.Note] | None = None) -> IssueOut:
    """Show an issue, with these notes if they are given."""
    shown = None if notes is None else [note_out(note) for note in notes]
    return IssueOut.model_validate(issue).model_copy(update={"duplicate": duplicate, "notes": shown})


def read_issue_out(issue: Issue, notes: Sequence[issues.Note], answering: Sequence[Answering]) -> IssueOut:
    """Show an issue that was read alone, with its newest notes and who else is answering it."""
    return issue_out(issue, notes=notes).model_copy(update=dict(presence_out(answering)))


def presence_out(answering: Sequence[Answering]) -> PresenceOut:
    """Show who else is answering an issue."""
    return PresenceOut(answering=[AnsweringOut.model_validate(each) for each in answering])


def note_out(note: issues.Note) -> NoteOut:
    """Show a note."""
    return NoteOut.model_validate(note)
