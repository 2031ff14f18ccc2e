"""Products: what a plant makes. A product's stages with their standards are its route."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.errors import Conflict, NotFound, refuse
from chalicelib.domain.kept import KEPT, Kept, given
from chalicelib.domain.planning.moulds import Mould, mould_errors


class ProductStatus(StrEnum):
    """Whether a product is made. Lists leave out what is retired; its orders and its numbers stay."""

    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True)
class Product:
    """A product in the plant's register. `unit` is what is counted, such as `kg`. A change raises `version`.

    A part weighs `part_weight_g` grams. It is injected at `injection_temperature_c` °C into a mould of
    `mould_temperature_c` °C. How long a piece takes is in the product's route.
    """

    product_code: str
    name: str
    created_at: datetime
    unit: str | None = None
    note: str | None = None
    material: str | None = None
    part_weight_g: Decimal | None = None
    injection_temperature_c: Decimal | None = None
    mould_temperature_c: Decimal | None = None
    moulds: tuple[Mould, ...] = ()
    status: ProductStatus = ProductStatus.ACTIVE
    version: int = 1


@dataclass(frozen=True)
class NewProduct:
    """The fields of a product to register."""

    product_code: str
    name: str
    unit: str | None = None
    note: str | None = None
    material: str | None = None
    part_weight_g: Decimal | None = None
    injection_temperature_c: Decimal | None = None
    mould_temperature_c: Decimal | None = None
    moulds: tuple[Mould, ...] = ()
    status: ProductStatus = ProductStatus.ACTIVE


@dataclass(frozen=True)
class ChangeProduct:
    """The fields of a product to change. A field that is KEPT stays; a field of None is cleared.

    `moulds` replaces the whole list.
    """

    name: str | Kept = KEPT
    unit: str | Kept | None = KEPT
    note: str | Kept | None = KEPT
    material: str | Kept | None = KEPT
    part_weight_g: Decimal | Kept | None = KEPT
    injection_temperature_c: Decimal | Kept | None = KEPT
    mould_temperature_c: Decimal | Kept | None = KEPT
    moulds: tuple[Mould, ...] | Kept = KEPT
    status: ProductStatus | Kept = KEPT


@dataclass(frozen=True)
class ProductChange:
    """A change in the history of a product: when, by whom, and the product before and after. It is never deleted."""

    at: datetime
    actor: str
    before: Product
    after: Product


class ProductNotFound(NotFound):
    """The product is not registered."""

    code = "ERR_PRODUCT_NOT_FOUND"
    title = "No such product"


class ProductCodeTaken(Conflict):
    """Another product has this code. Upper and lower case and all letters i are the same, as in other codes."""

    code = "ERR_PRODUCT_CODE_TAKEN"
    title = "This code is taken by another product"


def registered(new: NewProduct, at: datetime) -> Product:
    """A new product, registered at an instant. Raises InvalidFields."""
    refuse(mould_errors(new.moulds))
    return Product(created_at=at, **{field.name: getattr(new, field.name) for field in fields(new)})


def changed(product: Product, wanted: ChangeProduct) -> Product:
    """The product after a change, with the next version. The same product if no field gets another value.

    Every status may follow every other: a retired product can be made again. Raises InvalidFields.
    """
    values = given(wanted, *(field.name for field in fields(wanted)))
    refuse(mould_errors(values.get("moulds", ())))
    after = replace(product, **values)
    return product if after == product else replace(after, version=product.version + 1)
