"""The stream's handler of events: it sends at once what was written, and the clock what it could not send."""

import json
from typing import Any

import pytest

from chalicelib.services.telling import sending
from chalicelib.storage.keys import telling as keys
from functions.send_events import send_events
from functions.sweep_events import sweep_events
from infra.deployment.callers import NEW_EVENTS
from tests.conftest import SetClock, Told
from tests.floor import MINUTE, Plant
from tests.lambdas import LambdaContext, every_minute
from tests.machines import standing
from tests.topic import published


@pytest.fixture
def record(plant: Plant, set_clock: SetClock) -> dict[str, Any]:
    """What the table's stream tells of an opened order, as JSON brings it."""
    plant.order(quantity=2.5)
    (written,) = standing("outgoing")
    image = json.loads(json.dumps(written.serialize()))
    place = {name: image[name] for name in ("PK", "SK")}
    return {"eventName": "INSERT", "dynamodb": {"Keys": place, "NewImage": image}}


def deliver(*records: Any) -> dict[str, int]:
    sent: dict[str, int] = send_events({"Records": list(records)}, LambdaContext())
    return sent


def test_what_was_just_written_is_sent_at_once_and_the_clock_finds_nothing_left(
    record: Any, set_clock: SetClock, told: Told
) -> None:
    assert deliver(record) == {"sent": 1, "failed": 0}

    (event,) = published()
    assert (event["type"], event["data"]["quantity"]) == ("dev.takip.order.opened", 2.5)
    assert [line["message"] for line in told()] == ["events sent"]
    set_clock.forward(2 * MINUTE)
    assert sweep_events(every_minute(), LambdaContext()) == {"sent": 0, "failed": 0}


def test_what_a_webhook_wants_is_handed_over_too(plant: Plant, record: Any) -> None:
    made = plant.admin.post("/webhooks", {"url": "https://hooks.example.com/", "events": ["order.opened"]}).data

    assert deliver(record) == {"sent": 1, "failed": 0}

    (handed,) = plant.admin.get(f"/webhooks/{made['id']}/deliveries").items
    assert (handed["event"], handed["status"]) == ("order.opened", "sending")


def test_what_the_stream_brings_again_is_sent_again_with_the_same_id(record: Any) -> None:
    assert deliver(record) == deliver(record) == {"sent": 1, "failed": 0}
    first, second = published()
    assert first == second


def test_what_could_not_be_sent_is_sent_by_the_clock_with_the_same_id(
    record: Any, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def fail(event: Any) -> None:
        tried.append(event.id)
        raise TimeoutError

    with monkeypatch.context() as broken:
        broken.setattr(sending, "WAYS", (fail,))
        assert deliver(record) == {"sent": 0, "failed": 1}

    set_clock.forward(2 * MINUTE)
    assert sweep_events(every_minute(), LambdaContext()) == {"sent": 1, "failed": 0}
    assert [event["id"] for event in published()] == tried


def test_the_stream_brings_new_events_and_nothing_else(record: Any) -> None:
    ((prefix,),) = [NEW_EVENTS["dynamodb"]["Keys"]["PK"]["S"]]  # type: ignore[index]  # its values are of two types
    assert NEW_EVENTS["eventName"] == [record["eventName"]]
    assert prefix == {"prefix": keys.PREFIX}
    assert record["dynamodb"]["Keys"]["PK"]["S"].startswith(prefix["prefix"])
