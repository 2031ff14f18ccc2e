"""Records of work: quantities, open and closed sessions, and reports. Closed sessions and reports are immutable."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.sentences import say

ONLY_WITH_SCRAP = say("is allowed only with scrap above {least}", least=0)


class SessionKind(StrEnum):
    """The kind of work in a session."""

    RUN = "run"
    SETUP = "setup"
    REWORK = "rework"
    BREAKDOWN = "breakdown"


class Cause(StrEnum):
    """Why the server closed an open session."""

    HOLD = "hold"
    CANCEL = "cancel"
    SHIFT_END = "shift_end"
    ISSUE = "issue"


@dataclass(frozen=True)
class OpenSession:
    """A worker's session that has not ended yet. It is stored in its stage."""

    id: str
    worker_id: str
    started_at: datetime
    kind: SessionKind = SessionKind.RUN
    machine_id: str | None = None


@dataclass(frozen=True)
class Quantities:
    """Quantities made, in the order's unit (pieces, kg, m), always as increments.

    `scrap` is by reason. `rework` is the change of the balance of pieces that need rework.
    """

    good: Decimal = Decimal(0)
    scrap: dict[str, Decimal] | None = None
    rework: Decimal = Decimal(0)

    @property
    def scrapped(self) -> Decimal:
        """The scrap of all reasons together."""
        return sum((self.scrap or {}).values(), Decimal(0))

    @property
    def nothing(self) -> bool:
        """Whether all quantities are zero."""
        return not (self.good or self.scrapped or self.rework)

    def __add__(self, other: "Quantities") -> "Quantities":
        """The sum of both, with scrap added reason by reason."""
        scrap = dict(self.scrap or {})
        for reason, quantity in (other.scrap or {}).items():
            scrap[reason] = scrap.get(reason, Decimal(0)) + quantity
        return Quantities(self.good + other.good, scrap or None, self.rework + other.rework)

    def __neg__(self) -> "Quantities":
        """The same quantities with opposite signs."""
        scrap = {reason: -quantity for reason, quantity in (self.scrap or {}).items()}
        return Quantities(-self.good, scrap or None, -self.rework)


@dataclass(frozen=True)
class Session:
    """A closed session, immutable. `made` holds only what was booked at its closing; its reports hold the rest.

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
    """Quantities that a worker reported while a session was open."""

    id: str
    stage_id: str
    session_id: str
    session_started_at: datetime
    at: datetime
    made: Quantities
    booked_by: str
    note: str | None = None


def completed(sessions: Iterable[Session], reports: Iterable[SessionReport]) -> list[Session]:
    """Every session with the quantities of its reports and its closing together in `made`."""
    made: dict[str, Quantities] = {}
    for report in reports:
        made[report.session_id] = made.get(report.session_id, Quantities()) + report.made
    return [replace(session, made=made.get(session.id, Quantities()) + session.made) for session in sessions]


def standing(recorded: Iterable[Session]) -> list[Session]:
    """The sessions that count: the last of every chain of corrections, unless it is voided."""
    known = list(recorded)
    corrected = {session.corrects for session in known}
    return [session for session in known if session.id not in corrected and not session.voided]
