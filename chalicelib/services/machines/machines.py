"""Machines: registering, reading and changing them, and reading their history."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib import clock
from chalicelib.domain.machines.latest import Latest, silent_since
from chalicelib.domain.machines.machines import (
    NO_MACHINE,
    ChangeMachine,
    Machine,
    MachineChange,
    MachineNotFound,
    NewMachine,
    changed,
    judges_alike,
    registered,
)
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.domain.text import alike
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.machines import waiting
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.tenants import settings_of
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage.codec import CONVERTER
from chalicelib.storage.machines import machines

Present = Callable[[Machine], Any]


@dataclass(frozen=True)
class MachineFilters:
    """The filters of a list of machines. A line is found however its letters are written."""

    line: str | None = None

    def keeps(self, machine: Machine) -> bool:
        """Whether a machine passes the filters."""
        return alike(self.line, machine.line)


@dataclass(frozen=True)
class MachineNow:
    """A machine with its latest values, and since when it is silent (None: it is not)."""

    machine: Machine
    latest: Latest
    silent_since: datetime | None


def register(actor: Actor, new: NewMachine, request: Request, present: Present) -> Answer:
    """Register a machine. What it sent before is taken in soon after. Raises MachineIdTaken, InvalidFields."""

    def prepare() -> Prepared:
        machine = registered(new, request.as_of or clock.now())
        answer = Answer(present(machine), created=True, version=machine.version)
        return Prepared(answer, machines.creation(actor.tenant, machine) + waiting.take_in(actor.tenant, machine.id))

    return carry_out(actor, "register_machine", new, request, prepare)


def change(actor: Actor, machine_id: str, wanted: ChangeMachine, request: Request, present: Present) -> Answer:
    """Change a machine and write its history in the same transaction. Readings and commands see it within a minute.

    If its readings are judged otherwise now, those that wait in quarantine are taken in again soon after.
    If no field gets another value, nothing is written but the idempotency key.
    Raises MachineNotFound, StaleVersion, InvalidFields. Costs a read and a transaction.
    """

    def prepare() -> Prepared:
        before = read(actor, machine_id)
        request.refuse_stale(before.version)
        after = changed(before, wanted)
        made = MachineChange(clock.now(), actor.user_id, before, after)
        write = machines.change(actor.tenant, made)
        if not judges_alike(before, after):
            write += waiting.take_in(actor.tenant, after.id)
        return Prepared(Answer(present(after), version=after.version), write)

    return carry_out(actor, "change_machine", wanted, request, prepare, target=machine_id)


def history(actor: Actor, machine_id: str, *, limit: int, cursor: str | None) -> ListPage[MachineChange]:
    """A page of a machine's changes, oldest first. Costs one query, and one read if there are no changes.

    Raises MachineNotFound, BadCursor.
    """
    found = machines.changes(actor.tenant, machine_id, limit=limit, cursor=cursor)
    if not found.items:
        read(actor, machine_id)
    return page_of(found, MachineChange)


def read(actor: Actor, machine_id: str) -> Machine:
    """Read a machine. Raises MachineNotFound."""
    machine = machines.find(actor.tenant, machine_id)
    if machine is None:
        raise _not_found(machine_id)
    return machine


def read_with_latest(actor: Actor, machine_id: str) -> MachineNow:
    """Read a machine, its latest values, and since when it is silent. Raises MachineNotFound.

    Costs one request, and one read if the tenant's settings were not read in the last minute.
    """
    machine, latest = machines.find_with_latest(actor.tenant, machine_id)
    if machine is None:
        raise _not_found(machine_id)
    since = silent_since(machine, latest, clock.now(), settings_of(actor.tenant).rollups_within)
    return MachineNow(machine, latest, since)


def page(actor: Actor, filters: MachineFilters, *, limit: int, cursor: str | None) -> ListPage[Machine]:
    """A page of machines, ordered by id. Costs one query. Raises BadCursor."""
    bound = CONVERTER.unstructure(filters)
    return page_of(machines.page(actor.tenant, limit=limit, cursor=cursor, filters=bound), Machine, filters.keeps)


def _not_found(machine_id: str) -> MachineNotFound:
    return MachineNotFound(say(NO_MACHINE, machine_id=machine_id))
