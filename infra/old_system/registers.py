"""Bringing machines and products of the old system over. What Takip has already stays as it is."""

from collections.abc import Sequence

from chalicelib.domain.machines.machines import MachineIdTaken, NewMachine
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning.products import NewProduct, Product
from chalicelib.domain.planning.routes import RouteStage
from chalicelib.domain.text import folded
from chalicelib.services.idempotency import Request
from chalicelib.services.machines import machines
from chalicelib.services.planning import products, routes
from infra.old_system.bringing import Brought, Refused
from infra.old_system.plant import OldMachine, OldProduct
from infra.old_system.things import MOULDS

MOULDING = "Enjeksiyon"
LATER = "Its product is in Takip without it. Add it there."


def bring_machine(planner: Actor, old: OldMachine) -> bool:
    """Register a machine, if no machine has its id. Returns whether it was registered. Costs a transaction."""
    new = NewMachine(old.key, old.name, machine_type=old.machine_type, location=old.location, status=old.status)
    try:
        machines.register(planner, new, Request(as_of=old.created_at), lambda machine: machine.id)
    except MachineIdTaken:
        return False
    return True


def bring_product(planner: Actor, old: OldProduct) -> Brought:
    """Register a product and the standard of its moulding, if there is none. Moulds that came later are refused.

    Costs a read and, for a new one, a read and two transactions. The standard is the time of a cycle ÷ the cavities.
    It comes first, so that an interrupted run goes on with the product.
    """
    done = Brought()
    there = products.find(planner, old.code)
    if there is not None:
        done.refused += _left_moulds(old, there)
        return done
    request, stages = Request(as_of=old.created_at), _route(old)
    if stages and routes.find(planner, old.code) is None:
        routes.put(planner, old.code, stages, request, lambda route: route.product_code)
    new = NewProduct(
        old.code,
        old.name,
        note=old.note,
        material=old.material,
        part_weight_g=old.part_weight_g,
        injection_temperature_c=old.injection_temperature_c,
        mould_temperature_c=old.mould_temperature_c,
        moulds=tuple(mould for _, mould in old.moulds),
    )
    products.register(planner, new, request, lambda product: product.product_code)
    done.commands += 1
    return done


def _left_moulds(old: OldProduct, there: Product) -> list[Refused]:
    """The moulds that a product in Takip is without: they came later."""
    known = {folded(mould.code) for mould in there.moulds}
    return [Refused(MOULDS, number, LATER) for number, mould in old.moulds if folded(mould.code) not in known]


def _route(old: OldProduct) -> tuple[RouteStage, ...]:
    """The stages of most orders of the product, with the cycle at the moulding, else at the first; none without one."""
    names: Sequence[str] = old.stages or (MOULDING,)
    if old.cycle_seconds is None:
        return ()
    moulding = next((place for place, name in enumerate(names) if folded(name) == folded(MOULDING)), 0)
    return tuple(
        RouteStage(name, cycle_seconds=old.cycle_seconds, cavities=old.cavities)
        if place == moulding
        else RouteStage(name)
        for place, name in enumerate(names)
    )
