"""What was sent to a webhook: it is listed, and sent again on demand; and the Lambdas that do it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook as Verifier

from functions.deliver_webhook import deliver_webhook
from functions.retry_webhooks import retry_webhooks
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Plant, pages
from tests.functions.things import NO_ID
from tests.lambdas import LambdaContext, every_minute
from tests.receivers import Receiver, receiving, says
from tests.telling import delivered, handed_out, swept


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def hook(plant: Plant, receiver: Receiver) -> Any:
    """A webhook that is sent everything, with its secret and its path."""
    made = plant.admin.post("/webhooks", {"url": receiver.url}).data
    return made | {"path": f"/webhooks/{made['id']}"}


def test_a_ping_reaches_the_webhook_signed(plant: Plant, receiver: Receiver, hook: Any) -> None:
    sent = plant.admin.post(f"{hook['path']}/ping")
    delivered()

    (request,) = receiver.requests
    event = Verifier(hook["secret"]).verify(request.body, request.headers)
    assert (event["type"], event["id"], event["tenant"]) == ("dev.takip.webhook.ping", sent.data["id"], "default")
    assert (event["subject"], event["data"]["by"]) == (hook["id"], plant.admin.id)
    assert (sent.status, sent.data["status"], sent.data["attempts"]) == (200, "sending", 0)


def test_both_secrets_sign_after_a_change(plant: Plant, receiver: Receiver, hook: Any) -> None:
    changed = plant.admin.post(f"{hook['path']}/rotate-secret").data
    plant.admin.post(f"{hook['path']}/ping")
    delivered()

    (request,) = receiver.requests
    assert request.headers["webhook-signature"].count("v1,") == 2
    for secret in (hook["secret"], changed["secret"]):
        assert Verifier(secret).verify(request.body, request.headers)


def test_deliveries_are_listed_newest_first(plant: Plant, receiver: Receiver, hook: Any, set_clock: SetClock) -> None:
    receiver.answer = says("503 Busy")
    set_clock.set(MORNING)
    plant.order(id="WO-1")
    set_clock.forward(2 * MINUTE)
    swept()
    delivered()
    plant.admin.post(f"{hook['path']}/ping")

    newest, oldest = pages(plant.admin, f"{hook['path']}/deliveries?")
    assert (newest["event"], newest["status"], newest["next_try_at"]) == ("webhook.ping", "sending", None)
    assert oldest.pop("duration_ms") >= 0
    assert "2026-01-05T08:03:00" <= oldest.pop("next_try_at") <= "2026-01-05T08:03:06.000Z"
    assert oldest == {
        "id": receiver.requests[0].headers["webhook-id"],
        "webhook_id": hook["id"],
        "event": "order.opened",
        "subject": "WO-1",
        "status": "waiting",
        "began_at": "2026-01-05T08:02:00.000Z",
        "attempts": 1,
        "tried_at": "2026-01-05T08:02:00.000Z",
        "status_code": 503,
        "error": None,
    }


def test_what_failed_is_sent_again_on_demand_with_the_same_id(plant: Plant, receiver: Receiver, hook: Any) -> None:
    receiver.answer = says("410 Gone")
    sent = plant.admin.post(f"{hook['path']}/ping").data
    delivered()
    again = f"{hook['path']}/deliveries/{sent['id']}/redeliver"
    refused = plant.admin.post(again)
    receiver.answer = says("200 OK")
    plant.admin.patch(hook["path"], {"status": "on"}, If_Match="*")

    rehearsed = plant.admin.post(f"{again}?dry_run=1")
    first, second = (plant.admin.post(again, key="k") for _ in range(2))

    assert (refused.status, refused.error["code"]) == (409, "ERR_WEBHOOK_OFF")
    assert refused.error["since"]
    assert (rehearsed.status, first.status, second.data) == (200, 200, first.data)
    assert len(handed_out_and_tried()) == 1
    assert [request.headers["webhook-id"] for request in receiver.requests] == [sent["id"]] * 2
    (shown,) = plant.admin.get(f"{hook['path']}/deliveries").items
    assert (shown["status"], shown["status_code"], shown["attempts"]) == ("delivered", 200, 1)


def handed_out_and_tried() -> list[Any]:
    return [outcome for outcome in delivered() if outcome.status]


def test_what_is_not_there_is_not_sent(plant: Plant, hook: Any) -> None:
    for path, code in (
        (f"{hook['path']}/deliveries/{NO_ID}/redeliver", "ERR_WEBHOOK_DELIVERY_NOT_FOUND"),
        (f"/webhooks/{NO_ID}/deliveries/{NO_ID}/redeliver", "ERR_WEBHOOK_NOT_FOUND"),
        (f"/webhooks/{NO_ID}/ping", "ERR_WEBHOOK_NOT_FOUND"),
    ):
        refused = plant.admin.post(path)
        assert (refused.status, refused.error["code"]) == (404, code)
    assert plant.admin.get(f"/webhooks/{NO_ID}/deliveries").status == 404
    assert handed_out() == []


def metrics_in(text: str) -> dict[str, list[float]]:
    lines = [json.loads(line) for line in text.splitlines()]
    return {name: line[name] for line in lines if "_aws" in line for name in line if name.startswith("Webhooks")}


def test_the_lambdas_deliver_and_retry_and_count(
    plant: Plant, receiver: Receiver, hook: Any, set_clock: SetClock, capsys: pytest.CaptureFixture[str]
) -> None:
    def work() -> list[Any]:
        return [
            deliver_webhook({"Records": [{"body": json.dumps(message)}]}, LambdaContext()) for message in handed_out()
        ]

    receiver.answer = says("500 Oops")
    plant.admin.post(f"{hook['path']}/ping")
    capsys.readouterr()
    assert work() == [{"status": "waiting", "off_reason": None}]
    assert metrics_in(capsys.readouterr().out) == {"WebhooksWaiting": [1.0]}

    set_clock.forward(2 * MINUTE)
    assert retry_webhooks(every_minute(), LambdaContext()) == {"deliveries": 1}
    assert metrics_in(capsys.readouterr().out) == {"WebhooksRetried": [1.0]}
    receiver.answer = says("410 Gone")
    (message,) = handed_out()
    event = {"Records": [{"body": json.dumps(message)}]}
    assert deliver_webhook(event, LambdaContext()) == {"status": "failed", "off_reason": "gone"}
    assert metrics_in(capsys.readouterr().out) == {"WebhooksFailed": [1.0], "WebhooksSwitchedOff": [1.0]}
    assert deliver_webhook(event, LambdaContext()) == {"status": None, "off_reason": None}
    set_clock.forward(HOUR)
    assert retry_webhooks(every_minute(), LambdaContext()) == {"deliveries": 0}
