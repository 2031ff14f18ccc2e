"""The shapes of the parameters of pages for a browser. The page reads them itself, from its own address."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain import text
from chalicelib.domain.orders.issues import IssueStatus
from chalicelib.domain.orders.statuses import OrderStatus
from chalicelib.domain.priorities import Priority
from chalicelib.schemas.base import Filters
from chalicelib.schemas.values import Coded, Day, Line, kept_as

_ID = "[A-Za-z0-9_-]{1,64}"


class ShowPage(Filters):
    """The parameter of every page for people: its language. Without it the browser's language is taken."""

    lang: Literal["en", "tr"] | None = None


class ShowCards(ShowPage):
    """What job cards are shown: of which orders beside the one in the path, at most 49, and on which paper."""

    also: Annotated[str, Field(pattern=rf"^{_ID}(,{_ID}){{0,48}}$")] | None = None
    size: Literal["a4", "a5"] = "a4"


class ShowBoard(ShowPage):
    """How the wall board is shown: of which lines in turn (by default of the plant), and in which colours.

    A screen's key says itself which line is shown. `explain=1` opens the board with how its numbers are made.
    """

    line: Line | None = None
    rotate: Annotated[str, Field(max_length=2_000), kept_as(text.line)] | None = None
    theme: Literal["dark", "light"] | None = None
    explain: Literal["1"] | None = None


class ShowPlan(ShowPage):
    """What the planner's page shows: a tab, its filters, and the order or the issue that is opened.

    The plan by machine shows `days` from `day` on. `state`, `priority` and `mine` are filters of issues.
    """

    tab: Literal["late", "today", "week", "all", "gantt", "issues", "create", "import"] = "late"
    order: Annotated[str, Field(pattern=f"^{_ID}$")] | None = None
    text: Line | None = None
    line: Line | None = None
    machine: Line | None = None
    product: Coded | None = None
    customer: Line | None = None
    status: OrderStatus | None = None
    late: Literal["1"] | None = None
    sort: Literal["newest"] | None = None
    day: Day | None = None
    days: Literal["1"] | None = None
    state: IssueStatus | None = None
    priority: Priority | None = None
    mine: Literal["1"] | None = None
    issue: Line | None = None
