"""What doors of events publish live: a board, in the shape in which GET /board answers it."""

from chalicelib.domain.boards.screens import board_id
from chalicelib.domain.boards.state import Board
from chalicelib.domain.telling.live import board_topic
from chalicelib.schemas.board import board_out
from chalicelib.services.telling import live


def tell_board(board: Board) -> None:
    """Publish a board that was written, for the screens that show it."""
    shown = board_out(board, board.as_of, explain=False)
    live.publish(board_topic(board.tenant, board_id(board.line)), shown.plain())
