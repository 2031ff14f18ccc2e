"""The steps of an order: sessions booked or live, and stages done."""

from dataclasses import dataclass
from typing import Literal

from infra.replay.plan import Booking


@dataclass(frozen=True)
class Done:
    """Finish a stage (by its index in the order)."""

    stage: int


@dataclass(frozen=True)
class Told:
    """One of the commands that together make a live session."""

    command: Literal["start", "report", "pause"]
    session: Booking

    @property
    def stage(self) -> int:
        """The index of the session's stage in the order."""
        return self.session.stage


Step = Booking | Told | Done
