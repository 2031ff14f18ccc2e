"""Routes in the table: all of a tenant in one partition, by product."""

from chalicelib.domain.planning.routes import DEFAULT, Route
from chalicelib.storage import table
from chalicelib.storage.items import item
from chalicelib.storage.keys import planning as keys
from chalicelib.storage.pages import Page
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


def find(tenant: str, product_code: str) -> Route | None:
    """Read the route of a product, consistently."""
    stored = table.get(keys.route(tenant, product_code))
    return None if stored is None else stored.read(Route)


def find_for(tenant: str, product_code: str) -> Route | None:
    """Read the route of a product, else the default route, in one request."""
    wanted = [keys.route(tenant, product_code), keys.route(tenant, DEFAULT)]
    items = table.batch_get(dict.fromkeys(wanted))
    return next((items[key].read(Route) for key in wanted if key in items), None)


def put(tenant: str, route: Route) -> Write:
    """The write that creates or replaces a route."""
    return Write((Put(item(keys.route(tenant, route.product_code), "route", route)),))


def page(tenant: str, *, limit: int, cursor: str | None) -> Page:
    """A page of all routes, by product."""
    return table.page(None, keys.routes(tenant), limit=limit, cursor=cursor)
