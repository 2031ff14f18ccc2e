"""Assignments in the table: beside their order, and in the list of their worker while their stage goes on."""

from collections.abc import Mapping

from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import orders as keys
from chalicelib.storage.keys.shape import IndexPlace, Key, time_key


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


def misplaced(tenant: str, order: Order, standing: Mapping[Key, str | None]) -> list[tuple[Key, IndexPlace | None]]:
    """The assignments that stand wrongly in their worker's list, each with where it should stand (None: nowhere)."""
    wanted = {
        keys.assignment(tenant, order.id, stage.position, user_id): _listed(tenant, stage, user_id)
        for stage in order.stages
        for user_id in stage.people
    }
    should = [(key, place, wanted.get(key)) for key, place in standing.items()]
    return [(key, listed) for key, place, listed in should if place != (listed and listed[1])]


def _listed(tenant: str, stage: Stage, user_id: str) -> IndexPlace | None:
    """Where a stage stands in the list of a worker; nowhere once it has ended."""
    return None if stage.ended else (keys.worker(tenant, user_id), time_key(stage.planned_start, stage.id))
