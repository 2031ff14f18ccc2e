"""Projections: from a changed order to the facts of its days and its workers' lists, writing only what differs."""

from dataclasses import dataclass

from chalicelib import ids
from chalicelib.domain.markers import Marker
from chalicelib.domain.numbers.days import Fact, FactKey, ProjectedFact, Projection, facts_of
from chalicelib.services.tenants import settings_of
from chalicelib.storage.numbers import aggregates
from chalicelib.storage.orders import assignments, work_orders
from chalicelib.storage.orders.assignments import Move

# A transaction holds 100 actions; the projection and its marker are two of them.
STEP = 98


@dataclass(frozen=True)
class Action:
    """One thing to write: a fact that is new or different, one that is gone, or an assignment's move in a list."""

    fact: tuple[FactKey, Fact] | None = None
    gone: FactKey | None = None
    move: Move | None = None


def project(tenant: str, order_id: str) -> None:
    """Bring an order's facts and its workers' lists up to what the order is now.

    Reads the projection, then the order, in this sequence: a slower run finds the revision moved and gives up.
    Raises ConditionFailed, Collision, OrderNotFound.
    """
    before = aggregates.projection(tenant, order_id)
    worked = work_orders.load_worked(tenant, order_id)
    wanted = facts_of(worked.order, worked.sessions, settings_of(tenant))
    standing = {fact.key: fact for fact in before.facts}
    actions = _differences(wanted, standing) + [
        Action(move=move) for move in assignments.moves(tenant, worked.order, worked.assignments)
    ]
    # A step without actions still raises the revision, or a slower run could put older facts back.
    for revision, start in enumerate(range(0, max(len(actions), 1), STEP), before.revision + 1):
        step = actions[start : start + STEP]
        standing = _after(standing, step)
        _write(tenant, order_id, Projection(tuple(standing.values()), revision), step)


def _differences(wanted: dict[FactKey, Fact], standing: dict[FactKey, ProjectedFact]) -> list[Action]:
    """What must be written so that what stands is what is wanted."""
    put = [
        Action(fact=(key, fact))
        for key, fact in wanted.items()
        if key not in standing or standing[key].digest != aggregates.digest_of(fact)
    ]
    return put + [Action(gone=key) for key in standing if key not in wanted]


def _after(standing: dict[FactKey, ProjectedFact], step: list[Action]) -> dict[FactKey, ProjectedFact]:
    """What stands after a step."""
    after = dict(standing)
    for action in step:
        if action.fact is not None:
            key, fact = action.fact
            after[key] = ProjectedFact(key, aggregates.digest_of(fact))
        if action.gone is not None:
            del after[action.gone]
    return after


def _write(tenant: str, order_id: str, after: Projection, step: list[Action]) -> None:
    """Write a step, with a marker naming the days it touches."""
    facts = dict(action.fact for action in step if action.fact is not None)
    gone = [action.gone for action in step if action.gone is not None]
    days = sorted({key.day for key in [*facts, *gone]})
    aggregates.write_projection(
        tenant,
        order_id,
        after,
        facts=facts,
        gone=gone,
        moves=[action.move for action in step if action.move is not None],
        marker=Marker(ids.new(), tenant, days=tuple(days)) if days else None,
    )
