"""The door of live messages: where a person or a screen hears that something changed."""

from chalicelib.domain.boards.screens import NO_OTHER_LINE, board_id
from chalicelib.domain.errors import BadParameter, Throttled
from chalicelib.domain.telling.live import of_person, of_screen
from chalicelib.schemas.live import HearLive, LiveOut, live_out
from chalicelib.services.idempotency import Answer
from chalicelib.services.telling import live
from functions._endpoint import Call, Doors, ScreenCall

doors = Doors(__name__)


@doors.route(
    "POST",
    "/live",
    action="notification.read",
    body=HearLive,
    answers=LiveOut,
    refuses=(Throttled,),
    screens=True,
    dry_run=False,
)
def hear_live(call: Call | ScreenCall) -> Answer:
    """Get a signed address, good for minutes, at which to hear over MQTT that something changed."""
    if isinstance(call, Call):
        hearer = of_person(call.actor, board_id(call.body.line))
    elif call.body.line is not None:
        raise BadParameter(NO_OTHER_LINE)
    else:
        screen = call.opened.screen
        hearer = of_screen(call.opened.tenant, screen.id, board_id(screen.line))
    return Answer(live_out(live.address(hearer)).plain())
