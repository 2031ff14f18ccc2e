"""Projections: write an order's facts into its days, and its stages into workers' lists; only the differences."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib import ids
from chalicelib.domain.markers import Marker
from chalicelib.domain.numbers.days import Fact, FactKey, facts_of
from chalicelib.domain.numbers.projections import ProjectedFact, Projection
from chalicelib.domain.orders.work_orders import OrderNotFound
from chalicelib.observability import logger
from chalicelib.services.tenants import settings_of
from chalicelib.storage.numbers import aggregates
from chalicelib.storage.numbers.aggregates import Projected
from chalicelib.storage.orders import assignments, work_orders
from chalicelib.storage.orders.assignments import Move

# A transaction holds 100 actions; the projection's head and the marker are two of them.
STEP = 98


@dataclass(frozen=True)
class Action:
    """One thing to write: a new or changed fact, a fact to delete, or a change of an assignment in a worker's list."""

    fact: tuple[FactKey, Fact] | None = None
    gone: FactKey | None = None
    move: Move | None = None

    @property
    def writes(self) -> int:
        """The number of writes in a transaction. A fact needs two: itself and its entry."""
        return 1 if self.move else 2


def project(tenant: str, order_id: str) -> None:
    """Update an order's facts and its workers' lists to the order as it is now.

    Reads the projection first, then the order: so the write of a slower run fails, because the revision has changed.
    Reads all sessions of the order, and writes only differences. If the order does not exist, nothing is done. Raises
    ConditionFailed, Collision.
    """
    before = aggregates.projection(tenant, order_id)
    try:
        worked = work_orders.load_worked(tenant, order_id)
    except OrderNotFound:
        logger().warning("a marker names an order that does not exist", extra={"tenant": tenant, "order_id": order_id})
        return
    wanted = facts_of(worked.order, worked.sessions, settings_of(tenant))
    actions = _differences(wanted, before) + [
        Action(move=move) for move in assignments.moves(tenant, worked.order, worked.assignments)
    ]
    noted = before.head.facts
    # A step without actions still raises the revision; otherwise a slower run could write older facts.
    for revision, step in enumerate(_steps(actions), before.head.revision + 1):
        noted = _left(noted, step)
        _write(tenant, order_id, Projection(noted, revision), step)


def _differences(wanted: dict[FactKey, Fact], standing: Projected) -> list[Action]:
    """The actions that change the stored facts into the wanted ones. A fact stored only in the head gets its entry."""
    entries = standing.entries
    put = [
        Action(fact=(key, fact))
        for key, fact in wanted.items()
        if key not in entries or entries[key].digest != aggregates.digest_of(fact)
    ]
    known = dict.fromkeys([*entries, *(noted.key for noted in standing.head.facts)])
    return put + [Action(gone=key) for key in known if key not in wanted]


def _steps(actions: list[Action]) -> Iterator[list[Action]]:
    """Split actions into steps that each fit a transaction. There is always at least one step."""
    step: list[Action] = []
    for action in actions:
        if step and sum(each.writes for each in [*step, action]) > STEP:
            yield step
            step = []
        step.append(action)
    yield step


def _left(noted: tuple[ProjectedFact, ...], step: list[Action]) -> tuple[ProjectedFact, ...]:
    """The facts that are still in the head after a step."""
    moved = {action.fact[0] if action.fact else action.gone for action in step}
    return tuple(fact for fact in noted if fact.key not in moved)


def _write(tenant: str, order_id: str, head: Projection, step: list[Action]) -> None:
    """Write a step, and a marker with the days that it changes."""
    facts = dict(action.fact for action in step if action.fact is not None)
    gone = [action.gone for action in step if action.gone is not None]
    days = sorted({key.day for key in [*facts, *gone]})
    aggregates.write_projection(
        tenant,
        order_id,
        head,
        facts=facts,
        gone=gone,
        moves=[action.move for action in step if action.move is not None],
        marker=Marker(ids.new(), tenant, days=tuple(days)) if days else None,
    )
