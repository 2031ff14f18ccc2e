"""Facts of days without their groups, to compare only what they count."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.domain.numbers.day_facts import Fact, FactKey


def ungrouped(fact: Fact) -> Fact:
    """A fact as an earlier release made it: it names no groups."""
    return replace(fact, groups=None)


def all_ungrouped(facts: Mapping[FactKey, Fact]) -> dict[FactKey, Fact]:
    """Facts by their keys, without their groups."""
    return {key: ungrouped(fact) for key, fact in facts.items()}
