"""What a machine is when it is registered, and after a change."""

from dataclasses import fields, replace

import pytest

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.machines.machines import (
    ChangeMachine,
    Machine,
    MachineStatus,
    NewMachine,
    changed,
    registered,
)
from chalicelib.domain.machines.sensors import Sensor
from chalicelib.domain.machines.tags import Tag
from tests.floor import MORNING

PRESS = Machine(
    "M1", "Press 1", MORNING, machine_type="press", location="Hall A", sensors=(Sensor("a", "temperature"),)
)


def test_a_change_keeps_what_is_left_out_and_clears_what_is_none() -> None:
    after = changed(PRESS, ChangeMachine(name="Press 2", location=None))
    assert after == replace(PRESS, name="Press 2", location=None, version=2)


@pytest.mark.parametrize("wanted", [ChangeMachine(), ChangeMachine(name="Press 1", sensors=PRESS.sensors)])
def test_a_change_to_the_same_values_raises_no_version(wanted: ChangeMachine) -> None:
    assert changed(PRESS, wanted) == PRESS


def test_every_status_may_follow_every_other() -> None:
    for source in MachineStatus:
        for target in MachineStatus:
            assert changed(replace(PRESS, status=source), ChangeMachine(status=target)).status is target


def test_a_change_to_wrong_sensors_is_refused() -> None:
    with pytest.raises(InvalidFields, match="sensors"):
        changed(PRESS, ChangeMachine(sensors=(Sensor("a", "smell"),)))


def test_everything_that_somebody_writes_down_of_a_machine_can_be_changed_but_its_id() -> None:
    assert {field.name for field in fields(ChangeMachine)} == {field.name for field in fields(NewMachine)} - {"id"}
    values = ChangeMachine("Saw", "saw", "Hall B", "Line 2", MachineStatus.RETIRED, (), 60, (Tag("T1", "custom"),))
    after = changed(PRESS, values)
    assert all(getattr(after, field.name) == getattr(values, field.name) for field in fields(values))


def test_the_unit_of_a_type_is_kept_nowhere_but_with_the_type() -> None:
    sensors = Sensor("a", "temperature", unit="°C"), Sensor("b", "custom", unit="pH")
    kept = Sensor("a", "temperature"), sensors[1]
    assert registered(NewMachine("M2", "Press 2", sensors=sensors), MORNING).sensors == kept
    assert changed(PRESS, ChangeMachine(sensors=sensors)).sensors == kept
    assert changed(PRESS, ChangeMachine(sensors=sensors[:1])) == PRESS
