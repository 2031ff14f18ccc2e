"""The readings of a message: a valid one costs one pass; of any other, every field is read, so that each error is told.

A message has up to 1,000 readings, and most have the same few sensors. So what depends on the sensor alone is
remembered while a message is read.
"""

from collections.abc import Mapping
from typing import TypeAlias

from chalicelib.domain.errors import FieldError
from chalicelib.domain.machines.message_fields import (
    Fields,
    Wrong,
    identifier,
    instant,
    measured,
    reading_type,
    sequence,
)
from chalicelib.domain.machines.readings import (
    DEFAULT_SENSOR,
    TYPES,
    Reading,
    ReadingType,
    SensorRanges,
    believable,
)

NO_OBJECT = "must be a JSON object in which no name stands twice"


Series: TypeAlias = tuple[str, str, ReadingType, float, float]
"""A sensor, a type, what the type is, and the lowest and highest believable value of both."""


class PartReader:
    """Reads the readings of one machine's message. `earliest` (None: no limit) and `latest` are in microseconds."""

    def __init__(self, machine_id: str, ranges: SensorRanges, earliest: int | None, latest: int) -> None:
        self._machine_id = machine_id
        self._ranges = ranges
        self._earliest = earliest
        self._latest = latest
        self._known: dict[tuple[object, object], Series] = {}

    def reading(self, part: object) -> Reading:
        """The reading. Raises Wrong with one of its errors, if there is any."""
        if not isinstance(part, dict):
            raise Wrong(NO_OBJECT, "not_an_object")
        if "machine_id" in part:
            self._own(part)
        sensor, type_name, kind, low, high = self._series(part)
        at = instant(_either(part, "at", "timestamp"), self._earliest, self._latest)
        seq = sequence(part["seq"]) if "seq" in part else None
        return Reading(self._machine_id, sensor, type_name, at, measured(part.get("value"), kind, low, high), seq)

    def problems(self, where: str, part: object) -> list[FieldError]:
        """All errors of a reading; `where` is its place in the message."""
        fields = Fields(where)
        if not isinstance(part, dict):
            fields.refuse("", NO_OBJECT, "not_an_object")
            return fields.problems
        fields.read("machine_id", lambda: self._own(part), None)
        sensor = fields.read("sensor", lambda: _sensor(part), "")
        type_name = fields.read("type", lambda: _type(part), None)
        fields.read("at", lambda: self._at(part), 0)
        fields.read("seq", lambda: sequence(part.get("seq")), None)
        if type_name is not None or part.get("value") is None:  # without a type only a missing value is an error
            kind, low, high = self._kind(sensor, type_name or "custom")
            fields.read("value", lambda: measured(part.get("value"), kind, low, high), 0.0)
        return fields.problems

    def _own(self, part: Mapping[str, object]) -> None:
        if part.get("machine_id", self._machine_id) != self._machine_id:
            raise Wrong("must be the message's machine, or be left out", "other")

    def _series(self, part: Mapping[str, object]) -> Series:
        """The sensor and the type, with what depends on them alone. They are remembered, once they are valid."""
        name = part.get("sensor"), None if "reading_type" in part else part.get("type")
        try:
            return self._known[name]
        except (KeyError, TypeError):  # not yet known, or not even a text
            sensor, type_name = _sensor(part), _type(part)
        found = (sensor, type_name, *self._kind(sensor, type_name))
        if name[1] is not None:
            self._known[name] = found
        return found

    def _kind(self, sensor: str, type_name: str) -> tuple[ReadingType, float, float]:
        return (TYPES[type_name], *believable(sensor, type_name, self._ranges))

    def _at(self, part: Mapping[str, object]) -> int:
        return instant(_either(part, "at", "timestamp"), self._earliest, self._latest)


def _sensor(part: Mapping[str, object]) -> str:
    return identifier(part.get("sensor"), DEFAULT_SENSOR)


def _type(part: Mapping[str, object]) -> str:
    return reading_type(_either(part, "type", "reading_type"))


def _either(part: Mapping[str, object], name: str, old_name: str) -> object:
    """The value under its name, or under the field name of the previous API. Raises Wrong if both are there."""
    if old_name not in part:
        return part.get(name)
    if name in part:
        raise Wrong(f"is given under both names, {name} and {old_name}", "twice")
    return part[old_name]
