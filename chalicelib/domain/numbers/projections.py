"""Projections: which facts an order has put into days."""

from dataclasses import dataclass

from chalicelib.domain.numbers.days import FactKey


@dataclass(frozen=True)
class ProjectedFact:
    """A fact that stands in a day, and the digest of what it says."""

    key: FactKey
    digest: str


@dataclass(frozen=True)
class Projection:
    """The head of an order's projection. Its facts are entries of their own.

    `facts` are those that were written before entries were: each gets its entry at the order's next change.
    `revision` counts how often the projection was written.
    """

    facts: tuple[ProjectedFact, ...] = ()
    revision: int = 0
