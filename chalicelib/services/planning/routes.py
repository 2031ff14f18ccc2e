"""Routes: reading and changing the stages of a product."""

from collections.abc import Callable
from typing import Any

from chalicelib import clock
from chalicelib.domain.errors import together
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning.opening import NewOrder, NewStage
from chalicelib.domain.planning.routes import Route, RouteNotFound, RouteStage, refuse_wrong_standards
from chalicelib.domain.sentences import say
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.orders.references import References
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage.planning import routes

# The fields of a route that name machines.
NAMED = References(machines=("stages.machine_id",))


def find(actor: Actor, product_code: str) -> Route | None:
    """Find the route of a product, or with `default` the plant's own. One read."""
    return routes.find(actor.tenant, product_code)


def read(actor: Actor, product_code: str) -> Route:
    """Read the route of a product, or with `default` the plant's own. Raises RouteNotFound."""
    route = find(actor, product_code)
    if route is None:
        form = "PUT /routes/{product_code} creates one; until then the plant's default route is used."
        raise RouteNotFound(say(form, product_code=product_code))
    return route


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
    """Create or replace a route. Open orders keep their stages. Raises InvalidFields."""

    def prepare() -> Prepared:
        route = Route(product_code, stages, clock.now(), actor.user_id)
        together(lambda: NAMED.check(actor.tenant, route), lambda: refuse_wrong_standards(stages))
        return Prepared(Answer(present(route)), routes.put(actor.tenant, route))

    return carry_out(actor, "put_route", stages, request, prepare, target=product_code)


def stages_for(actor: Actor, new: NewOrder) -> tuple[NewStage, ...]:
    """The stages of an order from its product's route or the default route; empty if there is neither. Costs a read."""
    route = routes.find_for(actor.tenant, new.product_code)
    return route.planned(new.planned_end - new.planned_start) if route else ()
