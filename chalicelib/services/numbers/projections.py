"""Projections: write an order's facts into its days, what remains of it into its plant, and its stages into lists.

Only differences are written. The sums of a day change with its facts, and the counts of what remains of a plant with
those of the order, in the same transaction.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib import clock
from chalicelib.domain.numbers import remaining
from chalicelib.domain.numbers.days import DaySums, Fact, FactKey, facts_of
from chalicelib.domain.numbers.projections import ProjectedFact, Projection
from chalicelib.domain.numbers.remaining import OrderRemaining, Remaining
from chalicelib.domain.numbers.running_sums import changed, of_facts
from chalicelib.domain.orders.work_orders import Order, OrderNotFound
from chalicelib.domain.priorities import Priority
from chalicelib.observability import logger
from chalicelib.services.tenants import settings_of
from chalicelib.storage.numbers import aggregates
from chalicelib.storage.numbers.aggregates import Daily, Projected, Standing
from chalicelib.storage.numbers.remaining import PlantRemaining, Recount
from chalicelib.storage.orders import assignments, issues, work_orders
from chalicelib.storage.orders.assignments import Move

# A transaction holds 100 actions; the projection's head and two writes of what remains are among them.
STEP = 97


@dataclass(frozen=True)
class Action:
    """One thing to write: a new or changed fact, a fact to delete, or a change of an assignment in a worker's list."""

    fact: tuple[FactKey, Fact] | None = None
    gone: FactKey | None = None
    move: Move | None = None

    @property
    def key(self) -> FactKey | None:
        """The key of the fact that is written or deleted, if it is a fact."""
        return self.fact[0] if self.fact else self.gone


def project(tenant: str, order_id: str) -> None:
    """Update an order's facts, what remains of it and its workers' lists to the order as it is now.

    Reads the projection first, then the order: so the write of a slower run fails, because the revision has changed.
    Reads all sessions of the order, and writes only differences. The other facts of a day are read only if a session
    went from it. If the order does not exist, nothing is done. Raises ConditionFailed, Collision.
    """
    made_at = clock.now()
    before = aggregates.projection(tenant, order_id)
    try:
        worked = work_orders.load_worked(tenant, order_id)
    except OrderNotFound:
        logger().warning("a marker names an order that does not exist", extra={"tenant": tenant, "order_id": order_id})
        return
    settings = settings_of(tenant)
    wanted = facts_of(worked.order, worked.sessions, settings)
    remains = remaining.counted(
        [worked.order], worked.order.stages, _open_issues(tenant, worked.order), made_at, settings
    )
    actions = _differences(wanted, before) + [
        Action(move=move) for move in assignments.moves(tenant, worked.order, worked.assignments)
    ]
    noted, stored = before.head.facts, before.keys
    recounts = remains != before.remaining
    # A step without actions still raises the revision; otherwise a slower run could write older facts.
    for revision, step in enumerate(_steps(actions), before.head.revision + 1):
        noted = _left(noted, step)
        standing = _standing(tenant, step, stored, plant=recounts)
        days = _days(tenant, step, stored, standing, made_at)
        recount = _recount(before.remaining, remains, standing.plant, made_at) if recounts else None
        _write(tenant, order_id, Projection(noted, revision), step, days, recount)
        recounts = False


def _differences(wanted: dict[FactKey, Fact], standing: Projected) -> list[Action]:
    """The actions that change the stored facts into the wanted ones. A fact stored only in the head gets its entry."""
    entries = standing.entries
    put = [
        Action(fact=(key, fact))
        for key, fact in wanted.items()
        if key not in entries or entries[key].digest != aggregates.digest_of(fact)
    ]
    return put + [Action(gone=key) for key in standing.keys if key not in wanted]


def _steps(actions: list[Action]) -> Iterator[list[Action]]:
    """Split actions into steps that each fit a transaction. There is always at least one step."""
    step: list[Action] = []
    for action in actions:
        if step and _writes([*step, action]) > STEP:
            yield step
            step = []
        step.append(action)
    yield step


def _writes(step: list[Action]) -> int:
    """The number of writes of a step beside the head. A fact needs two, itself and its entry; a day needs one."""
    keys = [action.key for action in step if action.key]
    return len(step) + len(keys) + len({key.day for key in keys})


def _left(noted: tuple[ProjectedFact, ...], step: list[Action]) -> tuple[ProjectedFact, ...]:
    """The facts that are still in the head after a step."""
    moved = {action.key for action in step}
    return tuple(fact for fact in noted if fact.key not in moved)


def _open_issues(tenant: str, order: Order) -> list[Priority]:
    """The priorities of an order's unresolved issues. They are read if a stage of an earlier release lacks them."""
    listed = [issue for stage in order.stages for issue in stage.open_issues]
    unknown = {issue.issue_id for issue in listed if issue.priority is None}
    found = [issues.find(tenant, issue_id) for issue_id in unknown]
    return [issue.priority for issue in [*listed, *found] if issue and issue.priority is not None]


def _standing(tenant: str, step: list[Action], stored: Collection[FactKey], *, plant: bool) -> Standing:
    """What a step begins with. `stored` are the keys of the order's stored facts."""
    touched = [action.key for action in step if action.key]
    days, facts = {key.day for key in touched}, [key for key in touched if key in stored]
    return aggregates.standing(tenant, days, facts, plant=plant)


def _recount(before: OrderRemaining, after: OrderRemaining, plant: PlantRemaining | None, made_at: datetime) -> Recount:
    """What remains of the order and of its plant, after what remains of the order changed."""
    known = plant or PlantRemaining(Remaining(), made_at, 0)
    counts = remaining.changed(known.counts, before.counts, after.counts)
    return Recount(after, PlantRemaining(counts, made_at, known.revision + 1))


def _days(
    tenant: str, step: list[Action], stored: Collection[FactKey], standing: Standing, made_at: datetime
) -> list[Daily]:
    """The sums of the days that a step changes, as they will be. `stored` are the keys of the order's stored facts."""
    touched = [action.key for action in step if action.key]
    new = dict(action.fact for action in step if action.fact)
    made = []
    for day in sorted({key.day for key in touched}):
        here = [key for key in touched if key.day == day]
        before = standing.days.get(day, Daily(day, DaySums(), made_at, 0, covered=()))
        coming = [new[key] for key in here if key in new]
        after = changed(before.running, gone=[standing.facts[key] for key in here if key in stored], new=coming)
        if after is None:
            after = of_facts([*aggregates.facts_of(tenant, day, without=here), *coming])
        made.append(Daily(day, after.sums, made_at, before.revision + 1, after.covered))
    return made


def _write(
    tenant: str, order_id: str, head: Projection, step: list[Action], days: list[Daily], recount: Recount | None
) -> None:
    """Write a step, with the sums of the days and the counts of the plant that it changes."""
    aggregates.write_projection(
        tenant,
        order_id,
        head,
        facts=dict(action.fact for action in step if action.fact is not None),
        gone=[action.gone for action in step if action.gone is not None],
        moves=[action.move for action in step if action.move is not None],
        days=days,
        recount=recount,
    )
