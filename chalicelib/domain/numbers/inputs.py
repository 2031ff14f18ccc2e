"""Inputs of metrics: each thing of which numbers are made, whether it counts, and why not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.instants import exact
from chalicelib.domain.intervals import Interval

NOTHING = timedelta(0)
MICROSECOND = timedelta(microseconds=1)
MOST_INPUTS = 500
"""The most inputs of a page."""


class Kind(StrEnum):
    """What an input is. They are listed in this order."""

    STAGE = "stage"
    SESSION = "session"
    REPORT = "report"
    PAUSE = "pause"
    BLOCK = "block"
    HOLD = "hold"
    ORDER = "order"
    SETTING = "setting"
    ISSUE = "issue"
    SHIFT = "shift"
    BREAK = "break"
    STATE = "state"
    WINDOW = "window"


class Use(StrEnum):
    """Whether an input counts: as a whole, only a part of its time, or not at all."""

    USED = "used"
    CLIPPED = "clipped"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Input:
    """A thing of which metrics are made, or that was left out, for the reason `why`.

    `left_out_of` names metrics that do not use it although others do, each with its reason. `length` is the time that
    counts, `overlap` the part of a session in which another session that began before it was open too. A session's
    pieces are those of its reports and of its closing. `amounts`, `times` and `facts` hold what else is used of it, by
    the names in `catalogue_of_inputs.py`.
    """

    kind: Kind
    id: str
    use: Use = Use.USED
    why: str | None = None
    stage_id: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    length: timedelta = NOTHING
    overlap: timedelta = NOTHING
    good: Decimal = Decimal(0)
    scrap: Decimal = Decimal(0)
    rework: Decimal = Decimal(0)
    left_out_of: Mapping[str, str] = field(default_factory=dict)
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    times: Mapping[str, datetime] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where it stands in the list: by kind, beginning (stages by position), stage and id."""
        at = "" if self.kind is Kind.STAGE or self.started_at is None else exact(self.started_at)
        return f"{list(Kind).index(self.kind):02d}|{at}|{self.stage_id or ''}|{self.id}"


def overlapping(sessions: Iterable[Input]) -> list[Input]:
    """Sessions by start, each with the part in which one that counts and began before it was open too."""
    reached: datetime | None = None
    found = []
    for each in sorted(sessions, key=lambda session: session.place):
        start, end = each.started_at, each.ended_at
        if each.use is Use.LEFT_OUT or start is None or end is None:
            found.append(each)
            continue
        found.append(replace(each, overlap=max(min(end, reached) - start, NOTHING) if reached else NOTHING))
        reached = max(reached or end, end)
    return found


def cut(span: Interval, window: Interval, why: str) -> tuple[Use, str | None, timedelta]:
    """How a time counts in a window: its use, why not as a whole, and the length that counts."""
    length = max(min(span[1], window[1]) - max(span[0], window[0]), NOTHING)
    if length == span[1] - span[0]:
        return Use.USED, None, length
    return (Use.CLIPPED if length else Use.LEFT_OUT), why, length


def seconds(span: timedelta) -> Decimal:
    """A duration in seconds, exact."""
    return Decimal(span // MICROSECOND).scaleb(-6)
