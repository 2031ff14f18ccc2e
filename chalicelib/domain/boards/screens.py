"""Screens on the wall: each has a key that shows it the board of a line or of the plant, and nothing else."""

from dataclasses import dataclass, field, replace

from chalicelib.domain.digests import digest
from chalicelib.domain.errors import Conflict, NotFound, Unauthenticated
from chalicelib.domain.people.issued_keys import IssuedKey
from chalicelib.domain.sentences import say
from chalicelib.domain.text import folded

SCREEN = "screen"
OF_PLANT = "plant"
"""The id of the board of the whole plant. The ids of lines are digests, which are longer."""

NO_OTHER_LINE = say("The key of a screen says which line it shows; leave out line.")

MOST_SCREENS, MOST_BOARDS = 100, 20
"""The most screens of a tenant that are not revoked, and the most boards that they show."""


@dataclass(frozen=True)
class NewScreen:
    """A screen to set up: its name, and the line whose board it shows (None: the whole plant)."""

    name: str
    line: str | None = None


@dataclass(frozen=True, kw_only=True)
class Screen(IssuedKey):
    """A screen with its key, and the line whose board it shows (None: the whole plant)."""

    line: str | None = None


class ScreenKeyInvalid(Unauthenticated):
    """Takip did not issue this screen key, or it was revoked."""

    code = "ERR_SCREEN_KEY_INVALID"
    title = "The key of the screen is not valid"


class ScreenNotFound(NotFound):
    """There is no such screen."""

    code = "ERR_SCREEN_NOT_FOUND"
    title = "No such screen"


class TooManyScreens(Conflict):
    """The tenant has as many screens, or as many boards, as it may have."""

    code = "ERR_SCREEN_TOO_MANY"
    title = "There are too many screens"


@dataclass(frozen=True)
class Watched:
    """A board that screens show: of a line or of the plant (None), and by how many screens."""

    line: str | None
    screens: int = 0


@dataclass(frozen=True)
class Watch:
    """The boards of a tenant that screens show, by id. Only these are made again and again."""

    boards: dict[str, Watched] = field(default_factory=dict)
    version: int = 0

    def with_screen(self, screen: Screen) -> "Watch":
        """The boards after a screen was set up. Raises TooManyScreens."""
        identity = board_id(screen.line)
        watched = self.boards.get(identity, Watched(screen.line))
        boards = {**self.boards, identity: replace(watched, screens=watched.screens + 1)}
        if sum(each.screens for each in boards.values()) > MOST_SCREENS or len(boards) > MOST_BOARDS:
            form = (
                "A tenant has at most {screens} screens, with the boards of {lines} lines; revoke one that is not used."
            )
            raise TooManyScreens(say(form, screens=MOST_SCREENS, lines=MOST_BOARDS))
        return Watch(boards, self.version + 1)

    def without_screen(self, screen: Screen) -> "Watch":
        """The boards after a screen was revoked."""
        identity = board_id(screen.line)
        watched = self.boards[identity]
        left = {identity: replace(watched, screens=watched.screens - 1)} if watched.screens > 1 else {}
        others = {key: each for key, each in self.boards.items() if key != identity}
        return Watch(others | left, self.version + 1)


def board_id(line: str | None) -> str:
    """The id of the board of a line, written in upper or lower case, or of the plant."""
    return OF_PLANT if line is None else digest(folded(line).encode())
