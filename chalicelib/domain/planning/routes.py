"""Routes: the stages of a product, used for orders that name no stages."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from chalicelib.domain.errors import NotFound
from chalicelib.domain.instants import MILLISECOND
from chalicelib.domain.planning.opening import NewStage

# The route of all products that have no route of their own.
DEFAULT = "default"

MILLISECONDS_A_MINUTE = 60_000


@dataclass(frozen=True)
class RouteStage:
    """One stage of a route. Stages without minutes share the rest of the order's window."""

    name: str
    minutes: Decimal | None = None
    standard_seconds_per_unit: Decimal | None = None
    machine_id: str | None = None


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
                standard_seconds_per_unit=stage.standard_seconds_per_unit,
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


class RouteNotFound(NotFound):
    """The product has no route of its own."""

    code = "ERR_ROUTE_NONE"
    title = "No such route"
