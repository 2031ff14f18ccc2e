"""Spellings: how people write the value of a group, such as `Kapak` and `KAPAK` for one product."""

from collections import Counter
from collections.abc import Iterable, Mapping

from chalicelib.domain.numbers.day_facts import Fact
from chalicelib.domain.numbers.dimensions import Group


def spellings_of(facts: Iterable[Fact], group: Group) -> dict[str, int]:
    """How many facts write the value of a group otherwise than its key, by their spelling. `group` is a key."""
    named = (each for fact in facts for each in fact.groups or () if each != group and each.key == group)
    return dict(Counter(each.value for each in named))


def shown(group: Group, facts: int, spellings: Mapping[str, int]) -> Group:
    """A group as most of its facts write it, and of equals the first in the alphabet: the order of facts is nothing."""
    as_key = facts - sum(spellings.values())
    counts = {**spellings, **({group.value: as_key} if as_key > 0 or not spellings else {})}
    return Group(group.dimension, min(counts, key=lambda value: (-counts[value], value)))
