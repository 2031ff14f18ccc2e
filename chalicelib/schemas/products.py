"""The shapes of products."""

from typing import Annotated

from pydantic import Field

from chalicelib.domain.planning import moulds, products
from chalicelib.domain.planning.moulds import MOST_MOULDS, MouldStatus
from chalicelib.domain.planning.products import ProductStatus
from chalicelib.domain.planning.routes import Route
from chalicelib.schemas.base import Body, Filters, Out, Paged, Patch, example, kept
from chalicelib.schemas.field_changes import FieldChangeOut, field_changes
from chalicelib.schemas.routes import RouteStageOut
from chalicelib.schemas.values import (
    Celsius,
    Coded,
    InstantOut,
    Line,
    Many,
    Note,
    NumberOut,
    OneOf,
    Positive,
    ProductCode,
    Text,
)

Unit = Annotated[Line, Field(max_length=20)]


class NewMould(Body):
    """A mould of a product."""

    code: Coded
    name: Line
    note: Text | None = None
    status: OneOf[MouldStatus] = MouldStatus.ACTIVE

    def payload(self) -> moulds.Mould:
        """The domain's mould."""
        return self.made_into(moulds.Mould)


Moulds = Annotated[Many[NewMould], Field(max_length=MOST_MOULDS)]


class NewProduct(Body):
    """A new product."""

    model_config = example(
        product_code="CAP-40", name="Cap, 40 mm", material="PP", moulds=[{"code": "K-7", "name": "8 cavities"}]
    )

    product_code: ProductCode
    name: Line
    unit: Unit | None = None
    note: Note | None = None
    material: Line | None = None
    part_weight_g: Positive | None = None
    injection_temperature_c: Celsius | None = None
    mould_temperature_c: Celsius | None = None
    moulds: Moulds = ()
    status: OneOf[ProductStatus] = ProductStatus.ACTIVE

    def payload(self) -> products.NewProduct:
        """The fields of the product."""
        return self.made_into(products.NewProduct, moulds=tuple(mould.payload() for mould in self.moulds))


class ChangeProduct(Patch):
    """What to change about a product."""

    name: Line = kept()
    unit: Unit | None = kept()
    note: Note | None = kept()
    material: Line | None = kept()
    part_weight_g: Positive | None = kept()
    injection_temperature_c: Celsius | None = kept()
    mould_temperature_c: Celsius | None = kept()
    moulds: Moulds = kept()
    status: OneOf[ProductStatus] = kept()

    def payload(self) -> products.ChangeProduct:
        """The fields to change, with the moulds if they are given."""
        lists = {"moulds"} & self.model_fields_set
        replaced = {name: tuple(each.payload() for each in getattr(self, name)) for name in lists}
        return self.made_into(products.ChangeProduct, **replaced)


class NamedProduct(Filters):
    """The product that a path names."""

    product_code: ProductCode


class ListProducts(Paged):
    """The filters of a list of products."""

    product_code: ProductCode | None = None
    status: tuple[ProductStatus, ...] = ()


class MouldOut(Out):
    """A mould of a product."""

    code: str
    name: str
    note: str | None
    status: MouldStatus


class ProductOut(Out):
    """A product."""

    product_code: str
    name: str
    unit: str | None
    note: str | None
    material: str | None
    part_weight_g: NumberOut | None
    injection_temperature_c: NumberOut | None
    mould_temperature_c: NumberOut | None
    moulds: list[MouldOut]
    status: ProductStatus
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
