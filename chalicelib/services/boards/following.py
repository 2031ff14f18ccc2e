"""Following: when boards are made again. Each minute all that screens show, and after events those of their tenant."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from chalicelib.clock import TimeLeft, in_time
from chalicelib.domain.markers import Marker
from chalicelib.observability import logger
from chalicelib.services.boards import boards
from chalicelib.services.telling import sending
from chalicelib.services.telling.sending import Outcome
from chalicelib.storage import markers
from chalicelib.storage.boards import boards as storage
from chalicelib.storage.telling import outbox

LAST = "~boards"
"""The id of the marker of boards. It sorts after those of orders, so that boards show what these change."""

ENOUGH = timedelta(seconds=20)
"""The time that the boards of one tenant may take, if the table is slow."""


def mark_watched() -> None:
    """Mark the boards that screens show, because time passes. To mark them again changes nothing.

    Costs one query, and one write for each 25 tenants that have a screen.
    """
    markers.write_all([Marker(LAST, tenant, boards=True) for tenant in storage.watched_tenants()])


def just_written(images: Sequence[Mapping[str, Any]], time_left: TimeLeft) -> Outcome:
    """Send the events of new items of the outbox, then make the boards of their tenants again, each once.

    Boards fail without the events: they are made again within a minute. Raises StorageUnavailable.
    """
    outcome = sending.just_written(images, time_left)
    tenants = dict.fromkeys(event.tenant for image in images for event in outbox.of_image(image).events)
    for tenant in in_time(tenants, time_left, ENOUGH):
        _remake(tenant)
    return outcome


def _remake(tenant: str) -> None:
    try:
        boards.remake(tenant)
    except Exception:  # noqa: BLE001  events were sent, and must not be sent again because a board failed
        logger().exception("boards could not be made", extra={"tenant": tenant})
