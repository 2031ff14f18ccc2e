"""Projections: the facts that an order has stored in days."""

from dataclasses import dataclass

from chalicelib.domain.numbers.days import FactKey


@dataclass(frozen=True)
class ProjectedFact:
    """A fact that is stored in a day, and the digest of its content."""

    key: FactKey
    digest: str


@dataclass(frozen=True)
class Projection:
    """The head of an order's projection. Its facts are separate entries.

    `facts` are those that an earlier release stored in the head. Each gets its entry at the order's next change.
    `revision` counts how often the projection was written.
    """

    facts: tuple[ProjectedFact, ...] = ()
    revision: int = 0
