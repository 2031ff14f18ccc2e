"""The unit, the believable range and the alarm limits of a sensor, and everything that can be wrong with them."""

from typing import Any

import pytest

from chalicelib.domain.machines.readings import TYPES
from chalicelib.domain.machines.sensors import Sensor, sensor_errors


def codes(*sensors: Sensor) -> list[tuple[str, str]]:
    return [(error.field, error.code) for error in sensor_errors(sensors)]


def wrong(type_name: str = "temperature", **declared: Any) -> dict[str, str]:
    """The codes of what is wrong with one sensor, by field."""
    found = codes(Sensor("a", type_name, **declared))
    return {field.removeprefix("sensors[0]."): code for field, code in found}


def test_sensors_with_or_without_a_range_are_fine() -> None:
    assert codes() == []
    one_value = Sensor("b", "pressure", min=1.0, max=1.0)
    bounds = Sensor("c", "voltage", min=1.0), Sensor("d", "voltage", max=1.0)
    assert codes(Sensor("a", "temperature"), one_value, *bounds) == []


def test_a_sensor_may_send_several_types_each_declared_once() -> None:
    one, other = Sensor("a", "temperature"), Sensor("a", "pressure")
    assert codes(one, other) == []
    assert codes(one, other, one) == [("sensors[2].sensor", "duplicate")]


def test_everything_wrong_with_every_sensor_is_named_at_once() -> None:
    unknown, upside_down = Sensor("a", "smell"), Sensor("c", "pressure", unit="psi", min=2.0, max=1.0)
    assert codes(unknown, Sensor("b", "pressure"), upside_down, unknown) == [
        ("sensors[0].type", "unknown"),
        ("sensors[2].unit", "other_unit"),
        ("sensors[2].max", "below_min"),
        ("sensors[3].type", "unknown"),
        ("sensors[3].sensor", "duplicate"),
    ]


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ({"min": 3_000.5}, {"min": "above_max"}),
        ({"max": -274.0}, {"max": "below_min"}),
        ({"min": 4_000.0, "max": 5_000.0}, {}),
        ({"min": 2e15, "max": 3e15}, {"max": "below_min"}),
    ],
)
def test_a_bound_that_leaves_no_value_of_the_type_is_refused(declared: dict[str, Any], code: dict[str, str]) -> None:
    assert wrong(**declared) == code


def test_a_unit_is_that_of_the_type_and_free_for_custom_values() -> None:
    assert [Sensor("a", name).measured_in for name in ("temperature", "state", "custom")] == ["°C", None, None]
    assert Sensor("a", "custom", unit="pH").measured_in == "pH"
    assert (wrong("custom", unit="pH"), wrong(unit="°C"), wrong(unit="°F")) == ({}, {}, {"unit": "other_unit"})
    assert wrong("state", unit="°C") == {"unit": "other_unit"}
    assert "°C, the unit of temperature" in sensor_errors([Sensor("a", "temperature", unit="°F")])[0].message


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ({"alarm_min": 5.0, "alarm_max": 80.0, "alarm_minutes": 2}, {}),
        ({"alarm_max": 80.0}, {}),
        ({"alarm_min": 80.0, "alarm_max": 80.0}, {}),
        ({"alarm_min": 81.0, "alarm_max": 80.0}, {"alarm_max": "below_alarm_min"}),
        ({"max": 80.0, "alarm_max": 80.0}, {"alarm_max": "outside_range"}),
        ({"max": 80.0, "alarm_max": 79.9}, {}),
        ({"min": 5.0, "alarm_min": 5.0}, {"alarm_min": "outside_range"}),
        ({"alarm_min": -300.0, "alarm_max": 3_000.0}, {"alarm_min": "outside_range", "alarm_max": "outside_range"}),
        ({"alarm_minutes": 2}, {"alarm_minutes": "no_limit"}),
    ],
)
def test_alarm_limits_lie_within_what_is_believable(declared: dict[str, Any], code: dict[str, str]) -> None:
    assert wrong(**declared) == code


def test_a_state_has_no_alarm_limits_and_every_number_may_have_them() -> None:
    limits = {"alarm_min": 1.0, "alarm_max": 2.0}
    refused = [name for name in TYPES if wrong(name, **limits)]
    assert (refused, wrong("state", **limits)) == (["state"], {"alarm_min": "no_numbers"})
