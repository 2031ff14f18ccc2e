"""Following: when boards are made again. Each minute all that screens show, and after events those of their tenant."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from chalicelib.clock import TimeLeft, in_time
from chalicelib.domain.markers import Marker
from chalicelib.domain.telling.live import concerned
from chalicelib.domain.telling.live import unheard as topics_of
from chalicelib.observability import logger
from chalicelib.services.boards import boards
from chalicelib.services.boards.boards import Tell, untold
from chalicelib.services.telling import live, sending
from chalicelib.services.telling.sending import Outcome
from chalicelib.storage import markers
from chalicelib.storage.boards import boards as storage
from chalicelib.storage.telling import outbox, unheard

LAST = "~boards"
"""The id of the marker of boards. It sorts after those of orders, so that boards show what these change."""

ENOUGH = timedelta(seconds=20)
"""The time that the boards of one tenant may take, if the table is slow."""


def mark_watched() -> None:
    """Mark the boards that screens show, because time passes. To mark them again changes nothing.

    Costs one query, and one write for each 25 tenants that have a screen.
    """
    markers.write_all([Marker(LAST, tenant, boards=True) for tenant in storage.watched_tenants()])


def just_written(images: Sequence[Mapping[str, Any]], time_left: TimeLeft, tell: Tell = untold) -> Outcome:
    """Send the events of new items of the outbox. Then, for each tenant, make its boards again and hint live.

    The same is done after other new items, of which no event tells. Boards and hints fail without the events.
    Raises StorageUnavailable.
    """
    others = [image for image in images if unheard.is_unheard(image)]
    outgoing = [image for image in images if not unheard.is_unheard(image)]
    outcome = sending.just_written(outgoing, time_left)
    told = concerned(event for image in outgoing for event in outbox.of_image(image).events)
    topics = _with_unheard(told, others)
    for tenant in in_time(topics, time_left, ENOUGH):
        _follow(tenant, topics[tenant], tell)
    return outcome


def _with_unheard(told: Mapping[str, Sequence[str]], images: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """These topics by the tenant, and those of what no event tells of, each once."""
    topics = {tenant: dict.fromkeys(names) for tenant, names in told.items()}
    for tenant, record in map(unheard.of_image, images):
        topics.setdefault(tenant, {}).update(dict.fromkeys(topics_of(tenant, record)))
    return {tenant: list(names) for tenant, names in topics.items()}


def _follow(tenant: str, topics: Sequence[str], tell: Tell) -> None:
    try:
        boards.remake(tenant, tell)
        live.hint(tenant, topics)
    except Exception:  # noqa: BLE001  events were sent, and must not be sent again because a board failed
        logger().exception("boards could not be made", extra={"tenant": tenant})
