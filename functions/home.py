"""The door of the first screen."""

from chalicelib.domain.errors import NotFound
from chalicelib.schemas.home import HomeOut, home_out
from chalicelib.services.floor import home
from chalicelib.services.idempotency import Answer
from functions._endpoint import Call, Doors

doors = Doors(__name__)


@doors.route("GET", "/me/home", action="home.read", answers=HomeOut, refuses=(NotFound,))
def read_home(call: Call) -> Answer:
    """Read the first screen in one call: me, my plant, my work, my open sessions and issues, what I have not read."""
    return Answer(home_out(home.of(call.actor), call.actor).plain(), polled=True)
