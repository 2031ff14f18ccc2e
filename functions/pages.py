"""The doors of pages for a browser, and of what they load."""

from chalicelib.schemas.pages import ShowCards, ShowPlan
from chalicelib.services.idempotency import Answer
from chalicelib.services.telling import live
from functions import _pages
from functions._endpoint import Doors, Visit
from functions._rules import PageOf

doors = Doors(__name__)


@doors.public("GET", "/docs", answers=PageOf())
def show_docs(visit: Visit) -> Answer:
    """Show the contract to read and to try, with a sign-in."""
    return Answer(_pages.page("docs", visit.path))


@doors.public("GET", "/api-docs", answers=PageOf())
def show_api_docs(visit: Visit) -> Answer:
    """Show the same page as `/docs`."""
    return show_docs(visit)


@doors.public("GET", "/orders/{order_id}/card", query=ShowCards, answers=PageOf())
def show_cards(visit: Visit, order_id: str) -> Answer:  # noqa: ARG001  the page reads its own address
    """Show the job card of an order to print, with QR codes; with `also` those of more orders."""
    return Answer(_pages.page("card", visit.path, folders=2))


@doors.public("GET", "/plan", query=ShowPlan, answers=PageOf())
def show_plan(visit: Visit) -> Answer:
    """Show the planner's page: orders, the plan by machine, issues, and new orders."""
    return Answer(_pages.page("plan", visit.path, hears=live.origin()))


@doors.public("GET", "/assets/{asset}", answers=PageOf())
def give_asset(_: Visit, asset: str) -> Answer:
    """Give a file that a page loads. Its name changes with its content, so a browser may keep it."""
    return Answer(_pages.asset(asset))
