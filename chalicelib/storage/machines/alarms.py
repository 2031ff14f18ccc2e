"""The alarms of machines in the table: one item per machine, with what people were told."""

from chalicelib.domain.machines.alarms import MachineAlarms
from chalicelib.storage import lookup, table
from chalicelib.storage.items import item
from chalicelib.storage.keys import machines as keys
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


def of_machine(tenant: str, machine_id: str) -> MachineAlarms:
    """Read the alarms of a machine, consistently. A machine without alarms has none."""
    return lookup.find(keys.alarms(tenant, machine_id), MachineAlarms) or MachineAlarms(machine_id)


def put(tenant: str, alarms: MachineAlarms) -> Write:
    """The write of a machine's alarms, if the stored version is the one before it."""
    written = item(keys.alarms(tenant, alarms.machine_id), "alarms", alarms, revision=alarms.version)
    return Write((Put(written, table.follows(written)),))
