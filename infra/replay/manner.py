"""How things are sent: in turn or shuffled, as sessions that are over or as they went, once or several times."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Manner:
    """`chance` shuffles what is sent; `live` tells sessions as they went, in turn; all is sent so many `times`."""

    chance: random.Random | None = None
    times: int = 1
    live: bool = False

    def arrange(self, things: Sequence[Thing]) -> list[Thing]:
        """Leave things in turn, or shuffle them."""
        return self.chance.sample(things, len(things)) if self.chance else list(things)
