"""What simulated machines measure: each looks at its temperature, its counter and its state, again and again."""

import random
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

STATES = {"off": 0, "producing": 1, "idle": 2, "unplanned_stop": 3}
"""The states, and the numbers that a controller sends for them."""
TAGS = {"temperature": "Temperature", "cycle_count": "CycleCount", "state": "State"}
"""The types that a machine measures, and the names that a controller gives them."""
WARM, COLD = 80.0, 25.0
STAYS = {"producing": 0.95, "idle": 0.8, "unplanned_stop": 0.85, "off": 0.7}
"""How likely a state is still the same at the next look."""
WRONG = "hot"
"""What a broken sensor sends instead of a temperature."""


class Reading(NamedTuple):
    """A measured value. A temperature that is `WRONG` can never be accepted."""

    machine: str
    type: str
    at: datetime
    value: float | str


Look = tuple[Reading, ...]
"""The readings of one machine at one instant."""


class Gauges:
    """What one machine measures: a temperature that follows its state, and a counter of its pieces."""

    def __init__(self, machine: str, chance: random.Random, count: float = 0.0) -> None:
        self.count = count
        self._machine = machine
        self._chance = chance
        self._temperature = WARM

    def look(self, at: datetime, state: str, pieces: float) -> Look:
        """What it measures at an instant, in this state and after so many more pieces."""
        target = WARM if state == "producing" else COLD
        self._temperature += 0.1 * (target - self._temperature) + self._chance.gauss(0, 0.5)
        self.count += pieces
        values: dict[str, float | str] = {
            "temperature": round(self._temperature, 2),
            "cycle_count": self.count,
            "state": state,
        }
        return tuple(Reading(self._machine, type_name, at, value) for type_name, value in values.items())


def looks(machine: str, instants: Sequence[datetime], chance: random.Random, *, resets: bool) -> list[Look]:
    """What a machine measures at these instants. `resets`: its counter begins again from zero on the way."""
    state, gauges = "producing", Gauges(machine, chance, float(chance.randint(0, 10_000)))
    begins_again = chance.randrange(len(instants)) if resets and instants else None
    made = []
    for index, at in enumerate(instants):
        if chance.random() > STAYS[state]:
            state = chance.choice([other for other in STATES if other != state])
        pieces = chance.randint(0, 2) if state == "producing" else 0
        if index == begins_again:
            gauges.count, pieces = 0.0, 0
        made.append(gauges.look(at, state, pieces))
    return made
