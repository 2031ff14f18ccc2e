"""The doors of routes: the stages that a product goes through, for orders that name none.

A product is named in the path, or where every gateway leaves it alone: in a parameter to read, in the body to write.
"""

from typing import Any

from chalicelib.domain.errors import Conflict
from chalicelib.domain.planning.routes import Route
from chalicelib.schemas.routes import ListRoutes, NamedProduct, PutRoute, PutRouteOf, RouteOut, route_out
from chalicelib.services.idempotency import Answer
from chalicelib.services.planning import routes
from functions import _request
from functions._endpoint import Call, Doors, page_of
from functions._rules import ListOf

doors = Doors(__name__)


@doors.route("GET", "/routes", action="route.read", query=ListRoutes, answers=ListOf(RouteOut))
def list_routes(call: Call) -> Answer:
    """List routes by product, or the one of `product_code`, which may have any characters."""
    query = call.query
    if query.product_code is not None:
        found = routes.find(call.actor, query.product_code)
        return page_of([route_out(found)] if found else [])
    listed = routes.page(call.actor, limit=query.limit, cursor=query.cursor)
    return page_of(map(route_out, listed.items), listed.next_cursor)


@doors.route("PUT", "/routes", action="route.change", body=PutRouteOf, answers=RouteOut, refuses=(Conflict,))
def put_route_of_product(call: Call) -> Answer:
    """Create or replace the route of the product named in the body, which may have any characters."""
    return routes.put(call.actor, call.body.product_code, call.body.payload(), call.request, _shown)


@doors.route("GET", "/routes/{product_code}", action="route.read", answers=RouteOut)
def read_route(call: Call, product_code: str) -> Answer:
    """Read the route of a product, or with `default` the plant's default route."""
    return Answer(_shown(routes.read(call.actor, _named(product_code))))


@doors.route(
    "PUT",
    "/routes/{product_code}",
    action="route.change",
    body=PutRoute,
    answers=RouteOut,
    refuses=(Conflict,),
)
def put_route(call: Call, product_code: str) -> Answer:
    """Create or replace the route of a product; existing orders keep their stages."""
    return routes.put(call.actor, _named(product_code), call.body.payload(), call.request, _shown)


def _named(place: str) -> str:
    """The product code that stands in a path. Raises BadParameter for what no order could carry."""
    return _request.named(NamedProduct, product_code=place).product_code


def _shown(route: Route) -> dict[str, Any]:
    return route_out(route).plain()
