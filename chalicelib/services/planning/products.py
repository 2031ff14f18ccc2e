"""Products: registering, reading and changing them, and reading their history."""

from collections.abc import Callable
from typing import Any

from chalicelib import clock
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning.moulds import ChangeMould, Mould, with_changed
from chalicelib.domain.planning.products import (
    ChangeProduct,
    NewProduct,
    Product,
    ProductChange,
    ProductNotFound,
    ProductStatus,
    changed,
    registered,
)
from chalicelib.domain.planning.routes import Route
from chalicelib.domain.sentences import say
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage.planning import products

Present = Callable[[Product], Any]


def register(actor: Actor, new: NewProduct, request: Request, present: Present) -> Answer:
    """Register a product. Orders may name products that are not registered. Raises ProductCodeTaken, InvalidFields."""

    def prepare() -> Prepared:
        product = registered(new, request.as_of or clock.now())
        answer = Answer(present(product), created=True, version=product.version)
        return Prepared(answer, products.creation(actor.tenant, product))

    return carry_out(actor, "register_product", new, request, prepare)


def change(actor: Actor, product_code: str, wanted: ChangeProduct, request: Request, present: Present) -> Answer:
    """Change a product and write its history in the same transaction.

    If no field gets another value, nothing is written but the idempotency key.
    Raises ProductNotFound, StaleVersion, InvalidFields. Costs a read and a transaction.
    """
    return _rewrite(actor, product_code, ("change_product", wanted), lambda _: wanted, request, present)


def add_mould(actor: Actor, product_code: str, mould: Mould, request: Request, present: Present) -> Answer:
    """Add a mould to a product, as a change of it. Raises ProductNotFound, InvalidFields. Costs as a change."""

    def added(before: Product) -> ChangeProduct:
        return ChangeProduct(moulds=(*before.moulds, mould))

    return _rewrite(actor, product_code, ("add_mould", mould), added, request, present)


def change_mould(
    actor: Actor, product_code: str, code: str, wanted: ChangeMould, request: Request, present: Present
) -> Answer:
    """Change a mould of a product, as a change of it. Raises ProductNotFound, MouldNotFound. Costs as a change."""

    def with_it(before: Product) -> ChangeProduct:
        return ChangeProduct(moulds=with_changed(before.moulds, code, wanted))

    return _rewrite(actor, product_code, ("change_mould", (code, wanted)), with_it, request, present)


def _rewrite(
    actor: Actor,
    product_code: str,
    command: tuple[str, object],
    wanted: Callable[[Product], ChangeProduct],
    request: Request,
    present: Present,
) -> Answer:
    """Make the change that is wanted of the product as it is. `command` is its name and what makes it the same."""

    def prepare() -> Prepared:
        before = read(actor, product_code)
        request.refuse_stale(before.version)
        after = changed(before, wanted(before))
        made = ProductChange(clock.now(), actor.user_id, before, after)
        return Prepared(Answer(present(after), version=after.version), products.change(actor.tenant, made))

    return carry_out(actor, *command, request, prepare, target=product_code)


def history(actor: Actor, product_code: str, *, limit: int, cursor: str | None) -> ListPage[ProductChange]:
    """A page of a product's changes, oldest first. Costs one query, and one read if there are no changes.

    Raises ProductNotFound, BadCursor.
    """
    found = products.changes(actor.tenant, product_code, limit=limit, cursor=cursor)
    if not found.items:
        read(actor, product_code)
    return page_of(found, ProductChange)


def find(actor: Actor, product_code: str) -> Product | None:
    """Find a product, in any case of letters. One read."""
    return products.find(actor.tenant, product_code)


def read(actor: Actor, product_code: str) -> Product:
    """Read a product. Raises ProductNotFound."""
    product = find(actor, product_code)
    if product is None:
        raise _not_found(product_code)
    return product


def read_with_route(actor: Actor, product_code: str) -> tuple[Product, Route | None]:
    """Read a product and its own route; None if it has none. Costs one request. Raises ProductNotFound."""
    product, route = products.find_with_route(actor.tenant, product_code)
    if product is None:
        raise _not_found(product_code)
    return product, route


def page(actor: Actor, statuses: frozenset[ProductStatus], *, limit: int, cursor: str | None) -> ListPage[Product]:
    """A page of the products with one of these statuses, ordered by code. Raises BadCursor."""
    found = products.page(actor.tenant, limit=limit, cursor=cursor, filters=sorted(statuses))
    return page_of(found, Product, lambda product: product.status in statuses)


def _not_found(product_code: str) -> ProductNotFound:
    return ProductNotFound(
        say("There is no product {product_code}; POST /products registers one.", product_code=product_code)
    )
