"""Messages of Sparkplug edge nodes: what their topic says, and which readings their metrics are.

Each reading has a tag, which is the name of its metric. A metric without a name, or without a type, needs the birth in
which the edge node said both.
"""

from base64 import b64decode
from collections.abc import Mapping
from typing import NamedTuple

from chalicelib.domain.errors import FieldError
from chalicelib.domain.instants import exact
from chalicelib.domain.machines.message_fields import Wrong
from chalicelib.domain.machines.readings import moment
from chalicelib.domain.machines.sparkplug import GOOD, MAX_METRICS, Metric, TooMany, read, signed
from chalicelib.domain.sentences import say

_LEVELS = {"NDATA": 4, "NBIRTH": 4, "DDATA": 5, "DBIRTH": 5}
"""The kinds of messages that hold readings, and the levels of their topics."""
_BIRTHS = frozenset(("NBIRTH", "DBIRTH"))
_ALIKE = 0x7F
_LAST_MILLISECOND = 253_402_300_799_999
"""The end of the year 9999. An instant after it is taken for this one; both are in the future."""
_COMMANDS = ("Node Control/", "Device Control/")
_BIRTH_COUNTER = "bdSeq"


class Source(NamedTuple):
    """Whose message it is. The machine is the device; of a message of the edge node itself, it is the edge node."""

    group: str
    machine_id: str
    is_birth: bool


class Published(NamedTuple):
    """What an edge node published, when (in milliseconds since 1970), and whether it is a birth."""

    at: int
    metrics: tuple[Metric, ...]
    is_birth: bool


class Known(NamedTuple):
    """What a birth says of metrics: the name and the type of each alias, and the type of each name."""

    by_alias: Mapping[int, tuple[str, int]]
    by_name: Mapping[str, int]


NOTHING = Known({}, {})


class Sorted(NamedTuple):
    """The metrics of a payload: readings with their places, errors, and the numbers of those that are no readings.

    `nulls` have no value, or none that is a reading; the quality of `doubtful` ones is not good.
    """

    parts: tuple[object, ...]
    places: tuple[str, ...]
    problems: tuple[FieldError, ...]
    nulls: int
    doubtful: int


def source_of(topic: object) -> Source:
    """Whose message a topic names. Raises Wrong if it is no topic of data or births."""
    levels = topic.split("/") if isinstance(topic, str) else []
    named = dict(zip(("namespace", "group", "kind", "edge", "device"), levels, strict=False))
    if named.get("namespace") != "spBv1.0" or _LEVELS.get(named.get("kind", "")) != len(levels):
        raise Wrong(say("must be a Sparkplug topic of {kinds}", kinds=list(_LEVELS)), "bad_topic")
    return Source(named["group"], named.get("device", named["edge"]), named["kind"] in _BIRTHS)


def published(encoded: object, *, is_birth: bool) -> Published:
    """What an edge node published, of the base64 in which the IoT topic rule sends it. Raises Wrong."""
    try:
        payload = read(b64decode(encoded, validate=True) if isinstance(encoded, str) else b"")
    except TooMany:
        raise Wrong(say("holds more than {most} metrics", most=MAX_METRICS), "bad_length") from None
    except ValueError:  # not base64, or not a payload
        raise Wrong(say("is not a Sparkplug B payload, or not a whole one"), "unreadable") from None
    if payload.at is None or payload.seq is None:  # `seq` is written last: if a payload was cut, it is missing
        raise Wrong(say("has no timestamp or no seq, so it is not a whole Sparkplug B payload"), "unreadable")
    return Published(min(payload.at, _LAST_MILLISECOND), payload.metrics, is_birth)


def needs_birth(payload: Published) -> bool:
    """Whether a metric of the payload can be read only with what a birth says."""
    return any(_needs_birth(metric) for metric in payload.metrics)


def sort_out(payload: Published, known: Known) -> Sorted:
    """The readings of a payload, with what the birth before it says. Sparkplug's own metrics are left out."""
    parts: list[object] = []
    places, problems = [], []
    nulls = doubtful = 0
    for index, metric in enumerate(payload.metrics):
        place = f"metrics[{index}]"
        if metric.value is None:
            nulls += 1
        elif metric.quality != GOOD:
            doubtful += 1
        else:
            try:
                name, datatype = _named(metric, known)
            except Wrong as wrong:
                problems.append(FieldError(place, wrong.message, wrong.code))
                continue
            if name != _BIRTH_COUNTER and not name.startswith(_COMMANDS):
                at = payload.at if metric.at is None else metric.at
                parts.append({"tag": name, "value": signed(metric.value, datatype), "at": _instant(at)})
                places.append(place)
    return Sorted(tuple(parts), tuple(places), tuple(problems), nulls, doubtful)


def _needs_birth(metric: Metric) -> bool:
    if metric.value is None or metric.quality != GOOD:
        return False
    if metric.name is None:
        return metric.alias is not None
    # Every signed and unsigned type writes the smallest numbers, and true and false, in the same way.
    return metric.datatype == 0 and isinstance(metric.value, int) and metric.value > _ALIKE


def _named(metric: Metric, known: Known) -> tuple[str, int]:
    """The name and the type of a metric. Raises Wrong."""
    if metric.name is not None:
        datatype = metric.datatype or known.by_name.get(metric.name, 0)
        if datatype == 0 and _needs_birth(metric):
            message = say("has no datatype, and no birth says it; the message waits for the birth")
            raise Wrong(message, "unknown_datatype")
        return metric.name, datatype
    if metric.alias is None:
        raise Wrong(say("needs a name or an alias"), "required")
    if metric.alias not in known.by_alias:
        form = "has the alias {alias}, which no birth before it names; the message waits for the birth"
        raise Wrong(say(form, alias=str(metric.alias)), "unknown_alias")
    name, datatype = known.by_alias[metric.alias]
    return name, metric.datatype or datatype


def _instant(at: int) -> str:
    return exact(moment(min(at, _LAST_MILLISECOND) * 1_000))
