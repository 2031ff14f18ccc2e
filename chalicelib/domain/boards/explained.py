"""How the numbers of a board are made: of each the metric or the count, its window, and the door that tells it too."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.boards.state import Board
from chalicelib.domain.intervals import Interval, bounds, local_day
from chalicelib.domain.numbers.catalogue import BY_NAME


class Over(StrEnum):
    """The time that a number is about."""

    NOW = "now"
    SHIFT = "shift"
    DAY = "day"
    STAGE = "stage"


@dataclass(frozen=True)
class Explained:
    """A number of a board: its place in the state, the metric of the catalogue or the count that it is, and its time.

    `door` is the endpoint that answers the same number. `words` say what differs: of several machines, or of a line.
    """

    number: str
    name: str
    over: Over
    door: str
    words: str = ""

    @property
    def formula(self) -> str | None:
        """The formula id of the metric; None of a count."""
        return BY_NAME[self.name].formula if self.name in BY_NAME else None

    def window(self, board: Board) -> Interval | None:
        """Its window: the shift or the day so far; None of what is true now, or of a time that each stage has."""
        if self.over is Over.SHIFT:
            return board.shift.start, board.as_of
        if self.over is Over.DAY:
            return bounds(local_day(board.as_of, board.timezone), board.timezone)[0], board.as_of
        return None


HOURLY, SUMMARY, STAGE = "GET /metrics/hourly", "GET /metrics/summary", "GET /stages/{stage_id}/metrics"
PLACES = "the sum over machines, and over stages that are worked on at no machine"
OF_LINE = "of a line: of the stages at its machines, or planned for them, and of their orders"

EXPLAINED = (
    Explained("verdict.value", "expected", Over.SHIFT, HOURLY, f"good − expected, {PLACES}; or as rows, in minutes"),
    Explained("made.good", "good", Over.SHIFT, HOURLY, PLACES),
    Explained("made.expected", "expected", Over.SHIFT, HOURLY, PLACES),
    Explained("hours.good", "good", Over.SHIFT, HOURLY, f"{PLACES}, hour by hour"),
    Explained("hours.expected", "expected", Over.SHIFT, HOURLY, f"{PLACES}, hour by hour"),
    Explained("tiles.late_orders", "now.late_orders", Over.NOW, SUMMARY, OF_LINE),
    Explained("tiles.late_stages", "now.late_stages", Over.NOW, SUMMARY, OF_LINE),
    Explained("tiles.blocked", "now.blocked", Over.NOW, SUMMARY, OF_LINE),
    Explained("tiles.held", "now.held", Over.NOW, SUMMARY, OF_LINE),
    Explained("tiles.open_issues", "now.open_issues", Over.NOW, SUMMARY, OF_LINE),
    Explained("tiles.on_time", "on_time_rate", Over.DAY, SUMMARY, "of a line: GET /metrics/daily?group_by=line"),
    Explained("tiles.orders_on_time", "order_on_time_rate", Over.DAY, SUMMARY, "of a line: not known"),
    Explained("rows.good", "good", Over.STAGE, "GET /stages/{stage_id}"),
    Explained("rows.expected", "expected", Over.STAGE, f"{HOURLY}?stage_id=", "since the stage was begun"),
    Explained("rows.late_minutes", "expected_delay", Over.NOW, STAGE, "delay, where that is not known"),
    Explained("rows.is_late", "is_late", Over.NOW, STAGE),
    Explained("rows.projected_end", "projected_end", Over.NOW, STAGE),
    Explained("stops.size", "reasons.size", Over.DAY, "GET /metrics/pareto?of=stops"),
    Explained("stops.share", "share", Over.DAY, "GET /metrics/pareto?of=stops"),
    Explained("scrap.size", "reasons.size", Over.DAY, "GET /metrics/pareto?of=scrap", "of a line: of its sums"),
    Explained("scrap.share", "share", Over.DAY, "GET /metrics/pareto?of=scrap", "of a line: of its sums"),
)
