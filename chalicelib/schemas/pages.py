"""The shapes of the parameters of pages for a browser. The page reads them itself, from its own address."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.schemas.base import Filters

_ID = "[A-Za-z0-9_-]{1,64}"


class ShowPage(Filters):
    """The parameter of every page for people: its language. Without it the browser's language is taken."""

    lang: Literal["en", "tr"] | None = None


class ShowCards(ShowPage):
    """What job cards are shown: of which orders beside the one in the path, at most 49, and on which paper."""

    also: Annotated[str, Field(pattern=rf"^{_ID}(,{_ID}){{0,48}}$")] | None = None
    size: Literal["a4", "a5"] = "a4"
