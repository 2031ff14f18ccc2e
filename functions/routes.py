"""The doors of routes: the stages that a product goes through, for orders that name none."""

from typing import Any
from urllib.parse import unquote

from chalicelib.domain.errors import Conflict
from chalicelib.domain.planning.routes import Route
from chalicelib.schemas.base import Paged
from chalicelib.schemas.routes import PutRoute, RouteOut, route_out
from chalicelib.services.idempotency import Answer
from chalicelib.services.planning import routes
from functions._endpoint import Call, Doors, page_of
from functions._rules import ListOf

doors = Doors(__name__)


@doors.route("GET", "/routes", action="route.read", query=Paged, answers=ListOf(RouteOut))
def list_routes(call: Call) -> Answer:
    """List routes by product."""
    found = routes.page(call.actor, limit=call.query.limit, cursor=call.query.cursor)
    return page_of(map(route_out, found.items), found.next_cursor)


@doors.route("GET", "/routes/{product_code}", action="route.read", answers=RouteOut)
def read_route(call: Call, product_code: str) -> Answer:
    """Read the route of a product, or with `default` the plant's default route."""
    return Answer(_shown(routes.read(call.actor, unquote(product_code))))


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
    return routes.put(call.actor, unquote(product_code), call.body.payload(), call.request, _shown)


def _shown(route: Route) -> dict[str, Any]:
    return route_out(route).plain()
