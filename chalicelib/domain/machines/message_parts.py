"""The readings of a message: a valid one costs one pass; of any other, every field is read, so that each error is told.

A message has up to 1,000 readings, and most have the same few sensors. So what depends on the sensor alone is
remembered while a message is read.
"""

from collections.abc import Iterable, Mapping
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
from chalicelib.domain.machines.tag_guessing import suggestion
from chalicelib.domain.machines.tags import LONGEST_TAG, Tag, normal
from chalicelib.domain.sentences import say

NO_OBJECT = say("must be a JSON object in which no name stands twice")


Series: TypeAlias = tuple[str, str, ReadingType, float, float]
"""A sensor, a type, what the type is, and the lowest and highest believable value of both."""


class PartReader:
    """Reads the readings of one machine's message. `earliest` (None: no limit) and `latest` are in microseconds."""

    def __init__(
        self, machine_id: str, ranges: SensorRanges, tags: Iterable[Tag], earliest: int | None, latest: int
    ) -> None:
        self._machine_id = machine_id
        self._ranges = ranges
        self._tags = tags
        self._by_tag: dict[str, Tag] = {}
        self._earliest = earliest
        self._latest = latest
        self._known: dict[tuple[object, object], Series] = {}

    def reading(self, part: object) -> Reading:
        """The reading. Raises Wrong with one of its errors, if there is any."""
        if not isinstance(part, dict):
            raise Wrong(NO_OBJECT, "not_an_object")
        if "machine_id" in part:
            self._own(part)
        if "type" not in part and _is_tagged(part):
            tag = self._tag(part)
            part = part | {"type": tag.type, "sensor": tag.sensor, "value": tag.meaning(part.get("value"))}
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
        tagged = _is_tagged(part)
        tag = fields.read("tag", lambda: self._tag(part), None) if tagged else None
        sensor = tag.sensor if tag else "" if tagged else fields.read("sensor", lambda: _sensor(part), "")
        type_name = tag.type if tag else None if tagged else fields.read("type", lambda: _type(part), None)
        fields.read("at", lambda: self._at(part), 0)
        fields.read("seq", lambda: sequence(part.get("seq")), None)
        if type_name is not None or part.get("value") is None:  # without a type only a missing value is an error
            kind, low, high = self._kind(sensor, type_name or "custom")
            fields.read("value", lambda: measured(_meant(part, tag), kind, low, high), 0.0)
        return fields.problems

    def _own(self, part: Mapping[str, object]) -> None:
        if part.get("machine_id", self._machine_id) != self._machine_id:
            raise Wrong(say("must be the message's machine, or be left out"), "other")

    def _tag(self, part: Mapping[str, object]) -> Tag:
        """What the machine says of the tag. Raises Wrong with a suggestion if it says nothing."""
        sent = part["tag"]
        if "sensor" in part:
            raise Wrong(say("must be left out beside a sensor, or the sensor beside it: a tag has its sensor"), "twice")
        if not self._by_tag:  # only now: most messages name no tags
            self._by_tag = {tag.tag: tag for tag in self._tags}
        name = sent if isinstance(sent, str) and sent in self._by_tag else normal(sent)
        if name is None:
            raise Wrong(
                say("must be one line of {least} to {most} visible characters", least=1, most=LONGEST_TAG), "bad_tag"
            )
        if name not in self._by_tag:
            form = "is not among the tags of the machine: add {tag} or the like with PATCH /machines/{machine_id}"
            tag = suggestion(name, part.get("value"))
            raise Wrong(say(form, tag=tag, machine_id=self._machine_id), "unmapped_tag")
        return self._by_tag[name]

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


def _is_tagged(part: Mapping[str, object]) -> bool:
    """Whether a reading names a tag instead of a type. Beside a type, a tag is one of the fields that are ignored."""
    return "tag" in part and "type" not in part and "reading_type" not in part


def _meant(part: Mapping[str, object], tag: Tag | None) -> object:
    return tag.meaning(part.get("value")) if tag else part.get("value")


def _sensor(part: Mapping[str, object]) -> str:
    return identifier(part.get("sensor"), DEFAULT_SENSOR)


def _type(part: Mapping[str, object]) -> str:
    return reading_type(_either(part, "type", "reading_type"))


def _either(part: Mapping[str, object], name: str, old_name: str) -> object:
    """The value under its name, or under the field name of the previous API. Raises Wrong if both are there."""
    if old_name not in part:
        return part.get(name)
    if name in part:
        raise Wrong(say("is given under both names, {name} and {old_name}", name=name, old_name=old_name), "twice")
    return part[old_name]
