"""The worked example of an hour: a shift with a break, a stage with a standard, and pieces that were reported."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from chalicelib.domain import instants
from chalicelib.domain.numbers.catalogue_entries import Example
from chalicelib.domain.numbers.hourly import HOUR, Looked, WorkedStage, rows_of
from chalicelib.domain.numbers.metrics import Metric
from chalicelib.domain.orders.session_records import Quantities, Session, SessionKind
from chalicelib.domain.orders.work_orders import Stage, stage_id

Inputs = Mapping[str, Any]


def of_hour(inputs: Inputs) -> Mapping[str, Metric]:
    """The metrics of an hour of a stage that is worked on."""
    start, pieces = _at(inputs["hour"]), inputs["good_at"]
    began, still = _at(inputs["started_at"]), stage_id("WO-1", 1)
    stage = Stage(
        id=still,
        position=1,
        name="Enjeksiyon",
        planned_start=began,
        planned_end=began + HOUR,
        baseline_start=began,
        baseline_end=began + HOUR,
        standard_seconds_per_unit=Decimal(inputs["standard_seconds_per_unit"]),
    )
    sessions = [_session(still, began, _at(at), good) for at, good in pieces.items()]
    busy = [(_at(begin), _at(end)) for begin, end in inputs["busy"]]
    looked = Looked([WorkedStage(stage, sessions, [])], None, busy, None, timedelta(0))
    return rows_of(looked, (start, start + HOUR))[1].metrics


def _session(stage: str, start: datetime, end: datetime, good: int) -> Session:
    """A session that ended with good pieces."""
    made = Quantities(good=Decimal(good))
    return Session(f"{stage}-{end}", stage, "veli", SessionKind.RUN, start, end, end, "veli", made)


def _at(text: str) -> datetime:
    return instants.read(text)


# Half of the hour is a break, and two sessions ended in it. The stage is worked on in its pauses too.
AN_HOUR = Example(
    "an hour",
    {
        "hour": "2026-01-05T08:00:00Z",
        "started_at": "2026-01-05T07:10:00Z",
        "standard_seconds_per_unit": 45,
        "busy": [
            ["2026-01-05T06:00:00Z", "2026-01-05T08:00:00Z"],
            ["2026-01-05T08:30:00Z", "2026-01-05T14:00:00Z"],
        ],
        "good_at": {"2026-01-05T08:10:00Z": 12, "2026-01-05T08:50:00Z": 22},
    },
    of_hour,
)
