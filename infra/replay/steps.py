"""The steps in which an order's story is sent: sessions booked or told as they went, and stages done."""

from dataclasses import dataclass
from typing import Literal

from infra.replay.plan import Booking


@dataclass(frozen=True)
class Done:
    """Say that a stage (by its index in the order) is done."""

    stage: int


@dataclass(frozen=True)
class Told:
    """Give one of the commands that together make a session."""

    command: Literal["start", "report", "pause"]
    session: Booking

    @property
    def stage(self) -> int:
        """The index of the session's stage in the order."""
        return self.session.stage


Step = Booking | Told | Done
