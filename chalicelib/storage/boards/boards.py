"""Boards in the table: one item each, of a few KB, beside the list of those that screens show."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.boards.screens import Screen, Watch
from chalicelib.domain.boards.state import KEPT, Board
from chalicelib.storage import lookup, table
from chalicelib.storage.items import item
from chalicelib.storage.keys import boards as keys


@dataclass(frozen=True)
class Standing:
    """The boards that the screens of a tenant show, and those that are there, by id."""

    watch: Watch
    boards: Mapping[str, Board]


def standing(tenant: str) -> Standing:
    """Read the list of the boards of a tenant and all of them, consistently, in one query."""
    watch, boards = Watch(), {}
    for stored in table.query(keys.boards(tenant)):
        if stored.kind == "watch":
            watch = stored.read(Watch)
        else:
            boards[stored.SK.removeprefix(keys.BOARD_PREFIX)] = stored.read(Board)
    return Standing(watch, boards)


def find(tenant: str, board_id: str) -> Board | None:
    """Read a board; None if there is none."""
    return lookup.find(keys.board(tenant, board_id), Board)


def find_with_screen(tenant: str, board_id: str, screen_id: str) -> tuple[Screen | None, Board | None]:
    """Read a screen and its board, in one request."""
    screen_at, board_at = keys.screen(tenant, screen_id), keys.board(tenant, board_id)
    items = table.batch_get([screen_at, board_at])
    return lookup.among(items, screen_at, Screen), lookup.among(items, board_at, Board)


def put(tenant: str, board_id: str, board: Board) -> None:
    """Write a board, on the condition that nobody else wrote it since it was read. Raises ConditionFailed."""
    at, until = keys.board(tenant, board_id), board.as_of + KEPT
    written = item(at, "board", board, revision=board.revision, expires_at=until)
    table.put(written, table.follows(written))


def watched_tenants() -> list[str]:
    """The tenants that have a screen. One that got its first screen a moment ago may be missing."""
    return [str(each.GSI1SK) for each in table.page("by_state", keys.WATCHES).items]
