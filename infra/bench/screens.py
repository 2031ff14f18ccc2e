"""What a day of screens on the wall costs: those that ask every 15 seconds, and those that hear live."""

from collections.abc import Mapping
from dataclasses import dataclass

from infra.bench.costs import PRICES

DAY_SECONDS, MILLION = 24 * 60 * 60, 1_000_000
EVERY_SECONDS, RARELY_SECONDS, RENEWED_SECONDS = 15, 300, 720
CALL_SECONDS, ADDRESS_SECONDS = 0.015, 0.060
READ_UNITS, BOARD_KB, LOG_KB = 2.0, 5, 1.2
BOARDS_A_MINUTE = 1
KB_OF_A_NOT_MODIFIED, KB_A_GB = 0.5, 1_000_000

ASSUMED = (
    f"A call takes {1000 * CALL_SECONDS:g} ms of 1 GB, one for an address {1000 * ADDRESS_SECONDS:g} ms.",
    f"A board of {BOARD_KB} KB is published each minute and after each event.",
    "A screen that hears asks every 5 minutes too, and for an address every 12 minutes.",
    "Answers have the whole board once a minute at most; the others say that nothing changed.",
)


@dataclass(frozen=True)
class Day:
    """A day of so many screens of one board, in a plant with so many events."""

    screens: int = 100
    events: int = 2_000

    def polled(self) -> Mapping[str, float]:
        """Dollars by service if the screens ask every 15 seconds."""
        return self._asked(DAY_SECONDS / EVERY_SECONDS, 0)

    def heard(self) -> Mapping[str, float]:
        """Dollars by service if they hear live."""
        minutes = self.screens * DAY_SECONDS / 60
        boards = BOARDS_A_MINUTE * DAY_SECONDS / 60 + self.events
        asked = self._asked(DAY_SECONDS / RARELY_SECONDS, DAY_SECONDS / RENEWED_SECONDS)
        return {
            **asked,
            "AWS IoT: messages": PRICES["AWS IoT, a million messages of 5 KB"] * boards * (1 + self.screens) / MILLION,
            "AWS IoT: connections": PRICES["AWS IoT, a million minutes of connection"] * minutes / MILLION,
        }

    def _asked(self, boards: float, addresses: float) -> dict[str, float]:
        """Dollars of so many questions of each screen, for its board and for an address."""
        calls, seconds = boards + addresses, boards * CALL_SECONDS + addresses * ADDRESS_SECONDS
        whole = min(boards, DAY_SECONDS / 60)
        out = (whole * BOARD_KB + (boards - whole) * KB_OF_A_NOT_MODIFIED) / KB_A_GB
        each = {
            "API Gateway": PRICES["API Gateway, a million requests"] * calls / MILLION,
            "Lambda": PRICES["Lambda, a million calls"] * calls / MILLION
            + PRICES["Lambda (arm64), a million GB-seconds"] * seconds / MILLION,
            "DynamoDB": PRICES["DynamoDB, a million read units"] * READ_UNITS * calls / MILLION,
            "logs": PRICES["CloudWatch, a GB of logs"] * calls * LOG_KB / KB_A_GB,
            "answers": PRICES["data out, a GB"] * out,
        }
        return {name: self.screens * dollars for name, dollars in each.items()}


def rows(day: Day) -> list[tuple[str, str, str]]:
    """The table: each service, polled and live, and both together."""
    polled, heard = day.polled(), day.heard()
    shown = [(name, f"{polled.get(name, 0):.3f}", f"{heard[name]:.3f}") for name in heard]
    return [*shown, ("together", f"{sum(polled.values()):.2f}", f"{sum(heard.values()):.2f}")]
