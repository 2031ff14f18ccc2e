"""Suggested standards of a product's stages, beside those of its route."""

from chalicelib import clock
from chalicelib.domain.numbers.standards import MOST_LOOKED_AT, done_stage, suggested
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning.standards import StageStandard, Standards
from chalicelib.domain.text import folded
from chalicelib.services.planning import products
from chalicelib.storage.numbers import done_stages
from chalicelib.storage.planning import routes

USUAL_STAGES = 2
"""The number of stages of an order whose product has no route."""


def suggest(actor: Actor, product_code: str) -> Standards:
    """Suggest the standards of a product from its stages that were done last, 20 for each stage of its route.

    Stages that were done before a day was made by this release are not known until the day is rebuilt. Costs a read
    of the route and a query, and a read of the product if no stage of it was done. Raises ProductNotFound.
    """
    route = routes.find_for(actor.tenant, product_code)
    in_route = route.stages if route else ()
    most = MOST_LOOKED_AT * max(len(in_route), USUAL_STAGES)
    found = done_stages.newest(actor.tenant, product_code, most=most)
    if not found:
        products.read(actor, product_code)
    done = [stage for stage_id, fact in found if (stage := done_stage(stage_id, fact))]
    of_name = {folded(stage.name): stage for stage in reversed(in_route)}
    suggestions = suggested(done, [stage.name for stage in in_route])
    stages = [StageStandard(of_name.get(folded(each.name)), each) for each in suggestions]
    return Standards(product_code, stages, clock.now())
