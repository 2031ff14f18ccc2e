"""The doors of moulds for the app of the old system. A mould belongs to its product for ever."""

from functools import partial

from chalicelib.domain.errors import Conflict, FieldError, NotFound, refuse
from chalicelib.domain.planning.moulds import ChangeMould, MouldStatus, mould_id, parts_of
from chalicelib.domain.planning.products import Product, ProductStatus
from chalicelib.domain.sentences import say
from chalicelib.domain.text import folded
from chalicelib.schemas.old_app import OldDoneOut
from chalicelib.schemas.old_products import (
    OldChangeMould,
    OldMouldOut,
    OldNewMould,
    old_mould_out,
    refuse_other_code,
)
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.old_ids import id_of
from chalicelib.services.planning import products
from functions._endpoint import Call, Doors
from functions._old import every, numbers, rows
from functions._rules import ListOf

doors = Doors(__name__)

MOST_PRODUCTS, MOST_MOULDS = 500, 1_000
ACTIVE = frozenset({ProductStatus.ACTIVE})
BACK, GONE = ChangeMould(status=MouldStatus.ACTIVE), ChangeMould(status=MouldStatus.RETIRED)


@doors.old("GET", "/v0/molds", action="product.read", answers=ListOf(OldMouldOut))
def old_list_moulds(call: Call) -> Answer:
    """List the moulds of the products that are not retired, without the retired ones; 1,000 at most."""
    found = every(partial(products.page, call.actor, ACTIVE), MOST_PRODUCTS)
    own = [(each, mould) for each in found for mould in each.moulds if mould.status is not MouldStatus.RETIRED]
    shown = own[:MOST_MOULDS]
    known = numbers(call.tenant, "product", (product.product_code for product, _ in shown))
    moulds = numbers(call.tenant, "mould", (mould_id(product.product_code, mould.code) for product, mould in shown))
    return rows(old_mould_out(product, mould, moulds, known) for product, mould in shown)


@doors.old(
    "POST",
    "/v0/molds",
    action="product.change",
    body=OldNewMould,
    answers=OldMouldOut,
    refuses=(NotFound, Conflict),
)
def old_add_mould(call: Call) -> Answer:
    """Add a mould to a product."""
    product_code = id_of(call.tenant, "product", call.body.product_id)
    made = products.add_mould(call.actor, product_code, call.body.payload(), call.request, _nothing)
    return _one(call, mould_id(product_code, call.body.code), replayed=made.replayed)


@doors.old(
    "PATCH",
    "/v0/molds/{mould}",
    action="product.change",
    body=OldChangeMould,
    answers=OldMouldOut,
    refuses=(Conflict,),
)
def old_change_mould(call: Call, mould: str) -> Answer:
    """Change a mould."""
    product_code, code = parts_of(mould)
    refuse_other_code(call.body.code, code)
    wanted = call.body.product_id
    if wanted is not None and folded(id_of(call.tenant, "product", wanted)) != folded(product_code):
        refuse([FieldError("product_id", say("stays as it is; add the mould to the other product"), "not_allowed")])
    return _changed(call, mould, call.body.payload())


@doors.old("DELETE", "/v0/molds/{mould}", action="product.change", answers=OldDoneOut, refuses=(Conflict,))
def old_retire_mould(call: Call, mould: str) -> Answer:
    """Retire a mould."""
    _changed(call, mould, GONE)
    return Answer(OldDoneOut().plain())


@doors.old("POST", "/v0/molds/{mould}/restore", action="product.change", answers=OldMouldOut, refuses=(Conflict,))
def old_restore_mould(call: Call, mould: str) -> Answer:
    """Take a retired mould back. It has no key, as with products."""
    return _changed(call, mould, BACK)


def _changed(call: Call, mould: str, wanted: ChangeMould) -> Answer:
    product_code, code = parts_of(mould)
    products.change_mould(call.actor, product_code, code, wanted, Request(), _nothing)
    return _one(call, mould)


def _one(call: Call, mould: str, *, replayed: bool = False) -> Answer:
    """A mould as it is now."""
    product_code, code = parts_of(mould)
    product = products.read(call.actor, product_code)
    (own,) = (each for each in product.moulds if folded(each.code) == folded(code))
    known = numbers(call.tenant, "product", [product.product_code])
    shown = old_mould_out(product, own, numbers(call.tenant, "mould", [mould]), known)
    return Answer(shown.plain(), replayed=replayed)


def _nothing(_: Product) -> dict[str, str]:
    return {}
