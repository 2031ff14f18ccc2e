"""Sending the readings of the old system as their machines would have: an hour of a machine in a message or more."""

import json
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from chalicelib.domain.machines.messages import MAX_READINGS
from chalicelib.services.machines.groups import Arrived
from infra.old_system.plant import OldReading

HOUR = len("2026-01-05T10")


def messages(tenant: str, readings: Iterable[OldReading], now: datetime) -> list[Arrived]:
    """The messages of readings that are in the order of machine and time, the same ones in each run.

    A message was sent when its last reading was taken. Where no time can be read, it is sent now.
    """
    found = []
    for (machine_id, _), hour in groupby(readings, lambda each: (each.machine_id, str(each.part["at"])[:HOUR])):
        together = list(hour)
        for start in range(0, len(together), MAX_READINGS):
            some = together[start : start + MAX_READINGS]
            body = json.dumps({"tenant": tenant, "machine_id": machine_id, "readings": [each.part for each in some]})
            found.append(Arrived(body, _sent_at(some[-1], now)))
    return found


def _sent_at(last: OldReading, now: datetime) -> datetime:
    try:
        return min(datetime.fromisoformat(str(last.part["at"])), now)
    except (ValueError, TypeError):
        return now
