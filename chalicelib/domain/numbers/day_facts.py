"""Day facts: what an order adds to the numbers of local days.

A day is half-open: 00:00 belongs to the day that begins then. Working time is split at 00:00. The pieces of a session,
a done stage and a done order count in the day of their end.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from chalicelib.domain.numbers.dimensions import WHOLE, Dimension, Group, Place
from chalicelib.domain.orders.session_records import SessionKind


@dataclass(frozen=True)
class StageFact:
    """A stage that was done that day: planned, run, labour and delay in milliseconds, and its quantities.

    `late` is against the current plan, `baseline_late` against the first one. `standard` is how many seconds its pieces
    take by its standard; None if it has none. `groups` and `ended_at` are None in facts of earlier
    releases.
    """

    planned: int
    run: int
    labour: int
    delay: int
    late: bool
    good: Decimal
    scrap: Decimal
    rework: Decimal
    groups: tuple[Group, ...] | None = None
    ended_at: datetime | None = None
    baseline_late: bool = False
    good_from_rework: Decimal = Decimal(0)
    standard: Decimal | None = None


@dataclass(frozen=True)
class OrderFact:
    """An order that was done that day: its lead time in milliseconds, whether it was late, and its good pieces.

    These are those of its last stage. `late` is against the current plan, `baseline_late` against the first one.
    """

    lead: int
    late: bool
    groups: tuple[Group, ...] | None = None
    ended_at: datetime | None = None
    baseline_late: bool = False
    good: Decimal = Decimal(0)


@dataclass(frozen=True)
class GivenUpFact:
    """A stage that was skipped or cancelled that day, or an order (`is_order`) that was cancelled; only counted."""

    is_order: bool
    skipped: bool
    groups: tuple[Group, ...] | None
    ended_at: datetime


@dataclass(frozen=True)
class SessionFact:
    """The part of a session that lies in the day. What was made in it (also scrap, by reason) is in the day of its end.

    It names its stage and its machine. Facts of earlier releases name neither, or the stage only with a machine, and
    know no quantity but `good`. `is_last`: it is one of the last stage of its order. After it nobody worked at the
    stage for `paused` milliseconds, for its `pause_reason` if it has one. That counts in the day of its end too.
    `standard` is that of the stage, in seconds a piece.
    """

    started_at: datetime
    ended_at: datetime
    kind: SessionKind
    good: Decimal = Decimal(0)
    machine_id: str | None = None
    stage_id: str | None = None
    groups: tuple[Group, ...] | None = None
    scrap: dict[str, Decimal] | None = None
    rework: Decimal = Decimal(0)
    pause_reason: str | None = None
    corrects: str | None = None
    is_last: bool = False
    paused: int = 0
    standard: Decimal | None = None


Fact = StageFact | OrderFact | GivenUpFact | SessionFact


@dataclass(frozen=True)
class FactKey:
    """The key of a fact: its local day, its subject (STAGE, ORDER or SESSION) and the subject's id.

    A stage that is done has the fact that it was done, one that was given up that it was given up.
    """

    day: date
    subject: str
    identity: str


def line_of(fact: Fact) -> str | None:
    """The line on which a session was; empty if its machine is on none, and None if it is not known."""
    if not isinstance(fact, SessionFact) or fact.groups is None or fact.machine_id is None:
        return None
    return next((group.value for group in fact.groups if group.dimension is Dimension.LINE), "")


def in_group(fact: Fact, group: Group) -> bool:
    """Whether a fact counts for the plant, or for a group, however its value is written."""
    return group == WHOLE or any(each.key == group.key for each in fact.groups or ())


def places_of(day: date, fact: Fact) -> list[Place]:
    """Whose sums a fact of a day belongs to: the plant's, and those of its groups."""
    return [Place(day, group.key) for group in (WHOLE, *(fact.groups or ()))]
