"""Sensors: what a machine declares about them, and the rules between units, believable ranges and alarm limits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.errors import FieldError
from chalicelib.domain.machines.readings import CUSTOM, NO_NUMBERS, TYPES, Range, believable
from chalicelib.domain.sentences import ONE_OF, say


@dataclass(frozen=True)
class Sensor:
    """A sensor: the range of its believable values, its unit, and the limits beyond which a value is an alarm.

    `unit` is kept for the type `custom` only; every other type has a unit of its own. A bound of None is the bound of
    the type. A limit of None is no limit. `alarm_minutes` is how long a value must be beyond a limit (None: a moment).
    """

    sensor: str
    type: str
    min: float | None = None
    max: float | None = None
    unit: str | None = None
    alarm_min: float | None = None
    alarm_max: float | None = None
    alarm_minutes: int | None = None

    @property
    def measured_in(self) -> str | None:
        """The unit of its values: the unit of the type, for `custom` its own; None if there is none."""
        return self.unit if self.type == CUSTOM else TYPES[self.type].unit or None

    @property
    def range(self) -> Range:
        """The range that it declares."""
        return self.min, self.max

    @property
    def has_limits(self) -> bool:
        """Whether it has an alarm limit. Ingest asks it for each message."""
        return self.alarm_min is not None or self.alarm_max is not None

    @property
    def limits(self) -> dict[str, float]:
        """The alarm limits that it has, by the name of the field."""
        named = {"alarm_min": self.alarm_min, "alarm_max": self.alarm_max}
        return {name: limit for name, limit in named.items() if limit is not None}


def kept(sensors: Sequence[Sensor]) -> tuple[Sensor, ...]:
    """Sensors as they are kept: without a unit that only repeats the unit of the type."""
    return tuple(sensor if sensor.type == CUSTOM else replace(sensor, unit=None) for sensor in sensors)


def sensor_errors(sensors: Sequence[Sensor]) -> list[FieldError]:
    """The errors of sensors: an unknown type, an empty range, a limit that cannot be passed, or one declared twice."""
    errors = []
    seen: set[tuple[str, str]] = set()
    for index, sensor in enumerate(sensors):
        wrong = _errors(sensor) if sensor.type in TYPES else _unknown_type()
        errors += [replace(error, field=f"sensors[{index}].{error.field}") for error in wrong]
        if (sensor.sensor, sensor.type) in seen:
            message = say("is declared twice with this type; declare each sensor and type once")
            errors.append(FieldError(f"sensors[{index}].sensor", message, "duplicate"))
        seen.add((sensor.sensor, sensor.type))
    return errors


def _unknown_type() -> Iterator[FieldError]:
    yield FieldError("type", say(ONE_OF, allowed=list(TYPES)), "unknown")


def _errors(sensor: Sensor) -> Iterator[FieldError]:
    yield from _unit_errors(sensor)
    low, high = believable(sensor.sensor, sensor.type, {(sensor.sensor, sensor.type): sensor.range})
    if low > high:
        yield _empty_range(sensor, low, high)
    elif TYPES[sensor.type].words and sensor.limits:
        yield FieldError(next(iter(sensor.limits)), say(NO_NUMBERS, type=sensor.type), "no_numbers")
    else:
        yield from _limit_errors(sensor, low, high)
    if sensor.alarm_minutes is not None and not sensor.limits:
        yield FieldError("alarm_minutes", say("needs alarm_min or alarm_max beside it"), "no_limit")


def _unit_errors(sensor: Sensor) -> Iterator[FieldError]:
    """The error of a unit that is not the unit of its type. The unit of the type may be repeated."""
    if sensor.unit in (None, sensor.measured_in):
        return
    form = "must be left out for this type; {any} takes any unit"
    if sensor.measured_in:
        form = "must be left out, or be {unit}, the unit of {type}; {any} takes any unit"
    named = {"unit": sensor.measured_in or "", "type": sensor.type, "any": CUSTOM}
    yield FieldError("unit", say(form, **named), "other_unit")


def _empty_range(sensor: Sensor, low: float, high: float) -> FieldError:
    """The error of a range without values: `max` below `min`, or one of them beyond the other bound of the type."""
    if sensor.max is not None:
        return FieldError("max", say("must not be below min, which is {least}", least=low), "below_min")
    return FieldError("min", say("must not be above max, which is {most}", most=high), "above_max")


def _limit_errors(sensor: Sensor, low: float, high: float) -> Iterator[FieldError]:
    """The errors of limits. A limit at or beyond the end of the believable range could never be passed."""
    for name, limit in sensor.limits.items():
        if not low < limit < high:
            form = "must be above {least} and below {most}: no value outside of this range is accepted"
            yield FieldError(name, say(form, least=low, most=high), "outside_range")
    if sensor.alarm_min is not None and sensor.alarm_max is not None and sensor.alarm_min > sensor.alarm_max:
        yield FieldError("alarm_max", say("must not be below alarm_min"), "below_alarm_min")
