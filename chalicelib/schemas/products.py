"""The shapes of products."""

from typing import Annotated

from pydantic import Field

from chalicelib.domain.planning import products
from chalicelib.domain.planning.routes import Route
from chalicelib.schemas.base import Body, Filters, Out, Paged, Patch, example, kept
from chalicelib.schemas.field_changes import FieldChangeOut, field_changes
from chalicelib.schemas.routes import RouteStageOut
from chalicelib.schemas.values import InstantOut, Line, Note, ProductCode

Unit = Annotated[Line, Field(max_length=20)]


class NewProduct(Body):
    """A new product."""

    model_config = example(product_code="CAP-40", name="Cap, 40 mm")

    product_code: ProductCode
    name: Line
    unit: Unit | None = None
    note: Note | None = None

    def payload(self) -> products.NewProduct:
        """The fields of the product."""
        return self.made_into(products.NewProduct)


class ChangeProduct(Patch):
    """What to change about a product."""

    name: Line = kept()
    unit: Unit | None = kept()
    note: Note | None = kept()

    def payload(self) -> products.ChangeProduct:
        """The fields to change."""
        return self.made_into(products.ChangeProduct)


class NamedProduct(Filters):
    """The product that a path names."""

    product_code: ProductCode


class ListProducts(Paged):
    """The filter of a list of products."""

    product_code: ProductCode | None = None


class ProductOut(Out):
    """A product."""

    product_code: str
    name: str
    unit: str | None
    note: str | None
    created_at: InstantOut
    version: int


class ProductWithRouteOut(ProductOut):
    """A product, and the stages of its own route with their standards; empty if it has no route of its own."""

    stages: list[RouteStageOut]


class ProductChangeOut(Out):
    """Who changed a product, when, to which version, and from what to what: the changed fields by name."""

    version: int
    at: InstantOut
    actor: str
    changes: dict[str, FieldChangeOut]


def product_out(product: products.Product) -> ProductOut:
    """Show a product."""
    return ProductOut.model_validate(product)


def product_with_route_out(product: products.Product, route: Route | None) -> ProductWithRouteOut:
    """Show a product with the stages of its route."""
    stages = [RouteStageOut.model_validate(stage) for stage in route.stages] if route else []
    return ProductWithRouteOut(**dict(product_out(product)), stages=stages)


def product_change_out(change: products.ProductChange) -> ProductChangeOut:
    """Show a change of a product, each field as the product itself is shown."""
    before, after = product_out(change.before), product_out(change.after)
    return ProductChangeOut(
        version=after.version, at=change.at, actor=change.actor, changes=field_changes(before, after)
    )
