"""The plant as its old system knew it, in Takip's terms. Ids are those of the old system."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from chalicelib.domain.intervals import Interval
from chalicelib.domain.machines.machines import MachineStatus
from chalicelib.domain.orders.issues import IssueStatus, IssueType
from chalicelib.domain.planning.moulds import Mould

Span = tuple[datetime, datetime | None]
"""A stretch of work. One that goes on has no end."""


@dataclass(frozen=True)
class OldMachine:
    """A machine. `key` is its id in Takip, made of its name."""

    id: int
    key: str
    name: str
    machine_type: str | None
    location: str | None
    status: MachineStatus
    created_at: datetime | None


@dataclass(frozen=True)
class OldProduct:
    """A product, with the time of a cycle and the pieces that it makes. `stages` are those of its orders.

    `moulds` are beside their ids.
    """

    id: int
    code: str
    name: str
    note: str | None
    cycle_seconds: Decimal | None
    cavities: int | None
    material: str | None
    part_weight_g: Decimal | None
    injection_temperature_c: Decimal | None
    mould_temperature_c: Decimal | None
    created_at: datetime | None
    moulds: tuple[tuple[int, Mould], ...] = ()
    stages: tuple[str, ...] = ()


@dataclass(frozen=True)
class OldIssue:
    """An issue, with the times of its answers. `created_by` is None if nobody who is there reported it."""

    id: int
    type: IssueType
    description: str
    status: IssueStatus
    created_by: int | None
    created_at: datetime
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None


@dataclass(frozen=True)
class OldStage:
    """A stage. `spans` is the work on it, in order; `done_at` is when it was done (None: it is not).

    `good` is what was made of the order, on its last stage.
    """

    id: int
    name: str
    window: Interval | None = None
    spans: tuple[Span, ...] = ()
    done_at: datetime | None = None
    assignees: tuple[int, ...] = ()
    issues: tuple[OldIssue, ...] = ()
    good: Decimal = Decimal(0)


@dataclass(frozen=True)
class OldOrder:
    """An order with its stages, of which it has one at least. `opened_at` is the first that is known of it."""

    id: int
    product_code: str
    lot_no: str | None
    quantity: Decimal
    window: Interval
    opened_at: datetime
    created_by: int | None
    machine_id: int | None
    note: str | None
    stages: tuple[OldStage, ...]


@dataclass(frozen=True)
class OldReading:
    """A reading as a machine sends it. `machine_id` is the id in Takip; of a machine that is not there it is none."""

    machine_id: str
    part: dict[str, object]


@dataclass(frozen=True)
class OldPlant:
    """All that comes over, but the people."""

    machines: tuple[OldMachine, ...]
    products: tuple[OldProduct, ...]
    orders: tuple[OldOrder, ...]
    readings: tuple[OldReading, ...]
    refused_readings: tuple[OldReading, ...]
