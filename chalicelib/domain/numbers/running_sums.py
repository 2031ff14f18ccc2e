"""Running sums: the sums of a day that follow its facts one by one, without reading the other facts.

They are the sums of the plant, or of one group of it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from chalicelib.domain.instants import milliseconds
from chalicelib.domain.intervals import merged
from chalicelib.domain.numbers.day_facts import Fact, SessionFact
from chalicelib.domain.numbers.day_sums import DaySums, summed
from chalicelib.domain.numbers.dimensions import WHOLE, Group
from chalicelib.domain.numbers.spellings import spellings_of

# A day with more gaps is summed from all its facts: to write them with each change would cost more.
MOST_SPANS = 200
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Span = tuple[int, int]
"""A start, which is included, and an end, which is not, in milliseconds since 1970."""

Sums = TypeVar("Sums")


@dataclass(frozen=True)
class RunningSums:
    """The sums of a day, and when somebody worked: spans that do not touch each other, by start.

    `covered` is None if the day has too many spans, or if an earlier release made the sums. `spellings` say how many
    facts write the value of the group otherwise than its key.
    """

    sums: DaySums = field(default_factory=DaySums)
    covered: tuple[Span, ...] | None = ()
    spellings: Mapping[str, int] = field(default_factory=dict)


def of_facts(facts: Iterable[Fact], group: Group = WHOLE) -> RunningSums:
    """The sums of all facts of a day, of the plant or of a group."""
    everything = list(facts)
    covered = tuple(merged(_spans(everything)))
    spellings = spellings_of(everything, group)
    return RunningSums(summed(everything), covered if len(covered) <= MOST_SPANS else None, spellings)


def changed(
    standing: RunningSums, *, gone: Collection[Fact], new: Collection[Fact], group: Group = WHOLE
) -> RunningSums | None:
    """The sums after these facts went and these came. A fact that changed is in both.

    All sums but one are added and subtracted. Run time is the union of the sessions. If a session went, only the other
    facts know whether somebody else worked at that time. Then the answer is None: the day must be summed from all its
    facts.
    """
    if standing.covered is None:
        return None
    coming = merged(_spans(new))
    if any(not any(start <= span[0] and span[1] <= end for start, end in coming) for span in _spans(gone)):
        return None
    covered = tuple(merged([*standing.covered, *coming]))
    sums = combined(combined(standing.sums, summed(new), 1), summed(gone), -1)
    run = sum(end - start for start, end in covered)
    spellings = _combined(_combined(standing.spellings, spellings_of(new, group), 1), spellings_of(gone, group), -1)
    return RunningSums(
        replace(sums, time=replace(sums.time, run=run)), covered if len(covered) <= MOST_SPANS else None, spellings
    )


def combined(one: Sums, other: Sums, sign: int) -> Sums:
    """Each sum of `one` plus (1) or minus (-1) that of the other. Groups of sums are combined sum by sum.

    Sums by reason are combined reason by reason. A reason whose sum is zero is left out.
    """
    pairs: list[tuple[str, Any, Any]] = [
        (each.name, getattr(one, each.name), getattr(other, each.name))
        for each in fields(one)  # type: ignore[arg-type]  # a dataclass of sums
    ]
    values = {name: _combined(a, b, sign) for name, a, b in pairs}
    return replace(one, **values)  # type: ignore[type-var]


def _combined(one: Any, other: Any, sign: int) -> Any:
    if is_dataclass(one):
        return combined(one, other, sign)
    if isinstance(one, Mapping):
        sums = {reason: one.get(reason, 0) + sign * other.get(reason, 0) for reason in {*one, *other}}
        return {reason: amount for reason, amount in sums.items() if amount}
    return one + sign * other


def _spans(facts: Iterable[Fact]) -> list[Span]:
    """The times of sessions that have a length."""
    return [
        (milliseconds(fact.started_at - EPOCH), milliseconds(fact.ended_at - EPOCH))
        for fact in facts
        if isinstance(fact, SessionFact) and fact.started_at < fact.ended_at
    ]
