"""Records of work: what was made, sessions open and closed, and reports; immutable once written."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    SHIFT_END = "shift_end"
    ISSUE = "issue"


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

    def __neg__(self) -> "Quantities":
        """What takes these back when it is added."""
        scrap = {reason: -quantity for reason, quantity in (self.scrap or {}).items()}
        return Quantities(-self.good, scrap or None, -self.rework)


@dataclass(frozen=True)
class Session:
    """One closed stretch of work, immutable. `made` holds only what its closing brought; its reports hold the rest.

    One that `corrects` another stands in its place, with all that was made in it; a voided one stands for nothing.
    It names the session with which its chain began: `first_id`, which began at `first_started_at`.
    """

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
    corrects: str | None = None
    first_id: str | None = None
    first_started_at: datetime | None = None
    voided: bool = False


@dataclass(frozen=True)
class SessionReport:
    """What a worker reported while a session was open; it names its session."""

    id: str
    stage_id: str
    session_id: str
    session_started_at: datetime
    at: datetime
    made: Quantities
    booked_by: str
    note: str | None = None


def complete(sessions: Iterable[Session], reports: Iterable[SessionReport]) -> list[Session]:
    """Every session with all that was made in it: the sum of its reports and its closing."""
    made: dict[str, Quantities] = {}
    for report in reports:
        made[report.session_id] = made.get(report.session_id, Quantities()) + report.made
    return [replace(each, made=made.get(each.id, Quantities()) + each.made) for each in sessions]


def standing(recorded: Iterable[Session]) -> list[Session]:
    """The sessions that count: of every chain of corrections the last, unless it was voided."""
    known = list(recorded)
    corrected = {each.corrects for each in known}
    return [each for each in known if each.id not in corrected and not each.voided]
