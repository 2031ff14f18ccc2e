"""Known machines: machines by id, remembered for a minute."""

from chalicelib.domain.machines.machines import Machine, MachineNotFound
from chalicelib.remembered import Known
from chalicelib.storage.machines import machines

_machines = Known(machines.find_all)
find = _machines.find
forget = _machines.forget


def get(tenant: str, machine_id: str) -> Machine:
    """The machine with this id. Raises MachineNotFound."""
    machine = find([(tenant, machine_id)]).get((tenant, machine_id))
    if machine is None:
        raise MachineNotFound(f"There is no machine {machine_id}; register it first.")
    return machine
