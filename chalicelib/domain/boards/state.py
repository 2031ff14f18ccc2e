"""The state of a board: all that a screen on the wall shows, so that its page only draws."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.priorities import Priority

HEARTBEAT = timedelta(minutes=2)
"""So often a board is written although it shows the same, to say that it still holds."""

STALE_AFTER = timedelta(minutes=5)
"""A board that is older is not what is true now: nothing makes it any more."""

KEPT = timedelta(days=7)
"""So long a board is kept that nothing makes any more."""


class WorkState(StrEnum):
    """What becomes of a stage that was begun."""

    BLOCKED = "blocked"
    HELD = "held"
    RUNNING = "running"
    PAUSED = "paused"


class NeedKind(StrEnum):
    """What somebody has to do something about."""

    ISSUE = "issue"
    FORGOTTEN = "forgotten_session"
    STOP = "stop_without_reason"


@dataclass(frozen=True)
class Shift:
    """The time of which the board counts pieces: the plant's shift or, outside of shifts, the local day (no name)."""

    start: datetime
    end: datetime
    name: str | None = None


@dataclass(frozen=True)
class Verdict:
    """How far ahead (+) or behind (−) it is, in pieces or, where pieces are not known, in minutes.

    `reason` says why it is not in pieces; None if it is.
    """

    value: Decimal | None = None
    unit: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Output:
    """Good pieces against expected ones, of a shift so far or of one of its hours.

    `expected` counts only where it is known; None if it is known nowhere. `start` is that of the hour.
    """

    start: datetime
    good: Decimal = Decimal(0)
    expected: Decimal | None = None


@dataclass(frozen=True)
class Rate:
    """A percentage, or the reason why there is none."""

    value: Decimal | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Tiles:
    """The tiles beside good pieces. `orders_on_time` and `late_orders` of a line are those that it has a part in."""

    late_orders: int = 0
    late_stages: int = 0
    blocked: int = 0
    held: int = 0
    open_issues: Mapping[Priority, int] = field(default_factory=dict)
    on_time: Rate = field(default_factory=Rate)
    orders_on_time: Rate = field(default_factory=Rate)


@dataclass(frozen=True)
class Row:
    """A stage that was begun and has not ended. Names are cut to some bytes, with `…` as the last character.

    `good` and `expected` are pieces since it was begun, `quantity` is the order's. `late_minutes` are those by which it
    will be late by its forecast or, without one, is late; negative: early. `people` are at work at it, at most two by
    name and `more_people`. A number that is not known is None.
    """

    stage_id: str
    number: str
    product: str
    stage: str
    state: WorkState
    since: datetime
    good: Decimal
    quantity: Decimal
    late_minutes: Decimal
    is_late: bool
    expected: Decimal | None = None
    projected_end: datetime | None = None
    machine: str | None = None
    people: tuple[str, ...] = ()
    more_people: int | None = None


@dataclass(frozen=True)
class Need:
    """Something that somebody has to do something about, since when, and at which order or machine.

    `what` is the type of an issue. `escalates_at` is when others are told of it next.
    """

    kind: NeedKind
    since: datetime
    number: str | None = None
    machine: str | None = None
    what: str | None = None
    priority: Priority | None = None
    text: str | None = None
    person: str | None = None
    escalates_at: datetime | None = None


@dataclass(frozen=True)
class Lost:
    """What was lost for a reason today (None: nobody gave one), in minutes or pieces, and its share in percent."""

    reason: str | None
    size: Decimal
    share: Decimal | None


@dataclass(frozen=True)
class Board:
    """What a screen shows of a line, or of the plant (None), as of an instant.

    `made` are the good pieces of the shift so far, `hours` those of its last hours. `made_reason` says why nothing is
    expected anywhere, `unmeasured` at how many places nothing is. `idle` machines have nobody at work. `more_rows` and
    `more_needs` are what has no room.
    """

    tenant: str
    line: str | None
    timezone: str
    as_of: datetime
    shift: Shift
    verdict: Verdict
    made: Output
    made_reason: str | None = None
    unmeasured: int = 0
    hours: tuple[Output, ...] = ()
    tiles: Tiles = field(default_factory=Tiles)
    machines: int = 0
    idle: int = 0
    rows: tuple[Row, ...] = ()
    more_rows: int = 0
    needs: tuple[Need, ...] = ()
    more_needs: int = 0
    stops: tuple[Lost, ...] = ()
    scrap: tuple[Lost, ...] = ()
    revision: int = field(default=0, compare=False)

    def is_stale(self, now: datetime) -> bool:
        """Whether nothing makes it any more, so that nobody may take it for what is true now."""
        return now - self.as_of > STALE_AFTER

    def replaces(self, known: "Board | None") -> bool:
        """Whether it has to be written: it shows something else than the known one, or says that this still holds."""
        if known is None or self.as_of - known.as_of >= HEARTBEAT:
            return True
        return replace(self, as_of=known.as_of) != known
