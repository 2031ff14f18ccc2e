"""The errors of a machine's sensors."""

from chalicelib.domain.machines.machines import Sensor, sensor_errors


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
