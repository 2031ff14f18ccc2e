"""Projections: from a changed order to the facts of its days and its workers' lists, writing only what differs."""

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
    """One thing to write: a fact that is new or different, one that is gone, or an assignment's move in a list."""

    fact: tuple[FactKey, Fact] | None = None
    gone: FactKey | None = None
    move: Move | None = None

    @property
    def writes(self) -> int:
        """How many actions of a transaction it takes: a fact has an entry beside it."""
        return 1 if self.move else 2


def project(tenant: str, order_id: str) -> None:
    """Bring an order's facts and its workers' lists up to what the order is now.

    Reads the projection, then the order, in this sequence: a slower run finds the revision moved and gives up.
    Reads all sessions of the order; writes only what differs. Of an order that does not exist there is nothing to do.
    Raises ConditionFailed, Collision.
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
    # A step without actions still raises the revision, or a slower run could put older facts back.
    for revision, step in enumerate(_steps(actions), before.head.revision + 1):
        noted = _left(noted, step)
        _write(tenant, order_id, Projection(noted, revision), step)


def _differences(wanted: dict[FactKey, Fact], standing: Projected) -> list[Action]:
    """What must be written so that what stands is what is wanted. Facts noted on the head are written with an entry."""
    entries = standing.entries
    put = [
        Action(fact=(key, fact))
        for key, fact in wanted.items()
        if key not in entries or entries[key].digest != aggregates.digest_of(fact)
    ]
    known = dict.fromkeys([*entries, *(noted.key for noted in standing.head.facts)])
    return put + [Action(gone=key) for key in known if key not in wanted]


def _steps(actions: list[Action]) -> Iterator[list[Action]]:
    """Part actions into steps that a transaction holds; there is always one."""
    step: list[Action] = []
    for action in actions:
        if step and sum(each.writes for each in [*step, action]) > STEP:
            yield step
            step = []
        step.append(action)
    yield step


def _left(noted: tuple[ProjectedFact, ...], step: list[Action]) -> tuple[ProjectedFact, ...]:
    """The facts that are still noted on the head after a step."""
    moved = {action.fact[0] if action.fact else action.gone for action in step}
    return tuple(fact for fact in noted if fact.key not in moved)


def _write(tenant: str, order_id: str, head: Projection, step: list[Action]) -> None:
    """Write a step, with a marker naming the days it touches."""
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
