"""The plan of a folder of factory data: people, machines, orders or readings to send, and answers to expect."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

Value = float | str | None
"""An answer: a number (minutes, pieces, percent, a measured value), an instant as text, or None."""


@dataclass(frozen=True, order=True)
class Question:
    """One question to Takip: the kind of subject, its id, and the figure."""

    about: str
    subject: str
    what: str


Answers = Mapping[Question, Value]


@dataclass(frozen=True)
class Sensor:
    """A sensor of a machine and the range of its plausible values."""

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
    """A session to book on a stage (by its index in the order). `key` is made from the row it was read from."""

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
    """A work order to open, with all its sessions."""

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
    """The work of people, sent through the HTTP API."""

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
    """The readings of a machine, sent through the queue."""

    name: str
    machine: Machine
    readings: tuple[Reading, ...]
    expected: Answers


Plan = FloorPlan | ReadingsPlan


def read_instant(text: str, form: str) -> datetime:
    """A local time without zone, in the given strptime format, read as UTC."""
    return datetime.strptime(text, form).replace(tzinfo=UTC)


def wire(instant: datetime) -> str:
    """An instant in the API's format, `2026-01-05T10:00:00Z`."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def minutes(span: timedelta) -> float:
    """A span in minutes."""
    return span / timedelta(minutes=1)


def slug(text: str) -> str:
    """An id made from a name: `Machine 7- Laser Marking` → `machine-7-laser-marking`."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def content_key(*parts: str) -> str:
    """An idempotency key that is the same for the same content, in every run."""
    return "replay-" + sha256("\x1f".join(parts).encode()).hexdigest()[:40]


def read_lines(path: Path) -> list[str]:
    """The lines of a text file, without the byte order mark of spreadsheets."""
    return path.read_text(encoding="utf-8-sig").splitlines()
