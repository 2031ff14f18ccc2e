"""Importing old readings: they are checked as those of messages are, packed well and put on the queue of all machines.

Readings have an identity, so what is sent again counts once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib import clock
from chalicelib.domain.machines.history import SURPLUS, Line, RefusedLine, part_of, refused
from chalicelib.domain.machines.messages import MAX_READINGS, Message, check, encode
from chalicelib.outbound import queue
from chalicelib.services.machines import known_machines
from chalicelib.services.tenants import settings_of


@dataclass(frozen=True)
class Imported:
    """The result of some lines: how many readings and messages were sent, and the lines that cannot be used."""

    readings: int
    messages: int
    refused: tuple[RefusedLine, ...]


def take(tenant: str, lines: Sequence[Line], *, dry_run: bool) -> Imported:
    """Send the readings of lines, up to 1,000 of a machine in a message. A dry run only checks them.

    Raises ReadingsUnavailable, StorageUnavailable. Some messages may be sent then; sending them again changes nothing.
    """
    of_machines: dict[str, list[Line]] = {}
    for line in lines:
        if not line.surplus:
            of_machines.setdefault(line.machine_id, []).append(line)
    known = known_machines.find((tenant, machine_id) for machine_id in of_machines if machine_id)
    now, retention = clock.now(), settings_of(tenant).readings_kept
    sent, messages = 0, 0
    wrong = [RefusedLine(line, (SURPLUS,)) for line in lines if line.surplus]
    for machine_id, own in of_machines.items():
        for start in range(0, len(own), MAX_READINGS):
            some = own[start : start + MAX_READINGS]
            message = Message(tenant, machine_id, [part_of(line) for line in some])
            checked = check(message, known.get((tenant, machine_id)), now, retention)
            wrong += refused(some, checked.problems)
            if checked.readings:
                sent, messages = sent + len(checked.readings), messages + 1
                if not dry_run:
                    queue.send(encode(tenant, machine_id, checked.readings))
    return Imported(sent, messages, tuple(sorted(wrong, key=lambda each: each.line.number)))
