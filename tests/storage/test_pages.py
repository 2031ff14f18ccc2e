"""Pages of the table: every item once, and a cursor that is valid only for its own list."""

from typing import Any

import pytest
from pynamodb.exceptions import PynamoDBException

from chalicelib import settings
from chalicelib.domain.errors import BadCursor
from chalicelib.settings import SigningKeysUnavailable
from chalicelib.storage import pages, table
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
        {"forward": False},
    ],
)
def test_a_cursor_belongs_to_its_list(other: dict[str, Any]) -> None:
    table.batch_put([note(A), note(B)])
    asked: dict[str, Any] = {"pk": "P", "filters": "f"} | other

    with pytest.raises(BadCursor):
        table.page(None, asked.pop("pk"), limit=1, cursor=first_page().next_cursor, **asked)


def test_a_key_that_dynamodb_refuses_to_begin_at_is_the_cursors_fault() -> None:
    table.batch_put([note(A), note(B)])
    cursor = first_page().next_cursor

    with watched(times(1, raising(refusal("ValidationException", "Query")), "Query")), pytest.raises(BadCursor):
        table.page(None, "P", limit=1, cursor=cursor, filters="f")


def test_a_query_that_is_wrong_is_our_fault_and_no_cursors() -> None:
    with watched(times(1, raising(refusal("ValidationException", "Query")), "Query")), pytest.raises(PynamoDBException):
        table.page(None, "P", limit=1, cursor=None)


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_items_of_a_group_stay_on_one_page(limit: int) -> None:
    groups = {"a": 1, "b": 3, "c": 1, "d": 5, "e": 1}
    keys = [Key("P", f"{name}{n}") for name, size in groups.items() for n in range(size)]
    table.batch_put([note(key, by_owner=key) for key in keys])
    shown, cursor = [], None

    def read(most: int, cursor: str | None) -> Page:
        return table.page("by_owner", "P", limit=most, cursor=cursor)

    while True:
        page = pages.in_groups(read, lambda each: each.SK[0], "by_owner", limit, cursor)
        shown.append([each.SK[0] for each in page.items])
        cursor = page.next_cursor
        if cursor is None:
            break

    assert [name for page in shown for name in page] == [name for name, size in groups.items() for _ in range(size)]
    assert len([name for page in shown for name in set(page)]) == len(groups)
    assert max(len(set(page)) for page in shown) <= limit
    table.batch_delete(list(table.query("P")))
    assert pages.in_groups(read, str, "by_owner", limit, None) == Page([], bound=read(1, None).bound)


@pytest.mark.parametrize("index", [None, "by_state", "by_owner"])
def test_a_page_ends_early_where_it_would_be_too_large(index: str | None) -> None:
    places = {"by_state": ("P", "s"), "by_owner": ("P", "o")}
    table.batch_put([note(Key("P", f"{n}"), "x" * 350_000, **places) for n in range(7)])
    shown, cursor = [], None
    while True:
        page = table.page(index, "P", limit=100, cursor=cursor)
        shown.append([each.SK for each in page.items])
        cursor = page.next_cursor
        if cursor is None:
            break

    assert [key for page in shown for key in page] == [f"{n}" for n in range(7)]
    assert max(map(len, shown)) == 2
    assert len(table.page(index, "P").items) == 7


def test_no_key_is_asked_for_where_no_cursor_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str | None = None) -> object:
        raise SigningKeysUnavailable("")

    table.batch_put([note(A), note(B)])
    monkeypatch.setattr(settings, "signing_keys", refuse)

    assert [each.SK for each in first_page().items] == ["a"]
    with pytest.raises(SigningKeysUnavailable):
        assert first_page().next_cursor
