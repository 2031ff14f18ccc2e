"""Listing what waits for the operator: messages that belong to no tenant, and markers that cannot be read."""

from collections.abc import Iterator
from typing import Any

from chalicelib.schemas.quarantine import quarantined_out
from chalicelib.services.machines import quarantine
from chalicelib.services.numbers import aggregation


def every(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Tell of the newest messages, `limit` of them, then of every marker."""
    for message in quarantine.strays(limit=given["limit"]):
        yield {"what": "message", **quarantined_out(message).plain()}
    for marker in aggregation.unreadable():
        yield {"what": "marker", "id": marker.id, "reason": marker.unreadable}
