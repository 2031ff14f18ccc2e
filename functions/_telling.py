"""Logging of requests: one structured line each, and the metrics for the alarms."""

from aws_lambda_powertools.metrics import MetricUnit

from chalicelib.observability import logger, metrics

OUR_FAULT = 500
_REFUSED = (401, 403, 429)
_REFUSAL = 300
_READS = ("GET", "HEAD", "OPTIONS")
_SIGN_INS = ("log_in", "sign_in_at_terminal")


def tell(
    *,
    door: str,
    method: str,
    path: str,
    user: str | None,
    status: int,
    code: str | None,
    duration_ms: float,
    request_id: str,
) -> None:
    """Log who requested what, how it ended and how long it took.

    A refusal is not a failure: its level is INFO.
    """
    line = {
        "door": door,
        "method": method,
        "path": path,
        "user": user,
        "status": status,
        "code": code,
        "duration_ms": duration_ms,
        "request_id": request_id,
    }
    failed = status >= OUR_FAULT
    (logger().error if failed else logger().info)("request", extra=line)
    metrics().add_metric("Requests", MetricUnit.Count, 1)
    metrics().add_metric("Failures", MetricUnit.Count, int(failed))
    if method not in _READS and status < _REFUSAL:
        metrics().add_metric("Commands", MetricUnit.Count, 1)
    if door in _SIGN_INS:
        metrics().add_metric("SignInsRefused", MetricUnit.Count, int(status in _REFUSED))
    metrics().add_metric("Duration", MetricUnit.Milliseconds, duration_ms)
    metrics().flush_metrics()
