"""The convention of the United Manufacturing Hub: values of one instant in the payload, everything else in the topic.

`umh/v1/<tenant>/…/<machine>/_<contract>/<tag>`, with `{"timestamp_ms": 1767607200250, "value": 81.5}`. See
https://docs.umh.app/usage/unified-namespace/topic-convention.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from chalicelib.domain.machines.message_fields import Wrong
from chalicelib.domain.machines.readings import moment
from chalicelib.domain.sentences import say

PREFIX = ("umh", "v1")
FORM = "umh/v1/<tenant>/…/<machine>/_<contract>/<tag>"
TIME, VALUE = "timestamp_ms", "value"
_BEGINS_THE_CONTRACT = "_"
_YEAR_2200 = 7_258_118_400_000


class Place(NamedTuple):
    """What a topic says: the first and the last level of the location, and the levels behind the contract.

    What lies between tenant and machine (site, area, line) says nothing here.
    """

    tenant: str
    machine_id: str
    path: Sequence[str]


def place_of(topic: object) -> Place:
    """What a topic says. Raises Wrong."""
    levels = topic.split("/") if isinstance(topic, str) else []
    behind = levels[len(PREFIX) :]
    location = list(takewhile(lambda level: not level.startswith(_BEGINS_THE_CONTRACT), behind))
    if tuple(levels[: len(PREFIX)]) != PREFIX or len(location) in (0, 1, len(behind)):
        raise Wrong(say("must be {form}", form=FORM), "bad_topic")
    return Place(location[0], location[-1], behind[len(location) + 1 :])


def parts(path: Sequence[str], payload: Mapping[str, object]) -> list[object]:
    """The readings of a payload, each with a tag: the levels behind the contract and the keys, with dots.

    The key `value` is not a part of the tag if the topic has one. An object is a group. Raises Wrong.
    """
    at = _instant(payload.get(TIME))
    named = _named({key: value for key, value in payload.items() if key != TIME})
    return [{"tag": _tag(path, keys), "value": value, "at": at} for keys, value in named]


def _named(held: Mapping[str, object]) -> Iterator[tuple[list[str], object]]:
    """Each value with the keys that lead to it."""
    for key, value in held.items():
        if isinstance(value, dict):
            yield from (([key, *keys], each) for keys, each in _named(value))
        else:
            yield [key], value


def _tag(path: Sequence[str], keys: Sequence[str]) -> str:
    return ".".join(path if path and keys == [VALUE] else [*path, *keys])


def _instant(sent: object) -> str:
    """Milliseconds since 1970 as an instant. Raises Wrong."""
    if sent is None:
        raise Wrong(say("must have {name}, the milliseconds since {year}", name=TIME, year=1970), "required")
    if isinstance(sent, bool) or not isinstance(sent, int | float) or not 0 <= sent < _YEAR_2200 or sent % 1:
        form = "must have {name} in whole milliseconds since {year}, before the year {end}"
        raise Wrong(say(form, name=TIME, year=1970, end=2200), "not_an_instant")
    return moment(int(sent) * 1000).isoformat()
