"""The doors of products for the app of the old system."""

from collections.abc import Sequence
from functools import partial

from chalicelib.domain.errors import Conflict
from chalicelib.domain.planning.products import ChangeProduct, Product, ProductStatus
from chalicelib.domain.planning.routes import DEFAULT, USUAL, Route, RouteStage, refuse_wrong_standards
from chalicelib.domain.text import key_form
from chalicelib.schemas.old_app import OldDoneOut
from chalicelib.schemas.old_products import (
    OldChangeProduct,
    OldNewProduct,
    OldProductOut,
    old_product_out,
    refuse_other_code,
)
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.planning import products, routes
from functions._endpoint import Call, Doors
from functions._old import every, numbers, rows
from functions._rules import ListOf

doors = Doors(__name__)

MOST_PRODUCTS = 500
ACTIVE = frozenset({ProductStatus.ACTIVE})


@doors.old("GET", "/v0/products", action="product.read", answers=ListOf(OldProductOut))
def old_list_products(call: Call) -> Answer:
    """List the products that are not retired, with the pace of their routes; 500 at most."""
    found = _active(call)
    own = every(partial(routes.page, call.actor), MOST_PRODUCTS)
    stages = {key_form(route.product_code): route.stages for route in own}
    known = _numbers(call, found)
    return rows(old_product_out(each, stages.get(key_form(each.product_code), ()), known) for each in found)


@doors.old(
    "POST", "/v0/products", action="product.create", body=OldNewProduct, answers=OldProductOut, refuses=(Conflict,)
)
def old_register_product(call: Call) -> Answer:
    """Register a product. Its cycle and its cavities become the standard of its route."""
    stages = _other_stages(call, call.body.code)
    made = products.register(call.actor, call.body.new(), call.request, _code)
    _set_pace(call, made.data["code"], stages)
    return _shown(call, made.data["code"], replayed=made.replayed)


@doors.old(
    "PATCH",
    "/v0/products/{product}",
    action="product.change",
    body=OldChangeProduct,
    answers=OldProductOut,
    refuses=(Conflict,),
)
def old_change_product(call: Call, product: str) -> Answer:
    """Change a product, or the standard of its route."""
    refuse_other_code(call.body.code, product)
    stages = _other_stages(call, product)
    products.change(call.actor, product, call.body.payload(), call.request, _code)
    _set_pace(call, product, stages)
    return _shown(call, product)


@doors.old("DELETE", "/v0/products/{product}", action="product.change", answers=OldDoneOut, refuses=(Conflict,))
def old_retire_product(call: Call, product: str) -> Answer:
    """Retire a product. Its orders and its numbers stay."""
    products.change(call.actor, product, ChangeProduct(status=ProductStatus.RETIRED), call.request, _code)
    return Answer(OldDoneOut().plain())


@doors.old(
    "POST", "/v0/products/{product}/restore", action="product.change", answers=OldProductOut, refuses=(Conflict,)
)
def old_restore_product(call: Call, product: str) -> Answer:
    """Take a retired product back. It has no key: who restores, deletes and restores it at once has it back."""
    products.change(call.actor, product, ChangeProduct(status=ProductStatus.ACTIVE), Request(), _code)
    return _shown(call, product)


def _active(call: Call) -> Sequence[Product]:
    return every(partial(products.page, call.actor, ACTIVE), MOST_PRODUCTS)


def _numbers(call: Call, found: Sequence[Product]) -> dict[str, int]:
    return numbers(call.tenant, "product", (product.product_code for product in found))


def _other_stages(call: Call, code: str) -> tuple[RouteStage, ...]:
    """The stages of a product's route with the pace that was sent; none if the route has it. Raises InvalidFields.

    Until a product has a route of its own, its stages are the plant's, else the usual ones.
    """
    route = routes.find(call.actor, code) or routes.find(call.actor, DEFAULT)
    before = route.stages if route else USUAL
    after = call.body.paced(before)
    refuse_wrong_standards(after)
    return () if after == before else after


def _set_pace(call: Call, code: str, stages: tuple[RouteStage, ...]) -> None:
    """Write stages with another pace into the product's route."""
    if stages:
        routes.put(call.actor, code, stages, call.request.part("route"), _code)


def _shown(call: Call, code: str, *, replayed: bool = False) -> Answer:
    """A product as it is now."""
    product, route = products.read_with_route(call.actor, code)
    shown = old_product_out(product, route.stages if route else (), _numbers(call, [product]))
    return Answer(shown.plain(), replayed=replayed)


def _code(thing: Product | Route) -> dict[str, str]:
    return {"code": thing.product_code}
