"""Webhooks that take nothing for a day, or want nothing more, are switched off, and others are told."""

from collections.abc import Callable
from unittest.mock import patch

import pytest

from chalicelib.domain.telling.deliveries import PAUSES, Delivery, DeliveryStatus
from chalicelib.domain.telling.webhooks import OffReason, Webhook
from chalicelib.services.telling import deliveries as service
from chalicelib.services.telling.deliveries import Outcome, deliver
from tests.conftest import SetClock, Told
from tests.floor import HOUR, MINUTE, Plant, Reply
from tests.receivers import Receiver, says
from tests.telling import delivered, handed_out, listed, opened, retried, swept
from tests.topic import published

OFF = {"status": "off"}


def test_a_receiver_that_fails_for_a_day_gets_the_promised_tries_then_the_webhook_is_off(
    plant: Plant, set_clock: SetClock, receiver: Receiver, hook: str, told: Told
) -> None:
    receiver.answer = says("500 Oops")
    opened(plant, set_clock)
    for pause in PAUSES:
        assert delivered() == [Outcome(DeliveryStatus.WAITING)]
        set_clock.forward(pause - MINUTE)
        assert retried() == 0
        set_clock.forward(MINUTE + pause / 10)
        assert retried() == 1
    told()

    assert delivered() == [Outcome(DeliveryStatus.FAILED, OffReason.FAILING)]

    assert ("WARNING", "webhook switched off") in [(line["level"], line["message"]) for line in told()]
    assert len(receiver.requests) == 1 + len(PAUSES) == 10
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
    shown, (delivery,) = plant.admin.get(hook).data, listed(plant, hook)
    assert (shown["status"], shown["off_reason"]) == ("off", "failing")
    assert (delivery["status"], delivery["status_code"], delivery["attempts"]) == ("failed", 500, 10)
    opened(plant, set_clock, "WO-2")
    assert delivered() == []


def test_others_are_told_that_a_webhook_is_off(
    plant: Plant, set_clock: SetClock, receiver: Receiver, hook: str
) -> None:
    receiver.answer = says("410 Gone")
    opened(plant, set_clock)
    assert delivered() == [Outcome(DeliveryStatus.FAILED, OffReason.GONE)]
    set_clock.forward(2 * MINUTE)
    swept()

    last = published()[-1]
    assert (last["type"], last["subject"]) == ("dev.takip.webhook.disabled", hook.rpartition("/")[2])
    assert (last["data"]["off_reason"], last["data"]["status"]) == ("gone", "off")
    assert plant.admin.get(hook).data["off_reason"] == "gone"
    (noticed,) = plant.admin.get("/notifications").items
    assert (noticed["type"], noticed["title"]["en"]) == ("webhook.disabled", "Webhook switched off")
    assert delivered() == []


def test_a_webhook_that_took_something_else_meanwhile_stays_on(
    plant: Plant, set_clock: SetClock, receiver: Receiver, hook: str
) -> None:
    receiver.answer = says("500 Oops")
    opened(plant, set_clock)
    delivered()
    set_clock.forward(25 * HOUR)
    receiver.answer = says("200 OK")
    opened(plant, set_clock, "WO-2")
    delivered()
    receiver.answer = says("500 Oops")
    assert retried() == 1

    assert delivered() == [Outcome(DeliveryStatus.FAILED)]
    assert plant.admin.get(hook).data["status"] == "on"


def test_what_waits_is_given_up_when_the_webhook_is_off_or_deleted(
    plant: Plant, set_clock: SetClock, receiver: Receiver, hook: str
) -> None:
    opened(plant, set_clock)
    plant.admin.patch(hook, OFF, If_Match="*")
    assert delivered() == [Outcome(DeliveryStatus.FAILED)]
    assert [each["error"] for each in listed(plant, hook)] == ["webhook_off"]
    plant.admin.patch(hook, {"status": "on"}, If_Match="*")
    opened(plant, set_clock, "WO-2")
    plant.admin.delete(hook)
    assert delivered() == [Outcome(DeliveryStatus.FAILED)]
    set_clock.forward(HOUR)
    assert (retried(), receiver.requests) == (0, [])


@pytest.mark.parametrize("meanwhile", ["redelivered", "deleted", "switched off", "changed"])
def test_what_others_do_while_the_last_try_is_made_is_not_undone(
    plant: Plant, set_clock: SetClock, receiver: Receiver, hook: str, meanwhile: str, told: Told
) -> None:
    receiver.answer = says("410 Gone")
    opened(plant, set_clock)
    (message,) = handed_out()
    acts: dict[str, Callable[[], Reply]] = {
        "redelivered": lambda: plant.admin.post(f"{hook}/deliveries/{message['delivery_id']}/redeliver"),
        "deleted": lambda: plant.admin.delete(hook),
        "switched off": lambda: plant.admin.patch(hook, OFF, If_Match="*"),
        "changed": lambda: plant.admin.patch(hook, {"description": "SAP"}, If_Match="*"),
    }
    real = service._sent

    def overtaken(webhook: Webhook, delivery: Delivery) -> Delivery:
        assert acts[meanwhile]().status == 200
        return real(webhook, delivery)

    with patch.object(service, "_sent", overtaken):
        outcome = deliver(message)

    failed = DeliveryStatus.FAILED
    expected = {"redelivered": Outcome(), "changed": Outcome(failed, OffReason.GONE)}
    assert outcome == expected.get(meanwhile, Outcome(failed))
    assert ("webhook switched off" in str(told())) == (meanwhile == "changed")
    reply = plant.admin.get(hook)
    reason = None if meanwhile == "deleted" else reply.data["off_reason"]
    assert reason == {"switched off": "by_admin", "changed": "gone"}.get(meanwhile)
