"""Keys of issues and of what belongs to them."""

from datetime import datetime

from chalicelib.domain.orders.issues import machine_id_of, order_id_of
from chalicelib.storage.keys.orders import order
from chalicelib.storage.keys.shape import Key, of, time_key

ISSUE_PREFIX = "ISSUE#"


def of_machine(tenant: str, machine_id: str) -> str:
    """The partition of the issues of a machine."""
    return of(tenant, "MACHINE", machine_id)


def machine_issues(tenant: str, machine_id: str) -> Key:
    """The list of a machine's open issues."""
    return Key(of_machine(tenant, machine_id), "ISSUES")


def machines_with_issues(tenant: str) -> str:
    """GSI2 partition: the lists of open issues of machines that have some, by machine."""
    return of(tenant, "MACHINE_ISSUES")


def issue(tenant: str, issue_id: str) -> Key:
    """An issue, in the partition of its order or its machine. Raises IssueNotFound if the id names neither."""
    machine_id = machine_id_of(issue_id)
    home = of_machine(tenant, machine_id) if machine_id else order(tenant, order_id_of(issue_id)).pk
    return Key(home, f"{ISSUE_PREFIX}{issue_id}")


def notes(tenant: str, issue_id: str) -> Key:
    """The prefix of the keys of an issue's notes."""
    return Key(issue(tenant, issue_id).pk, f"NOTE#{issue_id}#")


def note(tenant: str, issue_id: str, received_at: datetime, note_id: str) -> Key:
    """A note on an issue. Notes sort by their arrival."""
    beginning = notes(tenant, issue_id)
    return Key(beginning.pk, f"{beginning.sk}{time_key(received_at, note_id)}")


def attachments(tenant: str, issue_id: str) -> Key:
    """The attachments of an issue."""
    return Key(issue(tenant, issue_id).pk, f"ATTACHMENTS#{issue_id}")


def presence(tenant: str, issue_id: str) -> Key:
    """Who is answering an issue right now."""
    return Key(issue(tenant, issue_id).pk, f"ANSWERING#{issue_id}")


def issues_by_state(tenant: str, *, resolved: bool) -> str:
    """GSI1 partition: resolved or unresolved issues, by creation."""
    return of(tenant, "ISSUES", "resolved" if resolved else "open")


def issues_of_reporter(tenant: str, user_id: str) -> str:
    """GSI2 partition: the issues that a person reported, by creation."""
    return of(tenant, "USER", user_id, "ISSUES")
