"""Products: what a plant makes. A product's stages with their standards are its route."""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.kept import KEPT, Kept, given


@dataclass(frozen=True)
class Product:
    """A product in the plant's register. `unit` is what is counted, such as `kg`. A change raises `version`."""

    product_code: str
    name: str
    created_at: datetime
    unit: str | None = None
    note: str | None = None
    version: int = 1


@dataclass(frozen=True)
class NewProduct:
    """The fields of a product to register."""

    product_code: str
    name: str
    unit: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class ChangeProduct:
    """The fields of a product to change. A field that is KEPT stays; a unit or a note of None is cleared."""

    name: str | Kept = KEPT
    unit: str | Kept | None = KEPT
    note: str | Kept | None = KEPT


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
    """A new product, registered at an instant."""
    return Product(new.product_code, new.name, at, unit=new.unit, note=new.note)


def changed(product: Product, wanted: ChangeProduct) -> Product:
    """The product after a change, with the next version. The same product if no field gets another value."""
    after = replace(product, **given(wanted, "name", "unit", "note"))
    return product if after == product else replace(after, version=product.version + 1)
