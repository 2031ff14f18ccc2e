"""What a folder of factory data asks of Takip: people, machines, orders or readings to send, and answers to expect."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

Value = float | str | None
"""An answer: a number (minutes, pieces, percent, a measured value), an instant in text, or none."""


@dataclass(frozen=True, order=True)
class Question:
    """One thing to ask of Takip: about what kind of subject, about which one, and what of it."""

    about: str
    subject: str
    what: str


Answers = Mapping[Question, Value]


@dataclass(frozen=True)
class Sensor:
    """A sensor of a machine and the range in which its values are believed."""

    sensor: str
    type: str
    low: float
    high: float


@dataclass(frozen=True)
class Machine:
    """A machine to register."""

    id: str
    name: str
    machine_type: str
    location: str
    sensors: tuple[Sensor, ...] = ()


@dataclass(frozen=True)
class Booking:
    """A finished session to book on a stage (by its index in the order); `key` comes from the row it was read from."""

    stage: int
    worker: str
    machine_id: str | None
    kind: str
    started_at: datetime
    ended_at: datetime
    good: int
    scrap: int
    rework: int
    key: str


@dataclass(frozen=True)
class Stage:
    """A stage to plan, and when it was done."""

    name: str
    planned_start: datetime
    planned_end: datetime
    done_at: datetime


@dataclass(frozen=True)
class Order:
    """A work order to open, with every session that was ever worked on it."""

    id: str
    number: str
    product_code: str
    quantity: int
    planned_start: datetime
    planned_end: datetime
    stages: tuple[Stage, ...]
    bookings: tuple[Booking, ...]


@dataclass(frozen=True)
class FloorPlan:
    """What people did: goes through the HTTP API."""

    name: str
    people: tuple[str, ...]
    machines: tuple[Machine, ...]
    orders: tuple[Order, ...]
    expected: Answers


@dataclass(frozen=True)
class Reading:
    """One value to send."""

    type: str
    value: float
    at: datetime
    sensor: str


@dataclass(frozen=True)
class ReadingsPlan:
    """What a machine measured: goes through the readings queue."""

    name: str
    machine: Machine
    readings: tuple[Reading, ...]
    expected: Answers


Plan = FloorPlan | ReadingsPlan


def read_instant(text: str, form: str) -> datetime:
    """Read a naive time of the given strptime form as UTC."""
    return datetime.strptime(text, form).replace(tzinfo=UTC)


def wire(instant: datetime) -> str:
    """Write an instant as the API takes it, `2026-01-05T10:00:00Z`."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def minutes(span: timedelta) -> float:
    """Give a span in minutes."""
    return span / timedelta(minutes=1)


def slug(text: str) -> str:
    """Make an id out of a name: `Machine 7- Laser Marking` → `machine-7-laser-marking`."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def content_key(*parts: str) -> str:
    """Make an idempotency key that is the same for the same content, in this run and in every later one."""
    return "replay-" + sha256("\x1f".join(parts).encode()).hexdigest()[:40]


def read_lines(path: Path) -> list[str]:
    """Read a text file's lines, without the byte order mark that spreadsheets leave."""
    return path.read_text(encoding="utf-8-sig").splitlines()
