"""Readings as the gateway keeps and sends them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST_TEXT = 200


@dataclass(frozen=True)
class Reading:
    """One value of a machine.

    `at` is the device's time, as the device wrote it or in UTC; None for a device that has no clock. `seq` is the
    device's own counter. The gateway makes none: a value that a device sends again must stay the same reading.
    `received_at` is the gateway's time.
    """

    machine: str
    type: str
    sensor: str
    value: object
    received_at: datetime
    at: str | None = None
    seq: object = None

    @property
    def marked_at(self) -> str:
        """Until when the device's values are kept; if its clock is ahead, until the gateway's time."""
        received = written(self.received_at)
        return min(self.at or received, received)

    def as_sent(self) -> str:
        """The reading in Takip's message, as JSON. It is made once: what is sent again is the same to the letter.

        Beside the device's time stands the gateway's. Takip does not use it, but shows it if the reading is refused.
        """
        received = written(self.received_at)
        part: dict[str, object] = {"type": self.type, "sensor": self.sensor, "value": plain(self.value)}
        part |= {"at": received} if self.at is None else {"at": plain(self.at), "received_at": received}
        if self.seq is not None:
            part["seq"] = plain(self.seq)
        return json.dumps(part, separators=(",", ":"))


def written(instant: datetime) -> str:
    """An instant as RFC 3339 text in UTC, to the microsecond."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def plain(value: object) -> object:
    """A number or a word as it is; anything else as a short text. Takip puts that into quarantine, where it is seen.

    So one wrong value never makes the message unreadable that carries it with others.
    """
    return value if value is None or isinstance(value, bool | int | float) else str(value)[:LONGEST_TEXT]


def message(tenant: str, machine: str, parts: list[str]) -> str:
    """Takip's message with these readings."""
    head = json.dumps({"tenant": tenant, "machine_id": machine}, separators=(",", ":"))
    return f'{head[:-1]},"readings":[{",".join(parts)}]}}'
