"""Sending the readings of the old system as their machines would have: an hour of a machine in a message or more."""

import json
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from chalicelib.domain.machines.messages import MAX_READINGS
from chalicelib.domain.machines.readings import EPOCH
from chalicelib.services.machines.groups import Arrived
from infra.old_system.plant import OldReading

HOUR = len("2026-01-05T10")


def messages(tenant: str, readings: Iterable[OldReading], now: datetime) -> list[Arrived]:
    """The messages of readings that are in the order of machine and time, the same ones in each run.

    A message was sent when its last reading was taken. Where that cannot be read or is in the future, it was sent with
    the first of all: a later run finds it in quarantine under the same day.
    """
    readings = list(readings)
    first = min((at for each in readings if (at := _past(each, now)) is not None), default=EPOCH)
    found = []
    for (machine_id, _), hour in groupby(readings, lambda each: (each.machine_id, str(each.part["at"])[:HOUR])):
        together = list(hour)
        for start in range(0, len(together), MAX_READINGS):
            some = together[start : start + MAX_READINGS]
            body = json.dumps({"tenant": tenant, "machine_id": machine_id, "readings": [each.part for each in some]})
            found.append(Arrived(body, _past(some[-1], now) or first))
    return found


def _past(reading: OldReading, now: datetime) -> datetime | None:
    """When a reading was taken; None if nobody knows, or if that is not over."""
    try:
        at = datetime.fromisoformat(str(reading.part["at"]))
    except ValueError:
        return None
    return at if at.tzinfo and at <= now else None
