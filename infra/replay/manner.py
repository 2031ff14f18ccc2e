"""How a plan is sent: in order or shuffled, as booked or live sessions, once or several times."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Manner:
    """`chance` shuffles. `live` sends sessions as they happened, in order. Everything is sent `times` times.

    `via` is the road of readings, one of `roads.ROADS`.
    """

    chance: random.Random | None = None
    times: int = 1
    live: bool = False
    via: str = "queue"

    def arrange(self, things: Sequence[Thing]) -> list[Thing]:
        """Leave things in order, or shuffle them."""
        return self.chance.sample(things, len(things)) if self.chance else list(things)
