"""Assignments in the table: next to their order, and in their worker's list of stages that have ended or not."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import orders as keys
from chalicelib.storage.keys.shape import IndexPlace, Key, time_key


def as_item(tenant: str, order_id: str, stage: Stage, user_id: str) -> Item:
    """The item of an assignment."""
    return item(
        keys.assignment(tenant, order_id, stage.position, user_id),
        "assignment",
        {"stage_id": stage.id},
        by_owner=_place(tenant, stage, user_id),
    )


def removed(tenant: str, before: Order, after: Order) -> tuple[Key, ...]:
    """The keys of the assignments that a change removes.

    The assignment of a worker with an open session stays until the order is projected.
    """
    return tuple(
        keys.assignment(tenant, after.id, was.position, user_id)
        for was, now in zip(before.stages, after.stages, strict=True)
        for user_id in was.assignee_ids
        if user_id not in now.people
    )


@dataclass(frozen=True)
class Move:
    """A change of an assignment's place in its worker's list. None removes it from the list."""

    key: Key
    place: IndexPlace | None


def moves(tenant: str, order: Order, standing: Mapping[Key, IndexPlace | None]) -> list[Move]:
    """The moves that put wrongly placed assignments into the right list of their worker."""
    wanted = {
        keys.assignment(tenant, order.id, stage.position, user_id): _place(tenant, stage, user_id)
        for stage in order.stages
        for user_id in stage.people
    }
    should = [(stands, Move(key, wanted.get(key))) for key, stands in standing.items()]
    return [move for stands, move in should if stands != move.place]


def _place(tenant: str, stage: Stage, user_id: str) -> IndexPlace:
    """The place of an assignment: in its worker's list of stages that have not ended, or of those that have."""
    if stage.ended_at is not None:
        return keys.worker_ended(tenant, user_id), time_key(stage.ended_at, stage.id)
    return keys.worker(tenant, user_id), time_key(stage.planned_start, stage.id)
