"""Judging stages of the old system: what was planned, who worked on them when, and when they were done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.intervals import Interval
from chalicelib.domain.orders.command_checks import LONGEST_SESSION
from infra.old_system import moments
from infra.old_system.moments import Moment
from infra.old_system.plant import Span
from infra.old_system.remarks import LOOK, Remark, doubtful
from infra.old_system.tables import Row
from infra.old_system.texts import line_of

CORRECT = "Correct its work in Takip, if it counts."
PLANNED, IN_PROGRESS, PAUSED, DONE = "planned", "in_progress", "paused", "done"
STATUSES = {
    **dict.fromkeys(("planned", "pending", ""), PLANNED),
    **dict.fromkeys(("in_progress", "in progress", "started"), IN_PROGRESS),
    **dict.fromkeys(("paused",), PAUSED),
    **dict.fromkeys(("done", "completed", "finished"), DONE),
}
ACTUALS = ("actual_start", "actual_end", "paused_at", "resumed_at")


@dataclass(frozen=True)
class Work:
    """The work on a stage: its stretches in order, and when it was done (None: it is not)."""

    spans: tuple[Span, ...] = ()
    done_at: datetime | None = None


def name_of(row: Row, position: int, said: list[Remark]) -> str:
    """The name of a stage. Takip needs one."""
    name = line_of(row.get("stage_name"))
    if name is None:
        said.append(doubtful(f"It has no name that Takip can keep, so it is Aşama {position}.", LOOK))
    return name or f"Aşama {position}"


def window_of(row: Row, zone: ZoneInfo, said: list[Remark]) -> Interval | None:
    """The planned window of an order or a stage; None if it has none that is longer than nothing."""
    names = ("planned_start", "planned_end")
    start, end = (_told(moments.on_the_wall(name, row.get(name), zone), said) for name in names)
    if start is None or end is None:
        if start is not end:
            said.append(doubtful("Only one end of its plan is known.", LOOK))
        return None
    if end < start:
        said.append(doubtful("Its planned end is before its start. Both are taken the other way round.", LOOK))
    if end == start:
        said.append(doubtful("Its planned end is its start.", LOOK))
        return None
    return min(start, end), max(start, end)


def fitted(planned: Sequence[Interval | None], window: Interval) -> list[Interval | None]:
    """The windows of stages within that of their order. Where no stage has one, Takip shares the order's among them."""
    if not any(planned):
        return [None] * len(planned)
    within = [(max(own[0], window[0]), min(own[1], window[1])) if own else window for own in planned]
    return [own if own[0] < own[1] else window for own in within]


def work_of(row: Row, planned_end: datetime, now: datetime, said: list[Remark]) -> Work:
    """The work on a stage, as far as it is known. `planned_end` is when it was to be done."""
    times = {name: past(name, row, now, said) for name in ACTUALS}
    start, end = times["actual_start"], times["actual_end"]
    status = _status(row, start, end, said)
    if status == DONE:
        return _done(start, end, _break(times, end or now), min(planned_end, now), said)
    if status == PLANNED or start is None:
        if start is not None or status != PLANNED:
            reason = f"It is {status}, and has {'a start' if start else 'no start'}, so nobody has begun it."
            said.append(doubtful(reason, "Start it in Takip if somebody is at work."))
        return Work()
    if status == PAUSED:
        return _paused(start, times["paused_at"], said)
    if now - start > LONGEST_SESSION:
        said.append(doubtful("It has been in progress for over a year, so it is paused, without work.", CORRECT))
        return Work(((start, start),))
    interrupted = _break(times, now)
    return Work(((start, interrupted[0]), (interrupted[1], None)) if interrupted else ((start, None),))


def _done(
    start: datetime | None, end: datetime | None, interrupted: Interval | None, otherwise: datetime, said: list[Remark]
) -> Work:
    """A stage that is done: worked on from start to end, but for its last pause, where both ends of it are known."""
    if start is not None and end is not None and timedelta(0) <= end - start <= LONGEST_SESSION:
        return Work(((start, interrupted[0]), (interrupted[1], end)) if interrupted else ((start, end),), end)
    at = end or start or otherwise
    wrong = "began over a year before its end"
    if start is None or end is None:
        wrong = "has no start" if start is None else "has no end"
    elif end < start:
        wrong = "ended before it began"
    said.append(doubtful(f"It is done, but {wrong}. It is done in Takip, without a time of work.", CORRECT))
    return Work(((at, at),), at)


def _paused(start: datetime, paused: datetime | None, said: list[Remark]) -> Work:
    if paused is not None and timedelta(0) <= paused - start <= LONGEST_SESSION:
        return Work(((start, paused),))
    said.append(doubtful("It is paused, but nobody knows since when. It is paused, without a time of work.", CORRECT))
    return Work(((start, start),))


def _break(times: Mapping[str, datetime | None], until: datetime) -> Interval | None:
    """The last pause, where both of its ends are known and lie within the work."""
    start, paused, resumed = times["actual_start"], times["paused_at"], times["resumed_at"]
    if start is None or paused is None or resumed is None or not start <= paused <= resumed <= until:
        return None
    return paused, resumed


def _status(row: Row, start: datetime | None, end: datetime | None, said: list[Remark]) -> str:
    """The status, or what the times say where Takip does not know it."""
    told = row.get("status")
    known = STATUSES.get(str(told if told is not None else "").strip().lower())
    if known is not None:
        return known
    status = DONE if end else IN_PROGRESS if start else PLANNED
    said.append(doubtful(f"Takip has no status {told} of stages. By its times it is {status}.", LOOK))
    return status


def past(name: str, row: Row, now: datetime, said: list[Remark]) -> datetime | None:
    """A time of what was done; None if there is none."""
    at = _told(moments.in_utc(name, row.get(name)), said)
    if at is None or at <= now:
        return at
    said.append(doubtful(f"{name} is in the future, so it counts as not there.", LOOK))
    return None


def _told(moment: Moment, said: list[Remark]) -> datetime | None:
    """The instant, after saying what is wrong with it."""
    if moment.doubt:
        said.append(doubtful(moment.doubt, LOOK))
    return moment.at
