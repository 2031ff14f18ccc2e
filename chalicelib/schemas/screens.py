"""The shapes of screens on the wall."""

from datetime import date

from chalicelib.domain.boards import screens
from chalicelib.schemas.base import Body, Out, left_out
from chalicelib.schemas.values import InstantOut, Line


class NewScreen(Body):
    """A new screen, and the line whose board it shows; null or left out: the whole plant."""

    name: Line
    line: Line | None = None

    def payload(self) -> screens.NewScreen:
        """The screen to set up."""
        return self.made_into(screens.NewScreen)


class ScreenOut(Out):
    """A screen, and the line whose board it shows; null: the whole plant.

    `last_seen_on` is the day (UTC) on which it last asked for its board, null if it never did.
    """

    id: str
    name: str
    line: str | None
    created_at: InstantOut
    created_by: str
    last_seen_on: date | None
    revoked_at: InstantOut | None


class CreatedScreenOut(ScreenOut):
    """A new screen. `key` and the `link` with it are in this answer only; a repeated request is answered without them.

    The link is the path of the page, to be put after the address of Takip.
    """

    key: str | None = left_out()
    link: str | None = left_out()


def screen_out(screen: screens.Screen) -> ScreenOut:
    """Show a screen."""
    return ScreenOut(
        id=screen.id,
        name=screen.name,
        line=screen.line,
        created_at=screen.created_at,
        created_by=screen.created_by,
        last_seen_on=screen.last_used_on,
        revoked_at=screen.revoked_at,
    )
