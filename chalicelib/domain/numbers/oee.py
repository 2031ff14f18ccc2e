"""OEE: how much of its planned busy time a machine turned into good pieces (ISO 22400-2).

Availability is producing time ÷ planned busy time, effectiveness standard time of what was produced ÷ producing time,
quality standard time of the good pieces ÷ that of all. Their product is OEE: standard time of the good pieces ÷ planned
busy time. Every ratio is made of sums, also of many machines and windows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from chalicelib.domain.intervals import Interval
from chalicelib.domain.numbers.machine_time import MachineTime
from chalicelib.domain.numbers.metrics import Metric, ratio

MICROSECONDS_A_MINUTE = 60_000_000


class Source(StrEnum):
    """Where the states of a machine are from: from its readings, or from the sessions that name it."""

    STATES = "states"
    SESSIONS = "sessions"


@dataclass(frozen=True, slots=True)
class Booked:
    """What was made in a session on a machine. `standard` is that of its stage, in seconds a piece."""

    good: Decimal = Decimal(0)
    scrap: Decimal = Decimal(0)
    rework: Decimal = Decimal(0)
    standard: Decimal | None = None

    @property
    def produced(self) -> Decimal:
        """Good pieces, scrap, and the change of the pieces that wait for rework."""
        return self.good + self.scrap + self.rework


Ended = tuple[datetime, Booked]
"""When a session ended, and what was made in it."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, in pieces, and the standard time of it in seconds.

    What has no standard is not in `standard_produced` and `standard_good`: `produced_unmeasured` and `good_unmeasured`
    count it, which are parts of all pieces.
    """

    good: Decimal = Decimal(0)
    scrap: Decimal = Decimal(0)
    rework: Decimal = Decimal(0)
    standard_produced: Fraction = Fraction(0)
    standard_good: Fraction = Fraction(0)
    produced_unmeasured: Decimal = Decimal(0)
    good_unmeasured: Decimal = Decimal(0)

    @property
    def produced(self) -> Decimal:
        """Good pieces, scrap, and the change of the pieces that wait for rework."""
        return self.good + self.scrap + self.rework

    def __add__(self, other: "Made") -> "Made":
        """Both together."""
        return Made(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Made)))


@dataclass(frozen=True, slots=True)
class OeeSums:
    """What OEE is made of, of a machine in a window or of many together: time, pieces, and the number of inputs."""

    time: MachineTime = field(default_factory=MachineTime)
    made: Made = field(default_factory=Made)
    inputs: int = 0

    def __add__(self, other: "OeeSums") -> "OeeSums":
        """Both together."""
        return OeeSums(self.time + other.time, self.made + other.made, self.inputs + other.inputs)


def together(parts: Iterable[OeeSums]) -> OeeSums:
    """All parts together. Their order does not matter."""
    return sum(parts, OeeSums())


def made_in(ended: Iterable[Ended], window: Interval) -> OeeSums:
    """What was made in the sessions that ended in a window."""
    inside = [booked for at, booked in ended if window[0] <= at < window[1]]
    return OeeSums(made=sum(map(made_of, inside), Made()), inputs=len(inside))


def made_of(booked: Booked) -> Made:
    """What was made in a session."""
    pieces = booked.good, booked.scrap, booked.rework
    if booked.standard is None:
        return Made(*pieces, produced_unmeasured=booked.produced, good_unmeasured=booked.good)
    standard = Fraction(booked.standard)
    return Made(*pieces, standard * Fraction(booked.produced), standard * Fraction(booked.good))


def metrics_of(sums: OeeSums, unless: str | None = None) -> dict[str, Metric]:
    """The metrics of sums. `unless` is why there is no time to divide by: `no_calendar` or `no_data`.

    `no_plan`: nothing was planned, or all of it was a planned stop. `no_standard`: pieces in it have no standard time.
    """
    made = sums.made
    unmeasured = "no_standard" if made.produced_unmeasured or made.good_unmeasured else None
    no_states = unless if unless == "no_data" else None
    producing, busy = (Fraction(each, MICROSECONDS_A_MINUTE) for each in (sums.time.producing, sums.time.busy))
    produced, good = made.standard_produced / 60, made.standard_good / 60
    return {
        "availability": ratio("availability", producing, busy, empty="no_plan", unless=unless),
        "oee_effectiveness": ratio(
            "oee_effectiveness", produced, producing, empty="no_run", unless=no_states or unmeasured
        ),
        "oee_quality": ratio("oee_quality", good, produced, empty="no_output", unless=unmeasured),
        "oee": ratio("oee", good, busy, empty="no_plan", unless=unless or unmeasured),
    }
