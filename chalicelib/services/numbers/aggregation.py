"""Aggregation: recomputes the numbers that markers name. A failure is counted, and its markers stay.

The clock hands the buckets of markers out, and each worker does the work of one bucket.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from chalicelib import clock, ids
from chalicelib.clock import TimeLeft
from chalicelib.domain.errors import LostRace
from chalicelib.domain.machines.readings import EPOCH
from chalicelib.domain.markers import MachineHour, Marker
from chalicelib.observability import done_for, for_requests, logger
from chalicelib.outbound import queue
from chalicelib.services.boards import boards, following
from chalicelib.services.boards.boards import Tell, untold
from chalicelib.services.machines import replaying, rollups
from chalicelib.services.numbers import daily_sums, issue_days, projections, recounting
from chalicelib.services.tenants import forget_settings, settings_of
from chalicelib.storage import markers
from chalicelib.storage.conflicts import Collision, ConditionFailed

MOST_ROUNDS = 5


@dataclass(frozen=True)
class Work:
    """A piece of work: what it recomputes, and the function that does it. It returns False to do it later."""

    name: tuple[object, ...]
    make: Callable[[], object]


@dataclass(frozen=True)
class Outcome:
    """The result of a run: work done, taken by another run, failed, and left for later; and deleted markers."""

    made: int = 0
    outrun: int = 0
    failed: int = 0
    later: int = 0
    markers: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        """The sum of two rounds."""
        return Outcome(
            self.made + other.made,
            self.outrun + other.outrun,
            self.failed + other.failed,
            self.later + other.later,
            self.markers + other.markers,
        )


def hand_out() -> list[str]:
    """Hand the buckets in which markers wait to the workers, also the markers of what became late. Returns the buckets.

    Nothing is handed out while workers have not begun all of the last minute's. Raises StorageUnavailable, and the
    errors of the queue.
    """
    if queue.is_anything_handed_out():
        logger().warning("the workers have not begun everything of the last minute")
        return []
    recounting.mark_late()
    following.mark_watched()
    buckets = markers.waiting_buckets()
    queue.hand_out(buckets)
    return buckets


def aggregate(time_left: TimeLeft, buckets: Sequence[str] = markers.BUCKETS, tell: Tell = untold) -> Outcome:
    """Do the work that the markers of these buckets name, round by round: markers may be written meanwhile.

    Boards that were written are told.

    Stops if no marker is waiting, if a round deleted no marker, or if little time is left.
    """
    outcome = Outcome()
    later: set[tuple[object, ...]] = set()
    for _ in range(MOST_ROUNDS):
        waiting = markers.pending(buckets)
        if not waiting:
            break
        with for_requests(each for marker in waiting for each in marker.request_ids):
            made, settled = _round(waiting, time_left, later, tell)
        done_for(each for marker in settled for each in marker.request_ids)
        outcome += made
        if not made.markers:
            break
    return outcome


def behind(buckets: Sequence[str]) -> timedelta:
    """How long the oldest change in these buckets has waited for its numbers, beyond what its tenant allows.

    Large hours of machines wait by design (`rollups_within`). Clearing quarantine is no number, and a marker that
    cannot be read is counted as a failure.
    """
    now = clock.now()
    due = (_due(marker) for marker in markers.pending(buckets))
    return max((now - each for each in due if each is not None and each < now), default=timedelta(0))


def unreadable() -> list[Marker]:
    """The waiting markers that cannot be read."""
    return [marker for marker in markers.pending() if marker.unreadable is not None]


def _round(
    waiting: Sequence[Marker], time_left: TimeLeft, later: set[tuple[object, ...]], tell: Tell
) -> tuple[Outcome, list[Marker]]:
    """Do each piece of work of these markers once, but for what was left for later. Delete what is done.

    Returns the markers of which something is done too.
    """
    enough = timedelta(seconds=10)
    forget_settings()  # a change of settings marks what it concerns, and these markers were read before
    done: set[tuple[object, ...]] = set()
    outcome = Outcome()
    since = _since(waiting)
    for work in {work.name: work for marker in waiting for work in _works(marker, since, time_left, tell)}.values():
        if time_left() < enough:
            break
        if work.name in later:
            continue
        result = _attempt(work)
        outcome += result
        if result.made:
            done.add(work.name)
        if result.later:
            later.add(work.name)
    finished, begun = [], []
    for marker in waiting:
        own = {work.name for work in _works(marker, since, time_left, tell)}
        if own <= done:
            finished.append(marker)
        elif marker.machine_hours and own & done:
            begun.append(marker)
    return replace(outcome, markers=_settled(finished, begun, done)), [*finished, *begun]


def _settled(finished: Sequence[Marker], begun: Sequence[Marker], done: set[tuple[object, ...]]) -> int:
    """Delete finished markers. Of those that are begun, the other hours get new markers first. Returns how many went.

    Otherwise an hour that is done would be made again each minute, until the last hour of its marker is done.
    """
    for tenant in {marker.tenant for marker in begun}:
        own = [marker for marker in begun if marker.tenant == tenant]
        hours: dict[MachineHour, list[str]] = {}
        for marker in own:
            for hour in marker.machine_hours:
                hours.setdefault(hour, []).extend(marker.request_ids)
        left = [hour for hour in hours if ("hour", tenant, hour) not in done]
        markers.write_hours(tenant, left, min(map(_marked_at, own)), hours)
    markers.delete([*finished, *begun])
    return len(finished) + len(begun)


def _since(waiting: Iterable[Marker]) -> dict[tuple[str, MachineHour], datetime]:
    """Since when each hour of a machine waits: its oldest marker counts."""
    since: dict[tuple[str, MachineHour], datetime] = {}
    for marker in waiting:
        for hour in marker.machine_hours:
            at = _marked_at(marker)
            since[marker.tenant, hour] = min(at, since.get((marker.tenant, hour), at))
    return since


def _marked_at(marker: Marker) -> datetime:
    """When hours of machines, or clearings, were marked. Markers of earlier releases do not say it."""
    return marker.at or EPOCH


def _due(marker: Marker) -> datetime | None:
    """When the numbers of a marker should be there. None if it names no numbers, or was not made for one change."""
    if marker.unreadable is not None or marker.clearings:
        return None
    if marker.machine_hours:
        return _marked_at(marker) + settings_of(marker.tenant).rollups_within
    return ids.made_at(marker.id)


def _attempt(work: Work) -> Outcome:
    """Do one piece of work. A failure is logged and counted, and its markers stay."""
    try:
        made = work.make()
    except (ConditionFailed, Collision, LostRace):
        return Outcome(outrun=1)
    except Exception:  # noqa: BLE001  the failure of one piece must not stop the others
        logger().exception("a bucket could not be made", extra={"bucket": [str(part) for part in work.name]})
        return Outcome(failed=1)
    return Outcome(later=1) if made is False else Outcome(made=1)


def _works(
    marker: Marker, since: Mapping[tuple[str, MachineHour], datetime], time_left: TimeLeft, tell: Tell
) -> Iterable[Work]:
    """The work that a marker names. A marker that cannot be read stays; it is logged and counted as a failure."""
    tenant = marker.tenant
    if marker.unreadable is not None:
        yield Work(("marker", marker.id), partial(_cannot_be_read, marker.unreadable))
    for order_id in marker.order_ids:
        yield Work(("order", tenant, order_id), partial(projections.project, tenant, order_id))
    for day in marker.days:
        yield Work(("day", tenant, day), partial(daily_sums.remake, tenant, day))
    for each in marker.issue_days:
        name = ("issue", tenant, each.issue_id, each.day)
        yield Work(name, partial(issue_days.remake, tenant, each.issue_id, each.day))
    for hour in marker.machine_hours:
        yield Work(("hour", tenant, hour), partial(rollups.remake, tenant, hour, since[tenant, hour]))
    if marker.boards:
        yield Work(("boards", tenant), partial(boards.remake, tenant, tell))
    for clearing in marker.clearings:
        at = _marked_at(marker)
        yield Work(("quarantine", tenant, clearing, at), partial(replaying.clear, tenant, clearing, at, time_left))


def _cannot_be_read(why: str) -> None:
    raise ValueError(why)
