"""Boards: making those that screens show, and reading one, with the key of a screen or as a person."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib import clock
from chalicelib.domain.boards.making import board_of
from chalicelib.domain.boards.screens import SCREEN, Screen, ScreenKeyInvalid, board_id
from chalicelib.domain.boards.state import Board
from chalicelib.domain.people import issued_keys
from chalicelib.domain.people.devices import Source
from chalicelib.domain.people.security_events import EventKind
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.services import events
from chalicelib.services.boards.looking import look
from chalicelib.services.people import issued_keys as keys
from chalicelib.storage.boards import boards as storage
from chalicelib.storage.boards import screens
from chalicelib.storage.conflicts import ConditionFailed

MOST_ATTEMPTS = 3

APART = timedelta(seconds=1)
"""How far apart two boards of a line are at least, so that its live topic has no more than one a second."""

Tell = Callable[[Board], None]
"""What is done with a board that was written: it is published."""


def untold(_: Board) -> None:
    """Tell nobody of a board that was written."""


@dataclass(frozen=True)
class Opened:
    """A screen that sent its key, and its board; None if it was not made yet."""

    tenant: str
    screen: Screen
    board: Board | None


def authenticate(text: str, source: Source) -> Opened:
    """The screen that sent a key, with its board, in one request; and one write a day.

    A right key is never blocked by the failures of others. Failures are counted and recorded like those of a sign-in.
    Raises ScreenKeyInvalid, TooManyAttempts.
    """
    sent = issued_keys.read(text, SCREEN)
    if sent is None:
        raise _invalid()
    screen, board = storage.find_with_screen(sent.tenant, sent.holder_id, sent.key_id)
    if screen is None or not screen.is_shown_by(sent):
        refused = EventKind.SCREEN_REFUSED
        happened = events.event(refused, source=source, detail={"screen_id": screen.id}) if screen else None
        keys.count_failure(sent, source, happened)
        raise _invalid()
    keys.note_use(screen, lambda after: screens.put(sent.tenant, after))
    return Opened(sent.tenant, screen, board)


def _invalid() -> ScreenKeyInvalid:
    return ScreenKeyInvalid(say("A planner or an admin makes another with POST /screens."))


def of_screen(opened: Opened) -> Board:
    """The board of a screen. Costs no request more, but for the first time: then it is made, and kept."""
    if opened.board is not None:
        return opened.board
    (board,) = _made(opened.tenant, [opened.screen.line])
    _keep(opened.tenant, board, None)
    return board


def read(actor: Actor, line: str | None) -> Board:
    """The board of a line, or of the plant (None), for a person.

    Costs one read if screens show it too. Otherwise it is made for this answer, and costs as much as `look`.
    """
    known = storage.find(actor.tenant, board_id(line))
    if known is not None and not known.is_stale(clock.now()):
        return known
    (board,) = _made(actor.tenant, [line])
    return board


def remake(tenant: str, tell: Tell = untold) -> int:
    """Make the boards again that the screens of a tenant show, write and tell those that changed. Returns how many.

    Without a screen it costs one query. A board that somebody else wrote meanwhile is made again: theirs may be of an
    earlier look. If the newest is younger than a second, it waits that long, and reads them once more.
    Raises StorageUnavailable.
    """
    written = 0
    for _ in range(MOST_ATTEMPTS):
        standing = storage.standing(tenant)
        if not standing.watch.boards:
            break
        soon = max((each.as_of for each in standing.boards.values()), default=clock.now() - APART) + APART
        if soon > clock.now():
            clock.wait(min(soon - clock.now(), APART))
            standing = storage.standing(tenant)
        known = standing.boards
        made = _made(tenant, [watched.line for watched in standing.watch.boards.values()])
        changed = [each for each in made if each.replaces(known.get(board_id(each.line)))]
        kept = [each for each in changed if _keep(tenant, each, known.get(board_id(each.line)))]
        for board in kept:
            tell(board)
        written += len(kept)
        if len(kept) == len(changed):
            break
    return written


def _keep(tenant: str, board: Board, known: Board | None) -> bool:
    """Write a board in the place of the known one; False if somebody else wrote it meanwhile."""
    try:
        storage.put(tenant, board_id(board.line), replace(board, revision=(known.revision if known else 0) + 1))
    except ConditionFailed:
        return False
    return True


def _made(tenant: str, lines: Collection[str | None]) -> list[Board]:
    """The boards of these lines and of the plant (None), from one look."""
    seen = look(tenant, [line for line in lines if line is not None])
    return [board_of(line, seen) for line in lines]
