"""The open issues of machines in the table, and the writes of a machine's issues."""

from chalicelib.domain.andon.answering import Answered
from chalicelib.domain.andon.machine_issues import MachineIssues
from chalicelib.storage import table
from chalicelib.storage.items import item
from chalicelib.storage.keys import andon as keys
from chalicelib.storage.orders import issues
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


def of_machine(tenant: str, machine_id: str) -> MachineIssues:
    """Read the open issues of a machine, consistently. A machine on which nothing was ever reported has none."""
    stored = table.get(keys.machine_issues(tenant, machine_id))
    return MachineIssues(machine_id) if stored is None else stored.read(MachineIssues)


def change(tenant: str, before: MachineIssues, after: MachineIssues, answered: Answered) -> Write:
    """The write of a reported or changed issue, on the condition that no other issue of the machine changed since."""
    listed = item(keys.machine_issues(tenant, after.machine_id), "machine_issues", after, revision=after.version)
    return Write(
        (
            Put(listed, table.at_revision(before.version)),
            Put(issues.as_item(tenant, answered.issue)),
            *(Put(issues.note_item(tenant, note)) for note in answered.notes),
        )
    )
