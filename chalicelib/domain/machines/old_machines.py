"""Machines and readings as the old system knew them: statuses, ids made of names, and values that are texts."""

import re

from chalicelib.domain.machines.machines import MachineStatus
from chalicelib.domain.machines.readings import CUSTOM, TYPES, Reading
from chalicelib.domain.text import folded, unmarked

# Readings of a retired machine are refused, and the old system took those of machines that were not used.
STATUSES = {"active": "active", "maintenance": "maintenance", "inactive": "maintenance"}
"""The statuses of machines and moulds in the old system, and Takip's."""

UNNAMED = "unknown"
"""The sensor of a reading whose type has no letter that an id may have."""

_NUMBER = re.compile(r"\s*([+-]?[0-9]{1,30})(?:[.,]([0-9]{1,30}))?\s*", re.ASCII)
_SLUG = re.compile(r"[^a-z0-9]+")


def slug_of(name: str) -> str:
    """A name as the id of a machine: small letters without marks, digits and hyphens; it may be empty."""
    return _SLUG.sub("-", unmarked(folded(name))).strip("-")[:48].strip("-")


def number_of(value: str) -> float | str:
    """The value of a reading. `181,5` and ` 181.5 ` are 181.5. What is no number stays as it is."""
    found = _NUMBER.fullmatch(value)
    return value if found is None else float(f"{found[1]}.{found[2] or 0}")


def old_status(status: str) -> str:
    """What the old app is told of the status of a machine or a mould."""
    return "inactive" if status == MachineStatus.RETIRED else str(status)


def named(word: str) -> dict[str, str]:
    """The type of a reading as a machine sends it. A type that Takip does not have is the sensor of a custom one."""
    known = word.strip().lower()
    return {"type": known} if known in TYPES else {"type": CUSTOM, "sensor": slug_of(known) or UNNAMED}


def old_type(reading: Reading) -> str:
    """What the old app is told of a reading's type: its sensor, where Takip's type says nothing."""
    return reading.sensor if reading.type == CUSTOM else reading.type


def old_value(reading: Reading) -> str:
    """The value as a text. A number has no more digits than it needs."""
    return reading.value if isinstance(reading.value, str) else f"{reading.value:.15g}"
