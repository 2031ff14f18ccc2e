"""Tags: the names that a machine gives its values, and what each of them means: type, sensor, scale and states."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from chalicelib.domain import text
from chalicelib.domain.errors import FieldError
from chalicelib.domain.machines.message_fields import Wrong
from chalicelib.domain.machines.readings import DEFAULT_SENSOR, LIMIT, NO_NUMBERS, STATES, TYPES
from chalicelib.domain.sentences import ONE_OF, say

LONGEST_TAG = 128
MAX_BYTES = 128 * 1024
"""The most that the tags of a machine have as JSON. The item of a change holds them twice, and an item has 400 KB."""


@dataclass(frozen=True)
class Tag:
    """A name under which a machine sends values, and the type and the sensor of the readings that they are.

    A number becomes `scale * number + offset`. `states` are the states by the value that is sent for them (None: the
    machine sends Takip's own words); only the type `state` has them.
    """

    tag: str
    type: str
    sensor: str = DEFAULT_SENSOR
    scale: float = 1.0
    offset: float = 0.0
    states: Mapping[str, str] | None = None

    def meaning(self, sent: object) -> object:
        """What a sent value means. It still must be believable: what cannot be a value of the type stays as it is.

        True and false are 1 and 0. Raises Wrong if the value has no state yet.
        """
        if TYPES[self.type].words:
            return self._state(sent)
        if not isinstance(sent, int | float):
            return sent
        try:
            return self.scale * sent + self.offset
        except OverflowError:  # a whole number beyond every float
            return sent

    def _state(self, sent: object) -> object:
        named = sent_as(sent)
        states = self.states or {}
        if named is None or (named in STATES and named not in states):
            return sent
        if named not in states:
            form = "{sent} has no state: add it to the states of the machine's tag {tag}, as one of {allowed}"
            raise Wrong(say(form, sent=named, tag=self.tag, allowed=list(STATES)), "unmapped_state")
        return states[named]


def sent_as(value: object) -> str | None:
    """A sent value as it is written among states: 3 and 3.0 are "3", true is "true". None if it has no such form."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:.15g}" if abs(value) <= LIMIT else None
    return normal(value)


def normal(name: object) -> str | None:
    """A text that was sent, in the form in which tags are kept. None if it cannot be a tag."""
    try:
        kept = text.line(name) if isinstance(name, str) else ""
    except ValueError:
        return None
    return kept if 1 <= len(kept) <= LONGEST_TAG else None


def kept_tags(tags: Sequence[Tag]) -> tuple[Tag, ...]:
    """Tags as they are kept: without states that say nothing."""
    return tuple(replace(tag, states=tag.states or None) for tag in tags)


def tag_errors(tags: Sequence[Tag]) -> list[FieldError]:
    """The errors of tags: an unknown type or state, what the type cannot have, a tag that is there twice."""
    errors = []
    seen: set[str] = set()
    for index, tag in enumerate(tags):
        errors += [replace(error, field=f"tags[{index}].{error.field}") for error in _errors(tag)]
        if tag.tag in seen:
            message = say("is there twice; give each tag once")
            errors.append(FieldError(f"tags[{index}].tag", message, "duplicate"))
        seen.add(tag.tag)
    size = len(json.dumps([asdict(tag) for tag in tags], ensure_ascii=False).encode())
    if size > MAX_BYTES:
        message = say("have {size_bytes} bytes as JSON; at most {most} are allowed", size_bytes=size, most=MAX_BYTES)
        errors.append(FieldError("tags", message, "too_large"))
    return errors


def _errors(tag: Tag) -> Iterator[FieldError]:
    if tag.type not in TYPES:
        yield FieldError("type", say(ONE_OF, allowed=list(TYPES)), "unknown")
    elif TYPES[tag.type].words:
        for name, value, unchanged in (("scale", tag.scale, 1.0), ("offset", tag.offset, 0.0)):
            if value != unchanged:
                yield FieldError(name, say(NO_NUMBERS, type=tag.type), "no_numbers")
        strange = [f"{sent}: {state}" for sent, state in (tag.states or {}).items() if state not in STATES]
        if strange:
            form = "must lead to {allowed}; this one does not: {wrong}"
            yield FieldError("states", say(form, allowed=list(STATES), wrong=strange[0]), "unknown")
    elif tag.states:
        form = "must be left out: {type} has numbers; only state has states"
        yield FieldError("states", say(form, type=tag.type), "no_states")
    if tag.scale == 0:
        yield FieldError("scale", say("must not be {number}: every value would be the same", number=0), "zero")
