"""The shapes of routes."""

from typing import Annotated

from pydantic import Field

from chalicelib.domain.planning import routes
from chalicelib.domain.planning.opening import MAX_STAGES
from chalicelib.domain.planning.routes import MOST_CAVITIES, Route
from chalicelib.schemas.base import Body, Filters, Out, Paged, example
from chalicelib.schemas.values import Identifier, InstantOut, Line, Many, NumberOut, Positive, RouteCode

Cavities = Annotated[int, Field(ge=1, le=MOST_CAVITIES)]


class RouteStage(Body):
    """One stage of a route. Its standard is given for a piece, or as a cycle that makes one in each cavity."""

    name: Line
    minutes: Positive | None = None
    standard_seconds_per_unit: Positive | None = None
    machine_id: Identifier | None = None
    cycle_seconds: Positive | None = None
    cavities: Cavities | None = None

    def payload(self) -> routes.RouteStage:
        """The stage of the route."""
        return self.made_into(routes.RouteStage)


class PutRoute(Body):
    """The stages of a product, in order."""

    model_config = example(stages=[{"name": "Enjeksiyon", "minutes": 30}, {"name": "Montaj"}])

    stages: Annotated[Many[RouteStage], Field(min_length=1, max_length=MAX_STAGES)]

    def payload(self) -> tuple[routes.RouteStage, ...]:
        """The stages of the route."""
        return tuple(stage.payload() for stage in self.stages)


class PutRouteOf(PutRoute):
    """A product and its stages; `default` is the plant's own route."""

    model_config = example(product_code="CAP-40", stages=[{"name": "Enjeksiyon", "minutes": 30}, {"name": "Montaj"}])

    product_code: RouteCode


class NamedProduct(Filters):
    """The product that a path names."""

    product_code: RouteCode


class ListRoutes(Paged):
    """The filter of a list of routes."""

    product_code: RouteCode | None = None


class RouteStageOut(Out):
    """One stage of a route. The standard is the given one, or cycle ÷ cavities."""

    name: str
    minutes: NumberOut | None
    standard_seconds_per_unit: NumberOut | None = Field(validation_alias="standard")
    machine_id: str | None
    cycle_seconds: NumberOut | None
    cavities: int | None


class RouteOut(Out):
    """The stages of a product, and who changed them last."""

    product_code: str
    stages: list[RouteStageOut]
    changed_at: InstantOut
    changed_by: str


def route_out(route: Route) -> RouteOut:
    """Show a route."""
    return RouteOut.model_validate(route)
