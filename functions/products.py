"""The doors of products: registering, reading and changing them.

A product is named in the path. `GET /products?product_code=` finds one where a gateway changes paths.
"""

from http import HTTPStatus
from typing import Any

from chalicelib.domain.errors import Conflict, Stale
from chalicelib.domain.planning.products import Product, ProductStatus
from chalicelib.schemas.base import Paged
from chalicelib.schemas.products import (
    ChangeProduct,
    ListProducts,
    NamedProduct,
    NewProduct,
    ProductChangeOut,
    ProductOut,
    ProductWithRouteOut,
    product_change_out,
    product_out,
    product_with_route_out,
)
from chalicelib.schemas.standards import StandardsOut, standards_out
from chalicelib.services.idempotency import Answer
from chalicelib.services.planning import products, standards
from functions import _request
from functions._endpoint import Call, Doors, page_of
from functions._rules import ListOf

doors = Doors(__name__)


@doors.route(
    "POST",
    "/products",
    action="product.create",
    body=NewProduct,
    answers=ProductOut,
    statuses=(HTTPStatus.CREATED,),
    refuses=(Conflict,),
    location="/products/{product_code}",
)
def register_product(call: Call) -> Answer:
    """Register a product; its stages are its route."""
    return products.register(call.actor, call.body.payload(), call.request, _shown)


@doors.route("GET", "/products", action="product.read", query=ListProducts, answers=ListOf(ProductOut))
def list_products(call: Call) -> Answer:
    """List products by code, without `status` the active ones; or the one of `product_code`, in any characters."""
    query = call.query
    if query.product_code is not None:
        found = products.find(call.actor, query.product_code)
        return page_of([product_out(found)] if found else [])
    statuses = frozenset(query.status or (ProductStatus.ACTIVE,))
    page = products.page(call.actor, statuses, limit=query.limit, cursor=query.cursor)
    return page_of(map(product_out, page.items), page.next_cursor)


@doors.route("GET", "/products/{product_code}", action="product.read", answers=ProductWithRouteOut)
def read_product(call: Call, product_code: str) -> Answer:
    """Read a product, with the stages of its own route and their standards."""
    product, route = products.read_with_route(call.actor, _named(product_code))
    return Answer(product_with_route_out(product, route).plain(), version=product.version)


@doors.route(
    "PATCH",
    "/products/{product_code}",
    action="product.change",
    body=ChangeProduct,
    answers=ProductOut,
    refuses=(Conflict, Stale),
    versioned=True,
)
def change_product(call: Call, product_code: str) -> Answer:
    """Change what is written of a product, its moulds or its status; the list of moulds is replaced whole."""
    return products.change(call.actor, _named(product_code), call.body.payload(), call.request, _shown)


@doors.route(
    "GET", "/products/{product_code}/history", action="product.history", query=Paged, answers=ListOf(ProductChangeOut)
)
def list_product_history(call: Call, product_code: str) -> Answer:
    """List the changes of a product, oldest first: who, when, from what to what."""
    found = products.history(call.actor, _named(product_code), limit=call.query.limit, cursor=call.query.cursor)
    return page_of(map(product_change_out, found.items), found.next_cursor)


@doors.route("GET", "/products/{product_code}/standards", action="product.standards", answers=StandardsOut)
def suggest_standards(call: Call, product_code: str) -> Answer:
    """Read what a piece took in the stages of a product that were done last, as suggested standards."""
    return Answer(standards_out(standards.suggest(call.actor, _named(product_code))).plain())


def _named(place: str) -> str:
    """The product code that stands in a path. Raises BadParameter for what no order could carry."""
    return _request.named(NamedProduct, product_code=place).product_code


def _shown(product: Product) -> dict[str, Any]:
    return product_out(product).plain()
