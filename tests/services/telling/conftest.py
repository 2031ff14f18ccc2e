"""Fixtures of the tests of telling others: a real server, and a webhook that leads to it."""

from collections.abc import Iterator

import pytest

from tests.conftest import SetClock
from tests.floor import Plant
from tests.receivers import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def hook(plant: Plant, set_clock: SetClock, receiver: Receiver) -> str:
    """The path of a webhook that wants to hear of orders that were opened or held."""
    events = ["order.opened", "order.held", "webhook.disabled"]
    made = plant.admin.post("/webhooks", {"url": receiver.url, "events": events})
    return f"/webhooks/{made.data['id']}"
