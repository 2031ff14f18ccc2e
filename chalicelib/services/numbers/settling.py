"""Settling: what can still change the numbers of a plant."""

from datetime import datetime

from chalicelib.domain.numbers.settling import Waiting
from chalicelib.storage import markers

MOST_MARKERS = 1_000


def unsettled(tenant: str, open_since: datetime | None = None) -> Waiting:
    """What is not aggregated yet, beside the earliest open session, if it changes these numbers. Costs one query.

    It is read before the numbers: a marker is deleted only after they are written.
    """
    pending, more = markers.of_tenant(tenant, limit=MOST_MARKERS)
    return Waiting(open_since, tuple(pending), more)
