"""Bringing the plant of an old system over: machines, products, orders with all that happened to them, and readings."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from chalicelib import clock
from chalicelib.domain.machines.machines import MachineStatus
from chalicelib.domain.old_ids import Kind, OldIdNotFound
from chalicelib.domain.people.permissions import authorize
from chalicelib.domain.people.users import TAKIP, Actor, Role, UserNotFound
from chalicelib.domain.sentences import say
from chalicelib.services import old_ids, tenants
from chalicelib.services.machines import known_machines
from chalicelib.services.machines.ingest import ingest
from chalicelib.services.people import users
from chalicelib.services.people.users import UserFilters
from infra.old_system import numbers
from infra.old_system.bringing import Bringer, Refused
from infra.old_system.judging import judged
from infra.old_system.people import USERS
from infra.old_system.plant import OldPlant, OldReading
from infra.old_system.registers import bring_machine, bring_product
from infra.old_system.sent_readings import messages

AT_ONCE = 8
"""So many orders are written at the same time: each waits for the table most of the time."""
A_BLOCK = 40
MESSAGES_A_BATCH = 10
NO_PLANNER = "Nobody has the username {username}; register them first, or name another planner."

Thing = TypeVar("Thing")


def bring(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Bring the `tables` of an old system into a `tenant`, by the planner whose username `by` is; part by part.

    Each part begins with its name and how much there is to do; then come what was `done`, how many `commands` that
    took, and the rows that were `refused`. People came over before. What is in Takip already costs no command, so an
    interrupted run goes on, and a later run brings what is new.
    """
    tenant = tenants.require(given["tenant"]).id
    planner = planner_of(tenant, given["by"])
    tables = given["tables"]
    plant = judged(tables, ZoneInfo(given["planned_timezone"]), clock.now()).plant
    plant = _under_their_ids(tenant, plant)
    people = _known(tenant, "user", [row["id"] for row in tables[USERS] if isinstance(row.get("id"), int)])
    barred: set[tuple[str, int]] = set()
    for kept in numbers.of_plant(plant):
        yield {"part": f"Numbers of {kept.table}", "total": len(kept.by_id)}
        refused = numbers.keep(tenant, kept)
        barred |= {(each.table, each.row_id) for each in refused}
        yield _told(len(kept.by_id), 0, refused)
    yield from _registers(planner, plant)
    yield from _orders(Bringer(planner, people, _in_use(tenant, plant), frozenset(barred)), plant)
    yield from _readings(tenant, [*plant.readings, *plant.refused_readings])


def planner_of(tenant: str, username: str) -> Actor:
    """The planner who imports, by their username. Raises UserNotFound, ActionForbidden."""
    found = users.page(Actor(tenant, TAKIP, Role.ADMIN), UserFilters(username, active=True), limit=1, cursor=None).items
    if not found:
        raise UserNotFound(say(NO_PLANNER, username=username))
    planner = Actor(tenant, found[0].id, found[0].role)
    authorize(planner, "order.create")
    return planner


def _known(tenant: str, kind: Kind, numbers: Sequence[int]) -> dict[int, str]:
    """Takip's ids of the numbers that came over before."""
    found = {}
    for number in numbers:
        try:
            found[number] = old_ids.id_of(tenant, kind, number)
        except OldIdNotFound:
            continue
    return found


def _under_their_ids(tenant: str, plant: OldPlant) -> OldPlant:
    """The plant with its machines under the ids that they got when they first came, whatever they are called now."""
    known = _known(tenant, "machine", [machine.id for machine in plant.machines])
    taken = {*known.values()}
    others = {each.id: f"{each.key}-{each.id}" if each.key in taken else each.key for each in plant.machines}
    keys = {machine.key: known.get(machine.id, others[machine.id]) for machine in plant.machines}
    machines = tuple(replace(machine, key=keys[machine.key]) for machine in plant.machines)
    readings = tuple(replace(each, machine_id=keys[each.machine_id]) for each in plant.readings)
    refused = tuple(
        replace(each, machine_id=keys.get(each.machine_id, each.machine_id)) for each in plant.refused_readings
    )
    return replace(plant, machines=machines, readings=readings, refused_readings=refused)


def _registers(planner: Actor, plant: OldPlant) -> Iterator[dict[str, Any]]:
    yield {"part": "Machines", "total": len(plant.machines)}
    for machine in plant.machines:
        yield _told(1, int(bring_machine(planner, machine)))
    yield {"part": "Products", "total": len(plant.products)}
    for product in plant.products:
        done = bring_product(planner, product)
        yield _told(1, done.commands, done.refused)


def _orders(bringer: Bringer, plant: OldPlant) -> Iterator[dict[str, Any]]:
    """Bring some orders at once. A block that was begun is finished before the run ends."""
    yield {"part": "Orders", "total": len(plant.orders)}
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for block in _blocks(plant.orders, A_BLOCK):
            brought = list(threads.map(bringer.bring, block))
            issues = {issue: number for each in brought for issue, number in each.issues.items()}
            refused = [each for one in brought for each in one.refused]
            refused += numbers.keep(bringer.planner.tenant, numbers.of_issues(issues))
            yield _told(len(block), sum(each.commands for each in brought), refused)


def _in_use(tenant: str, plant: OldPlant) -> dict[int, str]:
    """The machines that orders may name: none that was retired in Takip since."""
    known = known_machines.find((tenant, machine.key) for machine in plant.machines)
    retired = {machine.id for machine in known.values() if machine.status is MachineStatus.RETIRED}
    return {machine.id: machine.key for machine in plant.machines if machine.key not in retired}


def _readings(tenant: str, readings: Sequence[OldReading]) -> Iterator[dict[str, Any]]:
    """Take the readings in as those of the queue are. The same ones again change nothing."""
    sent = messages(tenant, readings, clock.now())
    yield {"part": "Messages with readings", "total": len(sent)}
    for some in _blocks(sent, MESSAGES_A_BATCH):
        taken = ingest(some)
        yield _told(len(some), 0) | {"readings": taken.readings, "quarantined": taken.quarantined}


def _blocks(things: Sequence[Thing], size: int) -> Iterator[Sequence[Thing]]:
    return (things[start : start + size] for start in range(0, len(things), size))


def _told(done: int, commands: int, refused: Sequence[Refused] = ()) -> dict[str, Any]:
    return {"done": done, "commands": commands, "refused": [[each.table, each.row_id, each.reason] for each in refused]}
