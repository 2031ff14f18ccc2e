"""Known machines: machines by id, remembered for a minute."""

from chalicelib.domain.machines.machines import NO_MACHINE, Machine, MachineNotFound
from chalicelib.domain.sentences import say
from chalicelib.remembered import Known
from chalicelib.storage.machines import machines

_machines = Known(machines.find_all)
find = _machines.find
forget = _machines.forget


def get(tenant: str, machine_id: str) -> Machine:
    """The machine with this id. Raises MachineNotFound."""
    machine = find([(tenant, machine_id)]).get((tenant, machine_id))
    if machine is None:
        raise MachineNotFound(say(NO_MACHINE, machine_id=machine_id))
    return machine
