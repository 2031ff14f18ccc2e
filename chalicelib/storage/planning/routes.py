"""Routes in the table: all of a tenant in one partition, by product."""

from chalicelib.domain.planning.routes import DEFAULT, Route
from chalicelib.storage import keys, table
from chalicelib.storage.items import item
from chalicelib.storage.pages import Page
from chalicelib.storage.table import Put


def find(tenant: str, product_code: str) -> Route | None:
    """Read the route of a product, consistently."""
    found = table.get(keys.route(tenant, product_code))
    return None if found is None else found.read(Route)


def find_for(tenant: str, product_code: str) -> Route | None:
    """Read the route of a product or, where it has none, the plant's own; in one request."""
    wanted = [keys.route(tenant, product_code), keys.route(tenant, DEFAULT)]
    found = table.batch_get(dict.fromkeys(wanted))
    return next((found[key].read(Route) for key in wanted if key in found), None)


def put(tenant: str, route: Route) -> Put:
    """What is written when a route is put in place of the one before."""
    return Put(item(keys.route(tenant, route.product_code), "route", route))


def page(tenant: str, *, limit: int, cursor: str | None) -> Page:
    """A page of all routes, by product."""
    return table.page(None, keys.routes(tenant), limit=limit, cursor=cursor)
