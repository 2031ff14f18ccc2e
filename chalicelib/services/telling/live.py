"""Live: addresses at which callers hear what changes, and publishing it. Truth is read by GET, so nothing must arrive.

Nothing here may fail what it tells of. What could not be published is logged and counted, and is not tried again.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit

from chalicelib import clock
from chalicelib.domain.instants import wire
from chalicelib.domain.telling.live import Address, Hearer
from chalicelib.observability import logger, metrics
from chalicelib.outbound import live
from chalicelib.storage.telling import hints

SECOND = timedelta(seconds=1)


def address(hearer: Hearer) -> Address | None:
    """A signed address for somebody who wants to hear; None where there is no live. Raises LiveUnavailable."""
    return live.address(hearer, clock.now())


def origin() -> str | None:
    """The origin of such addresses; None where there is no live, or where AWS does not say."""
    try:
        return live.origin()
    except live.ERRORS:
        logger().warning("where live messages are is not known", exc_info=True)
        return None


def publish(topic: str, message: Mapping[str, Any]) -> None:
    """Publish a message as the last one of its topic, which is kept for those who come later."""
    if origin() is not None:
        _attempt(topic, partial(live.publish, topic, message, retain=True))


def hint(tenant: str, topics: Sequence[str]) -> None:
    """Say on these topics that something changed, on each at most once a second of all Lambdas together.

    Where somebody said so in this second, it is said in the next one, or somebody else says it then: that is late
    enough for what was changed. Costs one write for each topic, or two, and at most a second.

    Raises StorageUnavailable.
    """
    if origin() is not None:
        begun = clock.now()
        late = _hint(tenant, topics)
        if late:
            clock.wait(SECOND - (clock.now() - begun.replace(microsecond=0)))
            _hint(tenant, late)


def _hint(tenant: str, topics: Sequence[str]) -> Sequence[str]:
    """Say it on the topics of which this second is free. Returns the others."""
    now = clock.now()
    free = [topic for topic in topics if hints.take(tenant, topic, now)]
    for topic in free:
        _attempt(topic, partial(live.publish, topic, {"at": wire(now)}))
    return [topic for topic in topics if topic not in free]


def _attempt(topic: str, publish: Callable[[], None]) -> None:
    """Publish, whatever happens."""
    try:
        publish()
        failed = 0
    except Exception:  # noqa: BLE001  what changed was committed, and is read by GET
        logger().exception("a live message could not be published", extra={"topic": topic})
        failed = 1
    metrics().add_metric("LiveMessages", MetricUnit.Count, 1)
    metrics().add_metric("LiveFailures", MetricUnit.Count, failed)
