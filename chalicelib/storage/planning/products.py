"""Products in the table, and the history of each. Codes that are compared as equal are the same product."""

from chalicelib.domain.planning.products import Product, ProductChange, ProductCodeTaken
from chalicelib.domain.planning.routes import Route
from chalicelib.domain.sentences import say
from chalicelib.domain.text import forms
from chalicelib.storage import lookup, table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import planning as keys
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.pages import Page
from chalicelib.storage.planning import routes
from chalicelib.storage.table import Check, Put
from chalicelib.storage.writes import Write


def find(tenant: str, product_code: str) -> Product | None:
    """Read a product, in any case of letters, consistently; None if it is not registered."""
    return lookup.find(_at(tenant, product_code), Product)


def find_with_route(tenant: str, product_code: str) -> tuple[Product | None, Route | None]:
    """Read a product and its own route, in any case of letters, in one request. What there is not is None."""
    own, of_route = _at(tenant, product_code), routes.places(tenant, product_code)
    items = table.batch_get([own, *of_route])
    return lookup.among(items, own, Product), routes.first(items, of_route)


def creation(tenant: str, product: Product) -> Write:
    """The write that registers a product. The error for a code that already exists is ProductCodeTaken."""
    form = "Product {product_code} already exists; choose another code, or change it."
    taken = ProductCodeTaken(say(form, product_code=product.product_code))
    written = _item(tenant, product)
    return Write((Put(written, table.absent()),), taken={written.key: taken})


def change(tenant: str, made: ProductChange) -> Write:
    """The write of a product's change and its history, on the condition that nobody else changed the product since.

    If no field has another value, only the condition is checked.
    """
    before, after = made.before, made.after
    unchanged = table.at_version(before.version)
    if after == before:
        return Write(checks=(Check(_at(tenant, before.product_code), unchanged),))
    at = keys.product_change(tenant, _compared(after.product_code), after.version)
    record = item(at, "product_change", made)
    return Write((Put(_item(tenant, after), unchanged), Put(record, table.absent())))


def changes(tenant: str, product_code: str, *, limit: int, cursor: str | None) -> Page:
    """A page of the changes of a product, oldest first."""
    partition, prefix = keys.product_changes(tenant, _compared(product_code))
    return table.page(None, partition, limit=limit, cursor=cursor, begins_with=prefix)


def page(tenant: str, *, limit: int, cursor: str | None, filters: object = None) -> Page:
    """A page of all products, by code. A cursor belongs to its filters."""
    return table.page(None, keys.products(tenant), limit=limit, cursor=cursor, filters=filters)


def _compared(product_code: str) -> str:
    """A code as codes are compared, in capitals."""
    return forms(product_code)[0]


def _at(tenant: str, product_code: str) -> Key:
    return keys.product(tenant, _compared(product_code))


def _item(tenant: str, product: Product) -> Item:
    return item(_at(tenant, product.product_code), "product", product, revision=product.version)
