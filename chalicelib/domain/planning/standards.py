"""Standards of a product: what its route says, beside what its done stages suggest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.numbers.standards import Suggestion
from chalicelib.domain.planning.routes import RouteStage


@dataclass(frozen=True)
class StageStandard:
    """A stage of a product: as it is in the route (None: it is not there any more), and what is suggested."""

    in_route: RouteStage | None
    suggestion: Suggestion


@dataclass(frozen=True)
class Standards:
    """The stages of a product, those of its route first."""

    product_code: str
    stages: Sequence[StageStandard]
    as_of: datetime
