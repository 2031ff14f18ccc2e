"""Everything in the table that lets somebody or something in: people with their devices, terminals, screens, keys."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.domain.boards.screens import Screen
from chalicelib.domain.machines.machine_keys import MachineKey
from chalicelib.domain.people.devices import Device
from chalicelib.domain.people.terminal_access import TerminalAccess
from chalicelib.domain.people.terminals import Terminal
from chalicelib.domain.people.users import User
from chalicelib.domain.telling.webhooks import Webhook
from chalicelib.storage import table
from chalicelib.storage.keys import boards, machines, people, telling
from chalicelib.storage.people.users import PEOPLE_PREFIX


@dataclass(frozen=True)
class PersonsAccess:
    """How a person comes in: their devices, and their PIN and badge (None: they have neither)."""

    user: User
    devices: tuple[Device, ...]
    at_terminals: TerminalAccess | None


def of_people(tenant: str) -> Iterator[PersonsAccess]:
    """Read all people. Costs one query, and one for each of them."""
    for each in table.query(people.users(tenant), PEOPLE_PREFIX):
        user = each.read(User)
        theirs = list(table.query(people.devices(tenant, user.id)))
        access = [item.read(TerminalAccess) for item in theirs if item.kind == "terminal_access"]
        devices = tuple(item.read(Device) for item in theirs if item.kind == "device")
        yield PersonsAccess(user, devices, access[0] if access else None)


def terminals(tenant: str) -> Iterator[Terminal]:
    """Read all terminals, revoked ones too."""
    return (each.read(Terminal) for each in table.query(*people.terminals(tenant)))


def screens(tenant: str) -> Iterator[Screen]:
    """Read all screens, revoked ones too."""
    return (each.read(Screen) for each in table.query(*boards.screens(tenant)))


def machine_keys(tenant: str) -> Iterator[MachineKey]:
    """Read the keys of all machines, revoked ones too. Costs one query, and one for each machine."""
    for machine in table.query(machines.machines(tenant)):
        keys = table.query(*machines.machine_keys(tenant, machine.data["id"]))
        yield from (each.read(MachineKey) for each in keys)


def webhooks(tenant: str) -> Iterator[Webhook]:
    """Read all webhooks."""
    prefix = telling.webhook(tenant, "")
    return (each.read(Webhook) for each in table.query(*prefix))
