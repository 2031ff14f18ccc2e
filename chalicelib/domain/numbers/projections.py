"""Projections: the facts that an order has stored in days, and what becomes of them."""

from dataclasses import dataclass

from chalicelib.domain.numbers.day_facts import Fact, FactKey, places_of
from chalicelib.domain.numbers.dimensions import Place


@dataclass(frozen=True)
class ProjectedFact:
    """A fact that is stored in a day, and the digest of its content.

    `line` is that on which a session on a machine was: the line of its machine when the fact was made. It is empty if
    the machine had none, and None of other facts and in entries of earlier releases.
    """

    key: FactKey
    digest: str
    line: str | None = None


@dataclass(frozen=True)
class Projection:
    """The head of an order's projection. Its facts are separate entries.

    `facts` are those that an earlier release stored in the head. Each gets its entry at the order's next change.
    `revision` counts how often the projection was written.
    """

    facts: tuple[ProjectedFact, ...] = ()
    revision: int = 0


@dataclass(frozen=True)
class FactChange:
    """What becomes of a fact: as it is stored, and as it will be. One of them is None if it comes or goes."""

    key: FactKey
    before: Fact | None = None
    after: Fact | None = None

    @property
    def places(self) -> frozenset[Place]:
        """Whose sums of the fact's day change."""
        facts = [fact for fact in (self.before, self.after) if fact is not None]
        return frozenset(place for fact in facts for place in places_of(self.key.day, fact))
