"""Projections: which facts an order has put into which days, so that only what changed is written again."""

from dataclasses import dataclass

from chalicelib.domain.days import FactKey


@dataclass(frozen=True)
class ProjectedFact:
    """A fact that stands in a day, and the digest of what it says."""

    key: FactKey
    digest: str


@dataclass(frozen=True)
class Projection:
    """Everything an order has put into days."""

    facts: tuple[ProjectedFact, ...] = ()
