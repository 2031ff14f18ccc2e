"""Deliveries of events to webhooks on real servers: at once, again after pauses, and once for each event."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import boto3
import pytest

from chalicelib.domain.telling.deliveries import Delivery, DeliveryStatus
from chalicelib.outbound import queue
from chalicelib.services.telling.deliveries import Outcome, deliver, hand_over
from chalicelib.storage import table
from chalicelib.storage.items import Item
from chalicelib.storage.telling import deliveries
from tests.conftest import SetClock, Told
from tests.disturbances import Crash
from tests.floor import HOUR, MINUTE, Plant
from tests.machines import standing
from tests.receivers import Receiver, says
from tests.telling import delivered, handed_out, listed, opened, retried, swept
from tests.topic import published


def test_an_event_reaches_the_webhooks_that_want_it(plant: Plant, set_clock: SetClock, receiver: Receiver) -> None:
    wanting, other = ({"url": receiver.url, "events": [kind]} for kind in ("order.opened", "order.held"))
    for body in (wanting, other, {"url": receiver.url}):
        plant.admin.post("/webhooks", body)

    opened(plant, set_clock)

    assert delivered() == [Outcome(DeliveryStatus.DELIVERED)] * 2
    (event,) = published()
    assert [request.headers["webhook-id"] for request in receiver.requests] == [event["id"]] * 2
    assert {request.headers["content-type"] for request in receiver.requests} == {"application/cloudevents+json"}


def test_an_event_that_is_sent_again_is_delivered_once(
    plant: Plant, set_clock: SetClock, receiver: Receiver, hook: str
) -> None:
    opened(plant, set_clock)
    (delivery,) = standing("delivery")
    hand_over(delivery.read(Delivery).event)

    (message,) = handed_out()
    assert deliver(message) == Outcome(DeliveryStatus.DELIVERED)
    assert deliver(message) == Outcome()
    hand_over(delivery.read(Delivery).event)
    assert delivered() == []
    assert len(receiver.requests) == 1


def test_an_event_of_another_tenant_is_not_delivered(plant: Plant, set_clock: SetClock, hook: str) -> None:
    opened(plant, set_clock)
    (delivery,) = standing("delivery")
    event = delivery.read(Delivery).event
    hand_over(event.__class__("01KE6P3S00AYQ1D2GEX6ZTN0JW-1", event.type, "acme", event.at, event.subject, event.data))
    assert len(standing("delivery")) == 1


@pytest.mark.parametrize("when", ["before it is handed out", "while it is sent"])
def test_what_a_crash_interrupts_is_handed_out_again_with_the_same_id(
    plant: Plant, set_clock: SetClock, receiver: Receiver, hook: str, when: str
) -> None:
    def crash(_: object) -> None:
        raise Crash

    if when == "while it is sent":
        opened(plant, set_clock)
        with patch.object(deliveries, "save", crash), pytest.raises(Crash):
            delivered()
    else:
        plant.order(id="WO-1")
        set_clock.forward(2 * MINUTE)
        with patch.object(queue, "deliver", crash), pytest.raises(Crash):
            swept()
    set_clock.forward(6 * MINUTE)

    assert retried() == 1
    assert delivered() == [Outcome(DeliveryStatus.DELIVERED)]
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1


def test_what_the_queue_does_not_take_waits_for_the_clock(
    plant: Plant, set_clock: SetClock, hook: str, told: Told, aws: Any
) -> None:
    aws.sqs.delete_queue(QueueUrl=aws.sqs.get_queue_url(QueueName="takip-test-webhooks")["QueueUrl"])
    told()
    opened(plant, set_clock)
    assert [line["level"] for line in told() if line["message"] == "a delivery must wait for the clock"] == ["WARNING"]

    boto3.client("sqs").create_queue(QueueName="takip-test-webhooks")
    set_clock.forward(6 * MINUTE)
    assert retried() == 1
    assert delivered() == [Outcome(DeliveryStatus.DELIVERED)]


def test_the_clock_hands_out_once_and_begins_nothing_when_the_time_is_short(
    plant: Plant, set_clock: SetClock, receiver: Receiver, hook: str
) -> None:
    receiver.answer = says("503 Busy", "Retry-After: 600")
    opened(plant, set_clock)
    delivered()
    set_clock.forward(9 * MINUTE)
    assert retried() == 0
    set_clock.forward(2 * MINUTE)
    assert retried(timedelta(seconds=5)) == 0
    found = list(deliveries.due(set_clock.instant))
    assert retried() == 1
    with patch.object(deliveries, "due", lambda _: iter(found)):  # the index is a moment old
        assert retried() == 0


def test_what_cannot_be_read_does_not_stop_the_others(plant: Plant, set_clock: SetClock, hook: str, told: Told) -> None:
    opened(plant, set_clock)
    (good,) = standing("delivery")
    table.put(Item.of(good.attribute_values | {"PK": "T#acme#WEBHOOK#w", "data": {"webhook_id": "w"}}))
    set_clock.forward(6 * MINUTE)
    told()

    assert retried() == 1
    assert [(line["level"], line["message"]) for line in told()] == [("ERROR", "a delivery cannot be read")]


def test_what_should_have_ended_long_ago_is_not_handed_out(plant: Plant, set_clock: SetClock, hook: str) -> None:
    opened(plant, set_clock)
    handed_out()
    set_clock.forward(49 * HOUR)
    assert retried() == 0
    assert [each["status"] for each in listed(plant, hook)] == ["failed"]
