"""The clock's door of the probe: whether what serves works, tried every quarter of an hour."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint

from chalicelib.observability import logger, metrics, observed
from chalicelib.services import probing

bp = Blueprint(__name__)


@observed
@bp.schedule("rate(15 minutes)", name="probe_plant")
def probe_plant(event: Any) -> dict[str, str | None]:
    """Do the day of a plant with what serves. A deployment names `versions` in the event's detail, to try them.

    Returns what was `wrong`; None if nothing was. What is tried before it serves rings no alarm.
    """
    versions: dict[str, str] | None = event.detail.get("versions")
    wrong: str | None = "it ended early"
    try:
        wrong = probing.found_wrong(versions or {})
        if wrong:
            logger().error("probe failed", extra={"wrong": wrong})
    finally:
        metrics().add_metric("ProbeFailed", MetricUnit.Count, int(wrong is not None and versions is None))
    return {"wrong": wrong}
