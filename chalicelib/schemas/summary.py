"""The shape of the summary."""

from datetime import date
from typing import Any

from chalicelib.domain.instants import wire
from chalicelib.domain.numbers.days import DaySums
from chalicelib.domain.numbers.metrics import Measured
from chalicelib.domain.numbers.summary import Forgotten, Now
from chalicelib.schemas.metrics import around, metric_out


def now_out(now: Now) -> dict[str, Any]:
    """Show what a plant looks like now."""
    return {
        "running": now.running,
        "late": now.late,
        "blocked": now.blocked,
        "held": now.held,
        "open_issues": dict(now.open_issues),
        "forgotten": len(now.forgotten),
        "forgotten_sessions": [_forgotten_out(each) for each in now.forgotten],
        "as_of": wire(now.as_of),
        "inputs_count": now.inputs_count,
    }


def today_out(day: date, sums: DaySums, measured: Measured, late_open: int) -> dict[str, Any]:
    """Show what a plant got done today; `late_open` beside it, or finishing nothing would look good."""
    return {
        "date": day.isoformat(),
        "done": {"stages": sums.stages.done, "orders": sums.orders.done},
        "late_open": late_open,
        "metrics": {name: metric_out(measured.metrics[name]) for name in ("on_time_rate", "order_on_time_rate")},
    } | around(measured)


def _forgotten_out(forgotten: Forgotten) -> dict[str, Any]:
    """Show a session that somebody seems to have forgotten."""
    session = forgotten.session
    return {
        "id": session.id,
        "stage_id": forgotten.stage_id,
        "order_number": forgotten.order_number,
        "worker_id": session.worker_id,
        "machine_id": session.machine_id,
        "started_at": wire(session.started_at),
    }
