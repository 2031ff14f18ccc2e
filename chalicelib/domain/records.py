"""Records of work: what was made, sessions open and closed, and reports; immutable once written."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class SessionKind(StrEnum):
    """What a session was for."""

    RUN = "run"
    SETUP = "setup"
    REWORK = "rework"
    BREAKDOWN = "breakdown"


class Cause(StrEnum):
    """Why the server closed a session that somebody had open."""

    HOLD = "hold"
    CANCEL = "cancel"


@dataclass(frozen=True)
class OpenSession:
    """One worker's stretch of work that has not ended yet; it lives in its stage."""

    id: str
    worker_id: str
    started_at: datetime
    kind: SessionKind = SessionKind.RUN
    machine_id: str | None = None


@dataclass(frozen=True)
class Quantities:
    """What was made, in pieces (or kg, m): always an increment. `scrap` is by reason; `rework` is an open balance."""

    good: Decimal = Decimal(0)
    scrap: dict[str, Decimal] | None = None
    rework: Decimal = Decimal(0)

    @property
    def scrapped(self) -> Decimal:
        """All scrap, whatever the reason."""
        return sum((self.scrap or {}).values(), Decimal(0))

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to book."""
        return not (self.good or self.scrapped or self.rework)

    def __add__(self, other: "Quantities") -> "Quantities":
        """Add increments, scrap reason by reason."""
        scrap = dict(self.scrap or {})
        for reason, quantity in (other.scrap or {}).items():
            scrap[reason] = scrap.get(reason, Decimal(0)) + quantity
        return Quantities(self.good + other.good, scrap or None, self.rework + other.rework)


@dataclass(frozen=True)
class Session:
    """One closed stretch of work, immutable. `made` holds only what its closing brought; its reports hold the rest."""

    id: str
    stage_id: str
    worker_id: str
    kind: SessionKind
    started_at: datetime
    ended_at: datetime
    received_at: datetime
    booked_by: str
    made: Quantities = Quantities()
    machine_id: str | None = None
    pause_reason: str | None = None
    note: str | None = None
    cause: Cause | None = None


@dataclass(frozen=True)
class Report:
    """What a worker reported while a session was open; it names its session."""

    id: str
    stage_id: str
    session_id: str
    session_started_at: datetime
    at: datetime
    made: Quantities
    booked_by: str
    note: str | None = None
