"""What a door declares about itself. Tests check every answer against it, and documents are made from it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Required, TypedDict, get_args

from pydantic import BaseModel, ConfigDict

from chalicelib.domain.errors import Forbidden, Invalid, NotFound, TakipError, Unauthenticated, Unversioned
from chalicelib.remembered import cached
from chalicelib.schemas.base import EmptyOut, Out, Paged
from chalicelib.schemas.problems import FieldErrorOut, ProblemOut
from functions._response import NotOffered

READS, WRITES = ("GET",), ("POST", "PUT", "PATCH")

Family = type[TakipError]
Shape = type[BaseModel]


class Nothing(BaseModel):
    """No body, or no parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class ListOf:
    """An answer that is a list: `items`, each of this shape, and `next_cursor` if there are more."""

    item: type[Out]


@dataclass(frozen=True)
class RowsOf(ListOf):
    """An answer that is a page of rows, each of this shape, as CSV or NDJSON. The next cursor is in a header."""


@dataclass(frozen=True)
class TextOf:
    """An answer that is a text of this media type, such as a page for a browser, without an envelope."""

    media_type: str


@dataclass(frozen=True)
class PageOf:
    """An answer for a browser: a page, or a file that a page loads. Programs do not need it, nor the contract."""


@dataclass(frozen=True)
class ShownAs:
    """The page that draws a door's answer, by its name, and the shape of the page's own parameters."""

    name: str
    query: Shape


@dataclass(frozen=True)
class Rule:
    """The declaration of a door.

    `says` describes the door. `action` is the permission that a caller needs (None: the door is public). With
    `strangers`, callers without a token may enter too. `body` and `query` are the shapes of the input. `answers` is the
    shape of the answer's `data`. `statuses` are the statuses of a success. `location` is the path of what is created.
    `refuses` names the families of the door's own errors, beyond those that follow from the rest of the rule.
    With `machines` or `screens`, a machine or a screen may enter with its key. `dry_run`: supports `?dry_run=1`.
    A browser that opens the path gets the `page`, which asks for the answer itself.
    `versioned`: requires If-Match. `brief`: has a small answer too, or none (`Prefer: return=minimal`).
    `any_version`: also answers apps that are too old.
    `old`: for the app of the old system, in its form (`functions/_old.py`). What its path names are numbers of these
    kinds (`domain/old_ids.py`). `form`: takes a form, as a browser sends it, beside JSON.
    """

    method: str
    path: str
    name: str
    says: str
    action: str | None
    answers: type[Out] | ListOf | TextOf | PageOf
    refuses: tuple[Family, ...] = ()
    body: Shape = Nothing
    query: Shape = Nothing
    statuses: tuple[HTTPStatus, ...] = (HTTPStatus.OK,)
    location: str | None = None
    strangers: bool = False
    machines: bool = False
    screens: bool = False
    dry_run: bool = True
    versioned: bool = False
    brief: bool = False
    any_version: bool = False
    page: ShownAs | None = None
    old: bool = False
    form: bool = False

    @property
    def endpoint(self) -> str:
        """Method and path, as in `POST /products`: how documents, reports and tests name the door."""
        return f"{self.method} {self.path}"

    @property
    def shape(self) -> type[Out]:
        """The shape of the answer or, if `is_list`, of one item. A text and a page have no fields."""
        if isinstance(self.answers, TextOf | PageOf):
            return EmptyOut
        return self.answers.item if isinstance(self.answers, ListOf) else self.answers

    @property
    def is_list(self) -> bool:
        """Whether the answer is a list."""
        return isinstance(self.answers, ListOf)

    @property
    def is_export(self) -> bool:
        """Whether the answer is a page of rows in the form that the Accept header asks for."""
        return isinstance(self.answers, RowsOf)

    @property
    def text_type(self) -> str | None:
        """The media type of the answer, if it is a text without an envelope."""
        return self.answers.media_type if isinstance(self.answers, TextOf) else None

    @property
    def is_page(self) -> bool:
        """Whether the answer is for a browser only."""
        return isinstance(self.answers, PageOf)

    @property
    def is_batch(self) -> bool:
        """Whether the answer holds one answer for each item of a batch."""
        return "items" in self.shape.model_fields

    @property
    def tells_errors(self) -> bool:
        """Whether a success may hold errors, which are told in the language of the reader."""
        return _holds(self.shape, (FieldErrorOut, ProblemOut))

    @property
    def is_paged(self) -> bool:
        """Whether the answer is a page of a list, with a `next_cursor` if there are more."""
        return self.is_list and issubclass(self.query, Paged)

    @property
    def families(self) -> frozenset[Family]:
        """The families of the errors of this door: those it declares, and those that follow from its rule.

        Errors of every door (`_response.EVERY_DOOR`) and errors of reading a body (`_response.EVERY_BODY`) are not
        included.
        """
        follows: Mapping[Family, bool] = {
            Unauthenticated: self.action is not None,
            Forbidden: self.action is not None,
            NotFound: "{" in self.path,
            Unversioned: self.versioned,
            Invalid: self.method in WRITES,
            NotOffered: self.is_export,
        }
        return frozenset(self.refuses) | {family for family, holds in follows.items() if holds}


class Declared(TypedDict, total=False):
    """The arguments with which a door declares its `Rule`. The shape of the answer is required."""

    answers: Required[type[Out] | ListOf | TextOf | PageOf]
    refuses: tuple[Family, ...]
    body: Shape
    query: Shape
    statuses: tuple[HTTPStatus, ...]
    location: str
    strangers: bool
    machines: bool
    screens: bool
    dry_run: bool
    versioned: bool
    brief: bool
    any_version: bool
    page: ShownAs
    form: bool


def _holds(annotation: object, shapes: tuple[Shape, ...]) -> bool:
    """Whether the type of a field is one of these shapes, or holds one in a list or in a shape of its own."""
    if annotation in shapes or any(_holds(part, shapes) for part in get_args(annotation)):
        return True
    fields = annotation.model_fields.values() if isinstance(annotation, type) and issubclass(annotation, Out) else ()
    return any(_holds(field.annotation, shapes) for field in fields)


RULES: list[Rule] = []
# The doors of the app of the old system: no part of the contract.
OLD_RULES: list[Rule] = []
ID = re.compile(r"\{\w+\}")


@cached
def words_of_paths() -> Mapping[str, frozenset[str]]:
    """The words that stand in paths where an id would stand, by the place: `/machines/{}` → `quarantine`.

    What is created cannot have such an id, for its own path would lead elsewhere.
    """
    steps = {
        tuple(path[: n + 1])
        for rule in RULES
        for path in [ID.sub("{}", rule.path).split("/")]
        for n in range(len(path))
    }
    places = {path for path in steps if path[-1] == "{}"}
    return {
        "/".join(place): frozenset(path[-1] for path in steps - places if path[:-1] == place[:-1]) for place in places
    }
