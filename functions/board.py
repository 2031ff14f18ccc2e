"""The door of the board on the wall, for screens with their keys and for people."""

from chalicelib.domain.boards.screens import NO_OTHER_LINE
from chalicelib.domain.errors import BadParameter, Throttled
from chalicelib.schemas.board import BoardOut, ReadBoard, board_out
from chalicelib.schemas.pages import ShowBoard
from chalicelib.services.boards import boards
from chalicelib.services.idempotency import Answer
from functions._endpoint import Call, Doors, ScreenCall
from functions._rules import ShownAs

doors = Doors(__name__)


@doors.route(
    "GET",
    "/board",
    action="board.read",
    query=ReadBoard,
    answers=BoardOut,
    refuses=(Throttled,),
    screens=True,
    page=ShownAs("board", ShowBoard),
)
def read_board(call: Call | ScreenCall) -> Answer:
    """Read the board of a line or of the plant; with `explain=1` how each of its numbers is made."""
    if isinstance(call, Call):
        board = boards.read(call.actor, call.query.line)
    elif call.query.line is not None:
        raise BadParameter(NO_OTHER_LINE)
    else:
        board = boards.of_screen(call.opened)
    shown = board_out(board, call.received_at, explain=call.query.explain is not None)
    return Answer(shown.plain(), polled=True)
