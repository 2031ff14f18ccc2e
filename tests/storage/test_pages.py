"""Pages of the table: every item once, and a cursor that is valid only for its own list."""

import base64
import json
from typing import Any

import pytest
from pynamodb.exceptions import PynamoDBException

from chalicelib.domain.errors import BadCursor
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.pages import Page
from tests.disturbances import raising, times
from tests.machines import refusal, watched

pytestmark = pytest.mark.usefixtures("table")

A, B = Key("P", "a"), Key("P", "b")


def note(key: Key, text: str = "x", **fields: Any) -> Item:
    """An item that holds a text."""
    return item(key, "note", {"text": text}, **fields)


@pytest.mark.parametrize("forward", [True, False])
def test_pages_hold_everything_once_and_end_without_a_cursor(forward: bool) -> None:  # noqa: FBT001  a direction
    table.batch_put([note(Key("P", f"{n}"), by_state=("S", f"{n}")) for n in range(7)])
    shown, cursor = [], None
    while True:
        page = table.page("by_state", "S", limit=3, cursor=cursor, forward=forward, between=("1", "5"))
        shown += [each.SK for each in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert shown == sorted("12345", reverse=not forward)


def first_page(filters: object = "f") -> Page:
    return table.page(None, "P", limit=1, cursor=None, filters=filters)


@pytest.mark.parametrize(
    "other",
    [
        {"filters": "g"},
        {"pk": "Q"},
        {"begins_with": "a"},
        {"between": ("a", "b")},
    ],
)
def test_a_cursor_belongs_to_its_list(other: dict[str, Any]) -> None:
    table.batch_put([note(A), note(B)])
    asked: dict[str, Any] = {"pk": "P", "filters": "f"} | other

    with pytest.raises(BadCursor):
        table.page(None, asked.pop("pk"), limit=1, cursor=first_page().next_cursor, **asked)


@pytest.mark.parametrize("last", [[], 5, None, "text"])
def test_a_cursor_that_holds_no_key_is_refused(last: object) -> None:
    with pytest.raises(BadCursor):
        table.page(None, "P", limit=1, cursor=forged(last), filters="f")


def test_a_key_that_dynamodb_refuses_to_begin_at_is_the_cursors_fault() -> None:
    cursor = forged({"PK": "Q", "SK": 5})

    with watched(times(1, raising(refusal("ValidationException", "Query")), "Query")), pytest.raises(BadCursor):
        table.page(None, "P", limit=1, cursor=cursor, filters="f")


def forged(last: object) -> str:
    """A cursor of the list that goes on at another place."""
    table.batch_put([note(A), note(B)])
    given = first_page().next_cursor
    assert given is not None
    seal = json.loads(base64.urlsafe_b64decode(given + "=="))[0]
    return base64.urlsafe_b64encode(json.dumps([seal, last]).encode()).decode()


def test_a_query_that_is_wrong_is_our_fault_and_no_cursors() -> None:
    with watched(times(1, raising(refusal("ValidationException", "Query")), "Query")), pytest.raises(PynamoDBException):
        table.page(None, "P", limit=1, cursor=None)
