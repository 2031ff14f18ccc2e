"""Stages in the table, by their worker or by their status."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.intervals import Interval
from chalicelib.domain.orders.work_orders import Order, Stage, awaited, order_id_of
from chalicelib.storage import table
from chalicelib.storage.keys import orders as keys
from chalicelib.storage.keys.shape import between_instants
from chalicelib.storage.orders import work_orders
from chalicelib.storage.pages import Page


def at(tenant: str, positions: Mapping[str, int]) -> dict[str, Stage]:
    """Read the stage at a position of each order, by the order's id; in one request for each 100 orders."""
    wanted = {order_id: keys.stage(tenant, order_id, position) for order_id, position in positions.items()}
    items = table.batch_get(wanted.values()) if wanted else {}
    return {order_id: items[key].read(Stage) for order_id, key in wanted.items() if key in items}


def of_worker(
    tenant: str, user_id: str, *, limit: int, cursor: str | None, filters: object, forward: bool = True
) -> Page:
    """A page of a worker's assignments to stages that have not ended, earliest planned start first, or backwards."""
    partition = keys.worker(tenant, user_id)
    return table.page("by_owner", partition, limit=limit, cursor=cursor, filters=filters, forward=forward)


def of_worker_ended(tenant: str, user_id: str, *, limit: int, cursor: str | None, filters: object) -> Page:
    """A page of a worker's assignments to stages that have ended, latest end first."""
    partition = keys.worker_ended(tenant, user_id)
    return table.page("by_owner", partition, limit=limit, cursor=cursor, filters=filters, forward=False)


def by_time(
    tenant: str,
    *,
    active: bool,
    due: tuple[datetime | None, datetime | None],
    limit: int,
    cursor: str | None,
    filters: object,
    forward: bool = True,
) -> Page:
    """A page of active stages by planned end, or of ended stages by their end; or backwards.

    `due`: from this time on, and before that one, where they are given.
    """
    partition = keys.stages_by_time(tenant, active=active)
    between = between_instants(*due)
    return table.page(
        "by_state", partition, limit=limit, cursor=cursor, filters=filters, between=between, forward=forward
    )


def listed_in(tenant: str, window: Interval, *, active: bool, limit: int, cursor: str | None) -> Page:
    """A page of the active stages whose planned end, or of the ended stages whose end, is in a window; by that time."""
    partition = keys.stages_by_time(tenant, active=active)
    return table.page("by_state", partition, limit=limit, cursor=cursor, between=between_instants(*window))


def find_all(tenant: str, stage_ids: Iterable[str]) -> list[Stage]:
    """Read stages by id, 100 a request. Ids without a stage are left out."""
    found = table.batch_get(keys.stage_of_id(tenant, order_id_of(stage_id), stage_id) for stage_id in stage_ids)
    return [item.read(Stage) for item in found.values()]


def active(tenant: str) -> list[Stage]:
    """All active stages, by planned end. The list is slightly behind the stages."""
    listed = table.page("by_state", keys.stages_by_time(tenant, active=True))
    return [item.read(Stage) for item in listed.items]


def at_work(tenant: str) -> list[Stage]:
    """All stages with an open session, the earliest session first. The list is slightly behind the stages."""
    return [item.read(Stage) for item in table.page("by_owner", keys.stages_with_sessions(tenant)).items]


def first_at_work(tenant: str) -> Stage | None:
    """The stage with the earliest open session. The list is slightly behind the stages."""
    found = table.page("by_owner", keys.stages_with_sessions(tenant), limit=1).items
    return found[0].read(Stage) if found else None


def with_orders(tenant: str, stage_ids: list[str]) -> list[tuple[Order, Stage]]:
    """Read at most 40 stages and the heads of their orders in one request, in the given order.

    Costs one request more if some of them wait for another stage. That stage is then part of the order.
    """
    homes = {stage_id: order_id_of(stage_id) for stage_id in stage_ids}
    stage_keys = {stage_id: keys.stage_of_id(tenant, order_id, stage_id) for stage_id, order_id in homes.items()}
    order_keys = {order_id: keys.order(tenant, order_id) for order_id in homes.values()}
    items = table.batch_get({*stage_keys.values(), *order_keys.values()})
    pairs = [
        (items[order_keys[homes[stage_id]]].read(Order), items[key].read(Stage))
        for stage_id, key in stage_keys.items()
        if key in items and order_keys[homes[stage_id]] in items
    ]
    return _with_awaited(tenant, pairs)


def beside_orders(tenant: str, stages: list[Stage]) -> list[tuple[Order, Stage]]:
    """Pair at most 100 stages with the heads of their orders, in one request.

    Costs one request more if some of them wait for another stage. That stage is then part of the order.
    """
    heads = {order.id: order for order in work_orders.heads(tenant, {order_id_of(stage.id) for stage in stages})}
    pairs = [(heads[order_id_of(stage.id)], stage) for stage in stages if order_id_of(stage.id) in heads]
    return _with_awaited(tenant, pairs)


def _with_awaited(tenant: str, pairs: list[tuple[Order, Stage]]) -> list[tuple[Order, Stage]]:
    """Add to each order's head the stage that the paired stage waits for, if any."""
    wanted = [awaited(order, stage) for order, stage in pairs]
    wanted_keys = {each: keys.stage_of_id(tenant, order_id_of(each), each) for each in wanted if each}
    found = table.batch_get(wanted_keys.values()) if wanted_keys else {}
    return [
        (replace(order, stages=(found[wanted_keys[before]].read(Stage),)) if before else order, stage)
        for (order, stage), before in zip(pairs, wanted, strict=True)
    ]
