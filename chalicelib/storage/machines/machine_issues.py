"""The open issues of machines in the table, and the writes of a machine's issues."""

from chalicelib.domain.andon.answering import Answered
from chalicelib.domain.andon.machine_issues import MachineIssues
from chalicelib.domain.orders.issues import OpenIssue
from chalicelib.storage import lookup, table
from chalicelib.storage.items import item
from chalicelib.storage.keys import andon as keys
from chalicelib.storage.orders import issues
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


def of_machine(tenant: str, machine_id: str) -> MachineIssues:
    """Read the open issues of a machine, consistently. A machine on which nothing was ever reported has none."""
    return lookup.find(keys.machine_issues(tenant, machine_id), MachineIssues) or MachineIssues(machine_id)


def unresolved(tenant: str) -> list[OpenIssue]:
    """The open issues of all machines, in one query. The list is slightly behind the issues."""
    listed = table.page("by_owner", keys.machines_with_issues(tenant)).items
    return [issue for each in listed for issue in each.read(MachineIssues).open_issues]


def change(tenant: str, before: MachineIssues, after: MachineIssues, answered: Answered) -> Write:
    """The write of a reported or changed issue, on the condition that no other issue of the machine changed since."""
    listed = item(
        keys.machine_issues(tenant, after.machine_id),
        "machine_issues",
        after,
        by_owner=(keys.machines_with_issues(tenant), after.machine_id) if after.open_issues else None,
        revision=after.version,
    )
    return Write(
        (
            Put(listed, table.at_revision(before.version)),
            issues.put(tenant, answered.issue),
            *(Put(issues.note_item(tenant, note)) for note in answered.notes),
        )
    )
