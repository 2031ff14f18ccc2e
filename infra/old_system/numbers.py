"""The numbers of the old system, which the old app goes on to show."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from chalicelib.domain.old_ids import Kind
from chalicelib.domain.orders.work_orders import stage_id
from chalicelib.domain.planning.moulds import mould_id
from chalicelib.services import old_ids
from infra.old_system.bringing import Refused, refusal_of
from infra.old_system.issues import TABLE as ISSUES
from infra.old_system.orders import ORDERS, STAGES
from infra.old_system.plant import OldPlant
from infra.old_system.steps import id_of
from infra.old_system.things import MACHINES, MOULDS, PRODUCTS

A_BLOCK = 49
"""So many numbers are one transaction."""


class Numbers(NamedTuple):
    """The numbers of a table by Takip's ids, and what the book of numbers calls their kind."""

    kind: Kind
    table: str
    by_id: Mapping[str, int]


def of_plant(plant: OldPlant) -> Sequence[Numbers]:
    """The numbers of all that comes over under an id that is known before."""
    stages = {
        stage_id(id_of(order), position): stage.id
        for order in plant.orders
        for position, stage in enumerate(order.stages, start=1)
        if stage.id
    }
    moulds = {mould_id(each.code, mould.code): number for each in plant.products for number, mould in each.moulds}
    return (
        Numbers("machine", MACHINES, {machine.key: machine.id for machine in plant.machines}),
        Numbers("product", PRODUCTS, {product.code: product.id for product in plant.products}),
        Numbers("order", ORDERS, {id_of(order): order.id for order in plant.orders}),
        Numbers("stage", STAGES, stages),
        Numbers("mould", MOULDS, moulds),
    )


def of_issues(by_id: Mapping[str, int]) -> Numbers:
    """The numbers of issues that were brought."""
    return Numbers("issue", ISSUES, by_id)


def keep(tenant: str, numbers: Numbers) -> list[Refused]:
    """Keep numbers. Those are refused that stand for something else already, or whose thing has another number.

    So it is with what the old system renamed, and with an order from which it took a stage. Raises Unavailable.
    """
    pairs, refused = list(numbers.by_id.items()), list[Refused]()
    register = partial(old_ids.registered, tenant, numbers.kind)
    for start in range(0, len(pairs), A_BLOCK):
        some = pairs[start : start + A_BLOCK]
        if refusal_of(partial(register, dict(some))) is None:
            continue
        for id_, number in some:
            reason = refusal_of(partial(register, {id_: number}))
            if reason is not None:
                refused.append(Refused(numbers.table, number, reason))
    return refused
