"""Facts of days as earlier releases made them, to compare only what they counted."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, replace

from chalicelib.domain.numbers.day_facts import Fact, FactKey, OrderFact


def ungrouped(fact: Fact) -> Fact:
    """A fact as an earlier release made it: it names no groups, and has nothing of what was added with them."""
    added = {"groups", "ended_at", "baseline_late", "good_from_rework", "standard", "is_last", "scrap", "pause_reason"}
    if isinstance(fact, OrderFact):
        added |= {"good"}
    own = {each.name: each.default for each in fields(fact) if each.name in added and each.default is not MISSING}
    return replace(fact, **own)


def all_ungrouped(facts: Mapping[FactKey, Fact]) -> dict[FactKey, Fact]:
    """Facts by their keys, without their groups."""
    return {key: ungrouped(fact) for key, fact in facts.items()}
