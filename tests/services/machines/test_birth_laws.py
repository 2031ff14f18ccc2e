"""The law of births: in whatever order births and payloads come, each payload is read with the birth before it."""

from random import Random
from typing import Any

import pytest

from chalicelib.domain.machines import quarantine
from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.domain.machines.readings import Reading, by_machine_hour, microseconds
from chalicelib.domain.machines.rollups import roll_up
from chalicelib.domain.machines.tags import Tag
from tests.conftest import SetClock
from tests.edge_nodes import aliased, birth, data, later, named
from tests.machines import arrived, install, standing, standing_latest, standing_rollups
from tests.sampling import IS_FULL
from tests.services.machines.factory import Factory

SEEDS, TRIALS = 20 if IS_FULL else 1, 5
TAGS = tuple(Tag(name, "custom", name) for name in "ABC")
INSTANTS = (-7000, -3601, -3600, -1800, -1, 0, 1, 600, 601, 1800, 3599)
Births = dict[float, dict[int, str]]


def names_at(births: Births, at: float) -> dict[int, str]:
    """The rule: the newest birth that is not later than the payload counts."""
    return births[max(before)] if (before := [each for each in births if each <= at]) else {}


def sent(random: Random, machine_id: str) -> tuple[list[str], list[Reading], int]:
    """The messages of a device, the readings that they are, and how many have an alias that stays unknown."""
    births: Births = {
        at: {7: random.choice("AB"), 8: random.choice("BC")} for at in random.sample(INSTANTS, random.randint(0, 5))
    }
    bodies = [birth(at, names, device=machine_id) for at, names in births.items()]
    readings, unknown = [], 0
    for value in range(random.randint(1, 12)):
        at = random.choice(INSTANTS)
        measured = at - random.choice([0, 0, 0, 1, 4000])
        alias = random.choice([7, 8, None])
        metric = named("C", value, measured) if alias is None else aliased(alias, value, measured)
        bodies.append(data(at, metric, device=machine_id))
        name = "C" if alias is None else names_at(births, at).get(alias)
        if name is None:
            unknown += 1
        else:
            readings.append(Reading(machine_id, name, "custom", microseconds(later(measured)), float(value)))
    return bodies, readings, unknown


@pytest.mark.parametrize("seed", range(SEEDS))
def test_each_payload_is_read_with_the_birth_before_it_whatever_comes_first_and_whatever_crashes(
    table: None, set_clock: SetClock, seed: int
) -> None:
    random = Random(seed)  # noqa: S311 - it must repeat, not surprise
    expected: dict[tuple[Any, ...], Any] = {}
    right: set[tuple[Any, ...]] = set()
    waiting = 0
    for trial in range(TRIALS):
        machine_id = f"M{trial}"
        install(machine_id, tags=TAGS)
        bodies, readings, unknown = sent(random, machine_id)
        waiting += unknown
        Factory(random, arrived(*bodies), set_clock).run()
        expected |= {
            (touched.machine_id, touched.hour, rollup.sensor, rollup.type): rollup
            for touched, group in by_machine_hour(readings).items()
            for rollup in roll_up(group)
        }
        right |= {(machine_id, each.sensor, each.at, each.value) for each in readings}
    assert standing_rollups() == expected
    shown = {(one, each.sensor, each.at, each.value) for one, own in standing_latest().items() for each in own}
    assert shown <= right
    aside = [each.read(Quarantined) for each in standing("quarantined")]
    assert {reason.code for each in aside for reason in quarantine.reasons(each)} <= {"unknown_alias"}
    assert len(aside) == waiting
