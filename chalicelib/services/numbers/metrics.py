"""Metrics of a stage and of an order."""

from chalicelib import clock
from chalicelib.domain.numbers import order_metrics, stage_metrics
from chalicelib.domain.numbers.explained import Explanation, explained
from chalicelib.domain.numbers.metrics import Measured
from chalicelib.domain.people.users import Actor
from chalicelib.services.tenants import settings_of
from chalicelib.storage.orders import work_orders


def of_stage(actor: Actor, stage_id: str) -> Measured:
    """Measure a stage as of now, in one query. Raises StageNotFound."""
    worked = work_orders.load_worked_of_stage(actor.tenant, stage_id)
    stage = worked.order.stage_seen_by(actor, stage_id)
    return stage_metrics.of_stage(worked.order, stage, worked.sessions, clock.now(), settings_of(actor.tenant))


def of_order(actor: Actor, order_id: str) -> Measured:
    """Measure an order as of now, in one query. Workers may if they may see one of its stages. Raises OrderNotFound."""
    worked = work_orders.load_worked(actor.tenant, order_id)
    worked.order.seen_by(actor)
    return order_metrics.of_order(worked.order, worked.sessions, clock.now(), settings_of(actor.tenant))


def explained_stage(actor: Actor, stage_id: str) -> tuple[Measured, Explanation]:
    """Measure a stage and explain it, in one query. Raises StageNotFound."""
    worked = work_orders.load_worked_of_stage(actor.tenant, stage_id)
    stage, now = worked.order.stage_seen_by(actor, stage_id), clock.now()
    measured = stage_metrics.of_stage(worked.order, stage, worked.sessions, now, settings_of(actor.tenant))
    return measured, explained([stage], worked.recorded, now)


def explained_order(actor: Actor, order_id: str) -> tuple[Measured, Explanation]:
    """Measure an order and explain it by the stages that the actor may see, in one query. Raises OrderNotFound."""
    worked = work_orders.load_worked(actor.tenant, order_id)
    seen, now = worked.order.seen_by(actor), clock.now()
    measured = order_metrics.of_order(worked.order, worked.sessions, now, settings_of(actor.tenant))
    return measured, explained(seen.stages, worked.recorded, now)
