"""Aggregation: recomputes the numbers that markers name. A failure is counted, and its markers stay."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from chalicelib import clock
from chalicelib.domain.markers import Marker
from chalicelib.domain.numbers.running_sums import of_facts
from chalicelib.observability import logger
from chalicelib.services.machines import rollups
from chalicelib.services.numbers import projections
from chalicelib.storage import markers
from chalicelib.storage.conflicts import Collision, ConditionFailed
from chalicelib.storage.numbers import aggregates
from chalicelib.storage.numbers.aggregates import Daily

MOST_ROUNDS = 5


@dataclass(frozen=True)
class Work:
    """A bucket to recompute: what it is, and the function that recomputes it."""

    name: tuple[object, ...]
    make: Callable[[], None]


@dataclass(frozen=True)
class Outcome:
    """The result of a run: buckets recomputed, buckets that another run took, failed buckets, and deleted markers."""

    made: int = 0
    outrun: int = 0
    failed: int = 0
    markers: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        """The sum of two rounds."""
        return Outcome(
            self.made + other.made,
            self.outrun + other.outrun,
            self.failed + other.failed,
            self.markers + other.markers,
        )


def aggregate(time_left: Callable[[], timedelta]) -> Outcome:
    """Recompute everything that markers name, round by round: markers may be written meanwhile.

    Stops if no marker is waiting, if a round deleted no marker, or if little time is left.
    """
    outcome = Outcome()
    for _ in range(MOST_ROUNDS):
        waiting = markers.pending()
        if not waiting:
            break
        made = _round(waiting, time_left)
        outcome += made
        if not made.markers:
            break
    return outcome


def unreadable() -> list[Marker]:
    """The waiting markers that cannot be read."""
    return [marker for marker in markers.pending() if marker.unreadable is not None]


def remake_day(tenant: str, day: date) -> None:
    """Sum a local day from all its facts. Reads its revision first, then its facts. Raises ConditionFailed.

    Only markers of earlier releases name days: the sums of a day now change together with its facts. Equal sums also
    get a new revision; otherwise a slower run could write older sums over them.
    """
    before = aggregates.daily(tenant, day)
    made_at = clock.now()
    running = of_facts(aggregates.facts_of(tenant, day))
    made = Daily(day, running.sums, made_at, before.revision + 1 if before else 1, running.covered)
    aggregates.put_daily(tenant, made)


def _round(waiting: list[Marker], time_left: Callable[[], timedelta]) -> Outcome:
    """Recompute each bucket of these markers once. Delete the markers whose buckets are all done."""
    enough = timedelta(seconds=10)
    done: set[tuple[object, ...]] = set()
    outcome = Outcome()
    for work in {work.name: work for marker in waiting for work in _works(marker)}.values():
        if time_left() < enough:
            break
        result = _attempt(work)
        outcome += result
        if result.made:
            done.add(work.name)
    finished = [marker for marker in waiting if all(work.name in done for work in _works(marker))]
    markers.delete(finished)
    return replace(outcome, markers=len(finished))


def _attempt(work: Work) -> Outcome:
    """Recompute one bucket. A failure is logged and counted, and the bucket's markers stay."""
    try:
        work.make()
    except (ConditionFailed, Collision):
        return Outcome(outrun=1)
    except Exception:  # noqa: BLE001  the failure of one bucket must not stop the others
        logger().exception("a bucket could not be made", extra={"bucket": [str(part) for part in work.name]})
        return Outcome(failed=1)
    return Outcome(made=1)


def _works(marker: Marker) -> Iterable[Work]:
    """The buckets that a marker names. A marker that cannot be read stays; it is logged and counted as a failure."""
    tenant = marker.tenant
    if marker.unreadable is not None:
        yield Work(("marker", marker.id), partial(_cannot_be_read, marker.unreadable))
    for order_id in marker.order_ids:
        yield Work(("order", tenant, order_id), partial(projections.project, tenant, order_id))
    for day in marker.days:
        yield Work(("day", tenant, day), partial(remake_day, tenant, day))
    for hour in marker.machine_hours:
        yield Work(("hour", tenant, hour), partial(rollups.remake, tenant, hour))


def _cannot_be_read(why: str) -> None:
    raise ValueError(why)
