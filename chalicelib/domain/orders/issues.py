"""Issues: problems reported against a stage (andon)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import NotFound
from chalicelib.domain.escalation import Awaited
from chalicelib.domain.kept import KEPT, Kept
from chalicelib.domain.orders.missing import NO_ISSUE
from chalicelib.domain.people.users import Actor, Role
from chalicelib.domain.priorities import Priority
from chalicelib.domain.sentences import say


class IssueType(StrEnum):
    """The type of a problem."""

    MACHINE_FAILURE = "machine_failure"
    MATERIAL_SHORTAGE = "material_shortage"
    QUALITY = "quality"
    TOOLING = "tooling"
    SAFETY = "safety"
    OPERATOR = "operator"
    OTHER = "other"


class IssueStatus(StrEnum):
    """The status of an issue."""

    OPEN = "open"
    ACK = "ack"
    RESOLVED = "resolved"


@dataclass(frozen=True)
class Escalated:
    """A step of the escalation that was told: which one, what was awaited, when, and to which roles and people.

    `reopened_count` is how often the issue had been reopened by then.
    """

    awaited: Awaited
    step: int
    at: datetime
    roles: tuple[Role, ...] = ()
    user_ids: tuple[str, ...] = ()
    reopened_count: int = 0


@dataclass(frozen=True)
class Issue:
    """A problem of a stage or of a machine. On a stage it may block the stage until it is resolved.

    An issue of a machine has no order and no stage. `next_escalation_at` is when others are told of it, if it still
    waits then; there is a timer for that instant. `escalations` are the newest steps that were told. `revision` counts
    how often it was written: a command and a step at the same time are never both written.
    """

    id: str
    work_order_id: str | None
    stage_id: str | None
    type: IssueType
    description: str
    created_at: datetime
    created_by: str
    reported_at: datetime
    priority: Priority = Priority.NORMAL
    blocking: bool = False
    status: IssueStatus = IssueStatus.OPEN
    machine_id: str | None = None
    assignee_id: str | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    cause_code: str | None = None
    cause: str | None = None
    action: str | None = None
    reopened_at: datetime | None = None
    reopened_count: int = 0
    notes_count: int = 0
    next_escalation_at: datetime | None = None
    escalations: tuple[Escalated, ...] = ()
    revision: int = field(default=0, compare=False)

    @property
    def since(self) -> datetime:
        """When the issue got its present status."""
        return self.resolved_at or self.acknowledged_at or self.reopened_at or self.created_at

    def open_to(self, actor: Actor) -> bool:
        """Whether the actor may see it apart from its stage: planners all, workers what they reported or must solve."""
        return actor.plans or actor.user_id in {self.created_by, self.assignee_id}

    def waits_for(self, actor: Actor) -> bool:
        """Whether the actor reported it or must solve it, or plans and nobody else must."""
        unassigned = actor.plans and self.assignee_id is None
        return unassigned or actor.user_id in {self.created_by, self.assignee_id}

    @property
    def place_id(self) -> str:
        """The id of the stage, or of the machine, on which it was reported."""
        return self.stage_id or str(self.machine_id)

    @property
    def on_machine(self) -> bool:
        """Whether it is an issue of a machine. Everybody may read it, as everybody may read machines."""
        return self.stage_id is None


@dataclass(frozen=True)
class Note:
    """A note on an issue, kept for ever. `at` is the device's time, `received_at` the server's."""

    id: str
    issue_id: str
    text: str
    by: str
    at: datetime
    received_at: datetime


@dataclass(frozen=True)
class OpenIssue:
    """An unresolved issue as stored in its stage. `blocks_since` is None if it does not block the stage.

    `priority` is None if the stage was written before it had priorities.
    """

    type: IssueType
    issue_id: str
    blocks_since: datetime | None = None
    priority: Priority | None = None


def priorities_of(issues: Sequence[OpenIssue]) -> tuple[Priority, ...] | None:
    """The priorities of open issues; None if one of them is not known."""
    known = tuple(issue.priority for issue in issues if issue.priority is not None)
    return known if len(known) == len(issues) else None


@dataclass(frozen=True)
class NewIssue:
    """A report of an issue on a stage."""

    type: IssueType
    description: str
    priority: Priority = Priority.NORMAL
    blocking: bool = False


@dataclass(frozen=True)
class ChangeIssue:
    """A change of an issue. A field that is KEPT does not change. An assignee, cause or action of None is cleared.

    A `note` is added to the notes of the issue.
    """

    status: IssueStatus | Kept = KEPT
    priority: Priority | Kept = KEPT
    blocking: bool | Kept = KEPT
    assignee_id: str | Kept | None = KEPT
    cause_code: str | Kept | None = KEPT
    cause: str | Kept | None = KEPT
    action: str | Kept | None = KEPT
    note: str | Kept = KEPT


def moved_moments(before: Issue | None, after: Issue) -> tuple[datetime, ...]:
    """The instants of report, acknowledgement and resolution that came or went by a change. Numbers count them."""
    was, now = (_moments(issue) if issue else set() for issue in (before, after))
    return tuple(sorted({at for _, at in was ^ now}))


def _moments(issue: Issue) -> set[tuple[str, datetime]]:
    known = {"reported": issue.created_at, "acknowledged": issue.acknowledged_at, "resolved": issue.resolved_at}
    return {(what, at) for what, at in known.items() if at is not None}


def most_urgent_first(issues: Iterable[Issue]) -> list[Issue]:
    """Issues by priority, the highest first; those of one priority by creation, the oldest first."""
    return sorted(issues, key=lambda issue: (-list(Priority).index(issue.priority), issue.created_at, issue.id))


class IssueNotFound(NotFound):
    """There is no such issue, or the caller may not see it."""

    code = "ERR_ISSUE_NOT_FOUND"
    title = "No such issue"


def issue_id(order_id: str, command_id: str) -> str:
    """The id of a new issue of a stage. It contains the order's id, so the order is found without a lookup."""
    return f"{order_id}-i{command_id}"


def machine_issue_id(machine_id: str, command_id: str) -> str:
    """The id of a new issue of a machine. It contains the machine's id, so the machine is found without a lookup."""
    return f"{machine_id}-m{command_id}"


def order_id_of(issue: str) -> str:
    """The order's id in an issue's id. Raises IssueNotFound if there is none."""
    order = _owner_in(issue, "i")
    if order is None:
        raise IssueNotFound(say(NO_ISSUE, issue_id=issue))
    return order


def machine_id_of(issue: str) -> str | None:
    """The machine's id in the id of a machine's issue; None for an issue of a stage."""
    return _owner_in(issue, "m")


def _owner_in(issue: str, kind: str) -> str | None:
    owner, _, rest = issue.rpartition("-")
    return owner if owner and rest.startswith(kind) else None
