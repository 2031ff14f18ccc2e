"""Routes in the table: all of a tenant in one partition, by product."""

from collections.abc import Mapping, Sequence

from chalicelib.domain.planning.routes import DEFAULT, Route
from chalicelib.domain.text import forms
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import planning as keys
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.pages import Page
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


def find(tenant: str, product_code: str) -> Route | None:
    """Read the route of a product, in any case of letters, consistently."""
    return _find(places(tenant, product_code))


def find_for(tenant: str, product_code: str) -> Route | None:
    """Read the route of a product, else the default route, in one request."""
    return _find([*places(tenant, product_code), *places(tenant, DEFAULT)])


def put(tenant: str, route: Route) -> Write:
    """The write that creates or replaces a route. One that earlier releases kept as it was written goes."""
    key, *former = places(tenant, route.product_code)
    return Write((Put(item(key, "route", route)),), deletes=tuple(former))


def page(tenant: str, *, limit: int, cursor: str | None) -> Page:
    """A page of all routes, by product."""
    return table.page(None, keys.routes(tenant), limit=limit, cursor=cursor)


def places(tenant: str, product_code: str) -> list[Key]:
    """Where the route of a product may be: as codes are compared, and as earlier releases kept it."""
    names = [DEFAULT] if product_code == DEFAULT else forms(product_code)
    return [keys.route(tenant, name) for name in names]


def first(items: Mapping[Key, Item], wanted: Sequence[Key]) -> Route | None:
    """The first route at these keys among items that were read; None if there is none."""
    return next((items[key].read(Route) for key in wanted if key in items), None)


def _find(wanted: Sequence[Key]) -> Route | None:
    """Read the first route that exists at these keys, in one request."""
    return first(table.batch_get(dict.fromkeys(wanted)), wanted)
