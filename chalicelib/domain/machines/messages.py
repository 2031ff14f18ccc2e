"""Messages of machines: decoding a message, taking out its readings, and checking each reading.

One wrong reading does not refuse the whole message. The valid readings are used, and the others are reported with
errors.
"""

import base64
import json
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.errors import FieldError, Unavailable
from chalicelib.domain.instants import CLOCK_GRACE
from chalicelib.domain.machines import edge_nodes, umh
from chalicelib.domain.machines.edge_nodes import Published
from chalicelib.domain.machines.failed_rules import as_the_rule_sends_it
from chalicelib.domain.machines.machines import Machine, MachineStatus
from chalicelib.domain.machines.message_fields import Fields, Wrong, identifier
from chalicelib.domain.machines.message_parts import NO_OBJECT, PartReader
from chalicelib.domain.machines.readings import Reading, SensorRanges, microseconds, moment
from chalicelib.domain.plain_json import decode as decode_json
from chalicelib.domain.sentences import say
from chalicelib.domain.tenants import DEFAULT_TENANT

MAX_BYTES = 256 * 1024
MAX_READINGS = 1_000

MAPPED_LATER = frozenset({"unmapped_tag", "unmapped_state"})
"""The codes of readings that can be used as soon as the machine's tags say what they are."""
UNKNOWN_TENANT = FieldError("tenant", say("is not a tenant here"), "unknown_tenant")
CLOSED_TENANT = FieldError("tenant", say("is closed: this company has left"), "closed_tenant")


class ReadingsUnavailable(Unavailable):
    """The queue for readings cannot be reached."""

    code = "ERR_READINGS_UNAVAILABLE"
    title = "Readings cannot be accepted right now"


@dataclass(frozen=True, slots=True)
class Message:
    """A decoded message: its tenant, its machine and its readings as they came, in `parts`.

    `is_bare`: the message is itself its only reading. A message with `problems` cannot be used; it may have no machine
    and no readings. `tenant` is None if the message's tenant is not a valid id. `published`: what an edge node has
    published. Its metrics become parts, each with a place in `places`, when births are known (`with_births`).
    """

    tenant: str | None
    machine_id: str
    parts: Sequence[object]
    problems: tuple[FieldError, ...] = ()
    is_bare: bool = False
    published: Published | None = None
    places: Sequence[str] = ()

    def place(self, index: int) -> str:
        """The place of a part in the message."""
        if self.places:
            return self.places[index]
        return "" if self.is_bare else f"readings[{index}]"


@dataclass(frozen=True, slots=True)
class Checked:
    """The valid readings of a message, and the errors of the others."""

    readings: tuple[Reading, ...]
    problems: tuple[FieldError, ...]


def decode(body: str | bytes) -> Message:
    """Decode a message from the queue. If it cannot be decoded, it has no parts and one problem.

    What a United Manufacturing Hub publishes comes as `{umh, topic}`, and what a Sparkplug edge node publishes as
    `{sparkplug, topic}`, the payload in base64.
    """
    size = len(body if isinstance(body, bytes) else body.encode(errors="surrogatepass"))
    if size > MAX_BYTES:
        form = "has {size_bytes} bytes; at most {most} are allowed"
        return _unusable(say(form, size_bytes=size, most=MAX_BYTES), "too_large")
    try:
        sent = as_the_rule_sends_it(_json(body))
        if isinstance(sent, dict) and "machine_id" not in sent:
            if "umh" in sent:
                return _of_hub(sent)
            if "sparkplug" in sent:
                return _of_edge_node(sent)
        return unfold(sent)
    except Wrong as wrong:
        return _unusable(wrong.message, wrong.code)


def unfold(decoded: object) -> Message:
    """Make a message of decoded JSON: `{machine_id, readings[], tenant?}`, or one reading with its `machine_id`.

    If a payload has no `readings`, the IoT topic rule sends `{machine_id, tenant, unreadable}`. `unreadable` is the
    payload in base64.
    """
    if not isinstance(decoded, dict):
        return _unusable(NO_OBJECT, "not_an_object")
    fields = Fields()
    tenant = fields.read("tenant", lambda: identifier(decoded.get("tenant"), DEFAULT_TENANT), None)
    machine_id = fields.read("machine_id", lambda: identifier(decoded.get("machine_id")), "")
    parts, is_bare = fields.read("readings", lambda: _parts(decoded), ((), False))
    return Message(tenant, machine_id, parts, tuple(fields.problems), is_bare)


def check(
    message: Message,
    machine: Machine | None,
    now: datetime,
    retention: timedelta | None = None,
    *,
    sent_at: datetime | None = None,
    among: Container[str] | None = None,
) -> Checked:
    """The valid readings of a message, and the errors of the others. What has a tag is what the machine says of it.

    `machine` is None if it is not registered. `retention` is the highest age of a reading (None: any age). No reading
    is from after `sent_at` (None: it was sent now), however late it is checked. Only parts at the places `among` count
    (None: all).
    """
    if message.problems:
        return Checked((), message.problems)
    if machine is None:
        return Checked((), (FieldError("machine_id", say("is not a registered machine"), "unknown_machine"),))
    if machine.status is MachineStatus.RETIRED:
        return Checked((), (FieldError("machine_id", say("is a retired machine"), "retired_machine"),))
    ranges: SensorRanges = {(each.sensor, each.type): each.range for each in machine.sensors}
    earliest = None if retention is None else microseconds(now - retention)
    latest = microseconds((sent_at or now) + CLOCK_GRACE)
    reader = PartReader(message.machine_id, ranges, machine.tags, earliest, latest)
    readings: list[Reading] = []
    problems: list[FieldError] = []
    for index, part in enumerate(message.parts):
        if among is not None and message.place(index) not in among:
            continue
        try:
            readings.append(reader.reading(part))
        except Wrong:
            problems += reader.problems(message.place(index), part)
    return Checked(tuple(readings), tuple(problems))


def encode(tenant: str, machine_id: str, readings: Iterable[Reading]) -> str:
    """Encode valid readings as a message. `decode` and `check` give the same readings back."""
    parts = [
        {
            "sensor": each.sensor,
            "type": each.type,
            "at": moment(each.at).isoformat(),
            "seq": each.seq,
            "value": each.value,
        }
        for each in readings
    ]
    return json.dumps({"tenant": tenant, "machine_id": machine_id, "readings": parts}, separators=(",", ":"))


def _of_hub(decoded: Mapping[str, object]) -> Message:
    """What a hub has published. Its topic alone says whose it is: what may publish there was checked."""
    fields = Fields()
    place = fields.read("topic", lambda: umh.place_of(decoded.get("topic")), None)
    if place is None:
        return Message(DEFAULT_TENANT, "", (), tuple(fields.problems))
    tenant = fields.read("tenant", lambda: identifier(place.tenant), None)
    machine_id = fields.read("machine_id", lambda: identifier(place.machine_id), "")
    parts = fields.read("umh", lambda: _bounded(umh.parts(place.path, _payload(decoded["umh"]))), ())
    return Message(tenant, machine_id, parts, tuple(fields.problems), is_bare=len(parts) == 1)


def _of_edge_node(decoded: Mapping[str, object]) -> Message:
    """The message of an edge node. Its topic alone says whose it is, because a device may publish on its own only."""
    fields = Fields()
    source = fields.read("topic", lambda: edge_nodes.source_of(decoded.get("topic")), None)
    if source is None:
        return Message(DEFAULT_TENANT, "", (), tuple(fields.problems))
    tenant = fields.read("tenant", lambda: identifier(source.group), None)
    machine_id = fields.read("machine_id", lambda: identifier(source.machine_id), "")
    encoded = decoded["sparkplug"]
    published = fields.read("sparkplug", lambda: edge_nodes.published(encoded, is_birth=source.is_birth), None)
    return Message(tenant, machine_id, (), tuple(fields.problems), published=published)


def _parts(decoded: Mapping[str, object]) -> tuple[Sequence[object], bool]:
    """The readings of a message, and whether the message is itself the only one."""
    if "readings" not in decoded and "unreadable" in decoded:
        payload = _payload(decoded["unreadable"])
        if "unreadable" in payload:
            raise Wrong(NO_OBJECT, "not_an_object")
        return _parts(payload)
    if "readings" not in decoded and "value" in decoded:
        # The topic names the machine of a bare reading; what the reading says of itself counts for nothing there.
        return ({name: value for name, value in decoded.items() if name != "machine_id"},), True
    if "readings" in decoded and "value" in decoded:
        raise Wrong(say("must be left out beside a value, or the value beside them"), "twice")
    listed = decoded.get("readings")
    if listed is None:
        raise Wrong(say("is required"), "required")
    if not isinstance(listed, list):
        raise Wrong(say("must be a list"), "not_a_list")
    return _bounded(listed), False


def _bounded(parts: Sequence[object]) -> Sequence[object]:
    if not 1 <= len(parts) <= MAX_READINGS:
        form = "must hold {least} to {most} readings, not {number}"
        raise Wrong(say(form, least=1, most=MAX_READINGS, number=len(parts)), "bad_length")
    return parts


def _payload(encoded: object) -> Mapping[str, object]:
    """The payload that a device published on its topic. Its machine and tenant come from the topic."""
    try:
        published = base64.b64decode(encoded, validate=True) if isinstance(encoded, str) else b""
    except ValueError:
        raise Wrong(say("is not valid base64, which the IoT topic rule makes"), "unreadable") from None
    payload = _json(published)
    if not isinstance(payload, dict):
        raise Wrong(NO_OBJECT, "not_an_object")
    return payload


def _json(body: str | bytes) -> object:
    try:
        return decode_json(body, float)
    except ValueError:  # not JSON, not UTF-8, or nested too deep
        raise Wrong(say("is not valid JSON"), "unreadable") from None


def _unusable(message: str, code: str) -> Message:
    return Message(DEFAULT_TENANT, "", (), (FieldError("", message, code),))
