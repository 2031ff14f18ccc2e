"""Assignments in the table: beside their order, and in a list of their worker: of what goes on, or of what ended."""

from collections.abc import Mapping

from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.storage import keys
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import Key


def as_item(tenant: str, order_id: str, stage: Stage, user_id: str) -> Item:
    """Make the item of an assignment."""
    return item(
        keys.assignment(tenant, order_id, stage.position, user_id),
        "assignment",
        {"stage_id": stage.id},
        by_owner=_listed(tenant, stage, user_id),
    )


def removed(tenant: str, before: Order, after: Order) -> list[Key]:
    """The assignments that an order no longer has; that of somebody still at work stays until it is projected."""
    return [
        keys.assignment(tenant, after.id, was.position, user_id)
        for was, now in zip(before.stages, after.stages, strict=True)
        for user_id in was.assignee_ids
        if user_id not in now.people
    ]


def misplaced(
    tenant: str, order: Order, standing: Mapping[Key, keys.Listed | None]
) -> list[tuple[Key, keys.Listed | None]]:
    """The assignments that stand wrongly in a list of their worker, each with where it should stand (None: nowhere)."""
    wanted = {
        keys.assignment(tenant, order.id, stage.position, user_id): _listed(tenant, stage, user_id)
        for stage in order.stages
        for user_id in stage.people
    }
    return [(key, wanted.get(key)) for key, place in standing.items() if place != wanted.get(key)]


def _listed(tenant: str, stage: Stage, user_id: str) -> keys.Listed:
    """Where a stage stands: in the list of what a worker has to do, or of what ended."""
    if stage.ended_at is not None:
        return keys.worker_ended(tenant, user_id), keys.at(stage.ended_at, stage.id)
    return keys.worker(tenant, user_id), keys.at(stage.planned_start, stage.id)
