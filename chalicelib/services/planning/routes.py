"""Routes: reading and changing the stages that a product goes through."""

from collections.abc import Callable
from typing import Any

from chalicelib import clock
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning.opening import NewOrder, NewStage
from chalicelib.domain.planning.routes import Route, RouteNotFound, RouteStage
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.orders.references import References
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage.planning import routes

# What a route names.
NAMED = References(machines=("stages.machine_id",))


def find(actor: Actor, product_code: str) -> Route | None:
    """Find the route of a product, or with `default` the plant's own. One read."""
    return routes.find(actor.tenant, product_code)


def read(actor: Actor, product_code: str) -> Route:
    """Read the route of a product, or with `default` the plant's own. Raises RouteNotFound."""
    found = find(actor, product_code)
    if found is None:
        raise RouteNotFound(f"PUT /routes/{product_code} creates one; until then the plant's default route is used.")
    return found


def page(actor: Actor, *, limit: int, cursor: str | None) -> ListPage[Route]:
    """A page of all routes, by product. Raises BadCursor."""
    return page_of(routes.page(actor.tenant, limit=limit, cursor=cursor), Route)


def put(
    actor: Actor,
    product_code: str,
    stages: tuple[RouteStage, ...],
    request: Request,
    present: Callable[[Route], Any],
) -> Answer:
    """Put a route in place of the one before; orders that are open keep their stages. Raises InvalidFields."""

    def prepare() -> Prepared:
        route = Route(product_code, stages, clock.now(), actor.user_id)
        NAMED.check(actor.tenant, route)
        return Answer(present(route)), routes.put(actor.tenant, route)

    return carry_out(actor, "put_route", stages, request, prepare, target=product_code)


def stages_for(actor: Actor, new: NewOrder) -> tuple[NewStage, ...]:
    """The stages of an order by its product's route, else the plant's own; none where there is neither. A read."""
    found = routes.find_for(actor.tenant, new.product_code)
    return found.planned(new.planned_end - new.planned_start) if found else ()
