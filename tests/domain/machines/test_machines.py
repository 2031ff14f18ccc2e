"""The errors of a machine's sensors, and what a machine is after a change."""

from dataclasses import fields, replace

import pytest

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.machines.machines import (
    ChangeMachine,
    Machine,
    MachineStatus,
    NewMachine,
    Sensor,
    changed,
    sensor_errors,
)
from tests.floor import MORNING


def codes(*sensors: Sensor) -> list[tuple[str, str]]:
    return [(error.field, error.code) for error in sensor_errors(sensors)]


def test_sensors_with_or_without_a_range_are_fine() -> None:
    assert codes() == []
    one_value = Sensor("b", "pressure", min=1.0, max=1.0)
    assert (
        codes(Sensor("a", "temperature"), one_value, Sensor("c", "voltage", min=1.0), Sensor("d", "voltage", max=1.0))
        == []
    )


def test_a_sensor_may_send_several_types_each_declared_once() -> None:
    one, other = Sensor("a", "temperature"), Sensor("a", "pressure")
    assert codes(one, other) == []
    assert codes(one, other, one) == [("sensors[2].sensor", "duplicate")]


def test_everything_wrong_with_every_sensor_is_named_at_once() -> None:
    upside_down = Sensor("a", "smell", min=2.0, max=1.0)
    assert codes(upside_down, Sensor("b", "pressure"), upside_down) == [
        ("sensors[0].type", "unknown"),
        ("sensors[0].max", "below_min"),
        ("sensors[2].type", "unknown"),
        ("sensors[2].max", "below_min"),
        ("sensors[2].sensor", "duplicate"),
    ]


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
    values = ChangeMachine("Saw", "saw", "Hall B", MachineStatus.RETIRED, ())
    after = changed(PRESS, values)
    assert all(getattr(after, field.name) == getattr(values, field.name) for field in fields(values))
