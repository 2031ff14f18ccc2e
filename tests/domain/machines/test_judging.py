"""A change of a machine judges its readings otherwise, unless it only describes the machine."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.machines.machines import (
    DESCRIPTION,
    ChangeMachine,
    Machine,
    MachineStatus,
    changed,
    judges_alike,
)
from chalicelib.domain.machines.sensors import Sensor

MACHINE = Machine("M1", "Press", datetime(2026, 1, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("change", "alike"),
    [
        ({"name": "Lathe", "machine_type": "press", "location": "Hall A", "line": "L1", "silent_minutes": 5}, True),
        ({"status": MachineStatus.RETIRED}, False),
        ({"name": "Lathe", "sensors": (Sensor("main", "temperature", max=5.0),)}, False),
    ],
)
def test_sensors_and_status_judge_readings(change: dict[str, Any], *, alike: bool) -> None:
    assert judges_alike(MACHINE, changed(MACHINE, ChangeMachine(**change))) == alike


def test_every_field_that_describes_a_machine_is_one() -> None:
    assert {field.name for field in fields(Machine)} > set(DESCRIPTION)
