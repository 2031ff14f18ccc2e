"""Known machines: those that readings speak of, remembered for a minute; what is not there is never remembered."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib import clock
from chalicelib.domain.machines import Machine, MachineNotFound
from chalicelib.storage import machines

REMEMBERED = timedelta(seconds=60)

MachineName = tuple[str, str]
"""Tenant and id of a machine."""

_known: dict[MachineName, tuple[Machine, datetime]] = {}


def find(names: Iterable[MachineName]) -> dict[MachineName, Machine]:
    """Find machines by tenant and id; unknown ones are left out. Reads those not seen in the last minute."""
    now, wanted = clock.now(), set(names)
    unsure = {name for name in wanted if name not in _known or _known[name][1] <= now}
    for name in unsure:
        _known.pop(name, None)
    for tenant in {tenant for tenant, _ in unsure}:
        found = machines.find_all(tenant, sorted(machine_id for owner, machine_id in unsure if owner == tenant))
        _known.update({(tenant, machine.id): (machine, now + REMEMBERED) for machine in found.values()})
    return {name: _known[name][0] for name in wanted if name in _known}


def get(tenant: str, machine_id: str) -> Machine:
    """Find one machine. Raises MachineNotFound."""
    machine = find([(tenant, machine_id)]).get((tenant, machine_id))
    if machine is None:
        raise MachineNotFound(f"There is no machine {machine_id}; register it first.")
    return machine


def forget() -> None:
    """Forget what was known, as a new process does."""
    _known.clear()
