"""Readings over HTTP: checked at once; valid readings go to the queue that all machines send to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib import clock
from chalicelib.domain.errors import FieldError, InvalidFields
from chalicelib.domain.machines.messages import check, encode, unfold
from chalicelib.domain.machines.quarantine import set_aside
from chalicelib.domain.people.users import Actor
from chalicelib.outbound import queue
from chalicelib.services.machines import known_machines
from chalicelib.services.tenants import settings_of
from chalicelib.storage.machines import quarantine


@dataclass(frozen=True)
class Sent:
    """The result of a message: how many readings were accepted, how many went to quarantine, and why."""

    accepted: int
    quarantined: int
    errors: tuple[FieldError, ...]


def send(actor: Actor, machine_id: str, body: Mapping[str, object], *, dry_run: bool = False) -> Sent:
    """Accept a machine's message: wrong readings go to quarantine, valid ones to the queue.

    Raises MachineNotFound, StorageUnavailable, ReadingsUnavailable, and InvalidFields if no reading can be used.
    """
    machine = known_machines.get(actor.tenant, machine_id)
    spoken_for = {"tenant": actor.tenant, "machine_id": machine_id}
    strange = [name for name, own in spoken_for.items() if body.get(name, own) != own]
    if strange:
        raise InvalidFields(
            [FieldError(name, "must be the machine_id of the path, or be left out", "other") for name in strange]
        )
    message, now = unfold({**body, **spoken_for}), clock.now()
    checked = check(message, machine, now, settings_of(actor.tenant).readings_kept)
    if not checked.readings:
        raise InvalidFields(checked.problems)
    sent = Sent(len(checked.readings), len(message.parts) - len(checked.readings), checked.problems)
    if dry_run:
        return sent
    if checked.problems:
        original = json.dumps({**body, **spoken_for}, sort_keys=True)
        quarantine.write(actor.tenant, [set_aside(original, now, machine_id, checked.problems)])
    queue.send(encode(actor.tenant, machine_id, checked.readings))
    return sent
