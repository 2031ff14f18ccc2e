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


def looks(machine: str, instants: Sequence[datetime], chance: random.Random, *, resets: bool) -> list[Look]:
    """What a machine measures at these instants. `resets`: its counter begins again from zero on the way."""
    state, temperature, count = "producing", WARM, float(chance.randint(0, 10_000))
    begins_again = chance.randrange(len(instants)) if resets and instants else None
    made = []
    for index, at in enumerate(instants):
        if chance.random() > STAYS[state]:
            state = chance.choice([other for other in STATES if other != state])
        target = WARM if state == "producing" else COLD
        temperature += 0.1 * (target - temperature) + chance.gauss(0, 0.5)
        count = 0.0 if index == begins_again else count + (chance.randint(0, 2) if state == "producing" else 0)
        values: dict[str, float | str] = {"temperature": round(temperature, 2), "cycle_count": count, "state": state}
        made.append(tuple(Reading(machine, type_name, at, value) for type_name, value in values.items()))
    return made
