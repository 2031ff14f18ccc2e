"""Routes: the stages of a product, used for orders that name no stages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from chalicelib.domain.errors import FieldError, NotFound, refuse
from chalicelib.domain.instants import MILLISECOND
from chalicelib.domain.planning.opening import ASSEMBLY, MOULDING, NewStage
from chalicelib.domain.sentences import say
from chalicelib.domain.text import folded

# The route of all products that have no route of their own.
DEFAULT = "default"

MILLISECONDS_A_MINUTE = 60_000
# The largest moulds, for caps, have 192.
MOST_CAVITIES = 1_000


@dataclass(frozen=True)
class RouteStage:
    """One stage of a route. Stages without minutes share the rest of the order's window.

    The standard is given as seconds for a piece, or as the seconds of a cycle with the cavities of the mould: a cycle
    makes a piece in each cavity.
    """

    name: str
    minutes: Decimal | None = None
    standard_seconds_per_unit: Decimal | None = None
    machine_id: str | None = None
    cycle_seconds: Decimal | None = None
    cavities: int | None = None

    @property
    def standard(self) -> Decimal | None:
        """The standard seconds for a piece: as given, or cycle ÷ cavities to three places; None without either."""
        if self.cycle_seconds is None:
            return self.standard_seconds_per_unit
        return Decimal(round(Fraction(self.cycle_seconds) / (self.cavities or 1) * 1000)).scaleb(-3).normalize()


USUAL = (RouteStage(MOULDING), RouteStage(ASSEMBLY))
"""The stages of a plant that named none."""


@dataclass(frozen=True)
class Route:
    """The stages of a product, in order, with who changed them last and when."""

    product_code: str
    stages: tuple[RouteStage, ...]
    changed_at: datetime
    changed_by: str

    def planned(self, window: timedelta) -> tuple[NewStage, ...]:
        """The stages of a new order of this length.

        Stages without minutes share the time that the others leave. If no time is left, opening the order refuses their
        fields.
        """
        given = [stage.minutes for stage in self.stages if stage.minutes is not None]
        left = window // MILLISECOND - int(sum(given, Decimal(0)) * MILLISECONDS_A_MINUTE)
        shares = iter(_shares(left, len(self.stages) - len(given)))
        return tuple(
            NewStage(
                name=stage.name,
                duration_minutes=next(shares) if stage.minutes is None else stage.minutes,
                machine_id=stage.machine_id,
                standard_seconds_per_unit=stage.standard,
            )
            for stage in self.stages
        )


def _shares(left: int, stages: int) -> list[Decimal | None]:
    """Share milliseconds equally among stages: whole milliseconds each, and their sum is exact.

    The result is in minutes.
    """
    if left <= 0:
        return [None] * stages
    cuts = [left * n // stages for n in range(stages + 1)] if stages else []
    return [Decimal(end - start) / MILLISECONDS_A_MINUTE for start, end in pairwise(cuts)]


def moulding_at(stages: Sequence[RouteStage]) -> int:
    """The place of the stage that moulds: the one that is called so, else the first."""
    named = (place for place, stage in enumerate(stages) if folded(stage.name) == folded(MOULDING))
    return next(named, 0)


def refuse_wrong_standards(stages: Sequence[RouteStage]) -> None:
    """Refuse cavities without a cycle, a cycle that is too short, and a standard that differs from it.

    Raises InvalidFields.
    """
    refuse([error for index, stage in enumerate(stages) for error in _wrong_standard(f"stages[{index}].", stage)])


def _wrong_standard(place: str, stage: RouteStage) -> Iterator[FieldError]:
    given, standard = stage.standard_seconds_per_unit, stage.standard
    if stage.cycle_seconds is None:
        if stage.cavities is not None:
            yield FieldError(f"{place}cycle_seconds", say("must be given with cavities"), "missing")
    elif not standard:
        yield FieldError(
            f"{place}cycle_seconds", say("must be at least half a millisecond for each cavity"), "too_short"
        )
    elif given is not None and given != standard:
        message = say("must be {standard}, which is cycle_seconds ÷ cavities; or leave it out", standard=standard)
        yield FieldError(f"{place}standard_seconds_per_unit", message, "differs")


class RouteNotFound(NotFound):
    """The product has no route of its own."""

    code = "ERR_ROUTE_NONE"
    title = "No such route"
