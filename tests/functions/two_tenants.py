"""Two plants on one API, each with people and data, and the partitions that a request touches."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from chalice.test import Client

from chalicelib.domain.people.users import Role
from tests.floor import Person
from tests.functions.furnishing import employ, furnish
from tests.functions.things import Things
from tests.machines import watched


@dataclass(frozen=True)
class House:
    """A tenant: somebody of each role, and what its worker has."""

    tenant: str
    people: dict[Role, Person]
    things: Things

    @property
    def admin(self) -> Person:
        return self.people[Role.ADMIN]

    @property
    def planner(self) -> Person:
        return self.people[Role.PLANNER]

    @property
    def worker(self) -> Person:
        return self.people[Role.WORKER]

    @property
    def ids(self) -> set[str]:
        """All ids that nobody outside may ever be told."""
        things = self.things
        people = {person.id for person in self.people.values()}
        own = {things.order_id, things.machine_id, things.key_id, things.webhook_id, things.delivery_id}
        own |= {things.message_id, things.product_code, things.screen_id, things.terminal_id}
        return people | things.private | own


def found(client: Client, tenant: str) -> House:
    """Staff a tenant and give its worker something to do."""
    people = {role: employ(client, f"{role} of {tenant}", role, tenant) for role in Role}
    machine_id = f"{tenant}-press"
    assert people[Role.PLANNER].post("/machines", {"id": machine_id, "name": "Press"}).status == 201
    neighbour = employ(client, f"neighbour in {tenant}", Role.WORKER, tenant)
    things, _ = furnish(people[Role.PLANNER], people[Role.WORKER], neighbour, machine_id)
    return House(tenant, people, things)


@contextmanager
def touching() -> Iterator[set[str]]:
    """The tenants whose partitions are read or written, or of whom a message, a marker or an event speaks."""
    touched: set[str] = set()

    def note(_operation: str, parameters: dict[str, Any]) -> None:
        touched.update(_tenants_in(parameters))

    with watched(note):
        yield touched


def _tenants_in(sent: Any) -> Iterator[str]:
    """Every tenant that parameters of AWS name: in any key, in a marker, an event or a message to the queue."""
    if isinstance(sent, str) and sent.startswith("T#"):
        yield sent.split("#")[1]
    elif isinstance(sent, list | tuple):
        for each in sent:
            yield from _tenants_in(each)
    elif isinstance(sent, dict):
        if "Bucket" in sent:
            yield sent["Key"].split("/")[1]
        if "MessageBody" in sent:
            yield json.loads(sent["MessageBody"])["tenant"]
        partition = sent["PK"]["S"] if {"PK", "data"} <= sent.keys() else ""
        if partition.startswith(("DIRTY#", "TIMER#")):
            yield sent["data"]["M"]["tenant"]["S"]
        if partition.startswith("OUTBOX#"):
            yield from (event["M"]["tenant"]["S"] for event in sent["data"]["M"]["events"]["L"])
        for each in sent.values():
            yield from _tenants_in(each)
