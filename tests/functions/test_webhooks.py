"""Webhooks over the API: an admin creates, changes and deletes them; their secrets are shown once."""

import json
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook as Verifier

from chalicelib.domain.telling.webhooks import MOST_WEBHOOKS
from tests.conftest import SetClock, Told
from tests.floor import HOUR, Plant, pages
from tests.items_in_memory import table_in
from tests.machines import standing

HOOK = {"url": "https://hooks.example.com/takip?line=1", "events": ["issue.reported"], "description": "ERP"}


@pytest.fixture
def made(plant: Plant, set_clock: SetClock) -> Any:
    """A webhook that was just created, with its secret."""
    return plant.admin.post("/webhooks", HOOK).data


def path(made: Any) -> str:
    return f"/webhooks/{made['id']}"


def test_a_webhook_is_created_with_a_secret_that_is_shown_once(plant: Plant, set_clock: SetClock) -> None:
    reply = plant.admin.post("/webhooks", HOOK)

    secret = reply.data.pop("secret")
    assert (reply.status, reply.headers["Location"]) == (201, path(reply.data))
    assert reply.data == HOOK | {
        "id": reply.data["id"],
        "status": "on",
        "off_reason": None,
        "off_since": None,
        "former_secret_until": None,
        "created_at": "2026-01-05T08:00:00.000Z",
        "created_by": plant.admin.id,
        "version": 1,
    }
    assert plant.admin.get(path(reply.data)).data == reply.data
    assert plant.admin.get("/webhooks").items == [reply.data]
    assert len(Verifier(secret)._whsecret) == 32


def test_without_events_it_is_sent_all_of_them(plant: Plant) -> None:
    assert plant.admin.post("/webhooks", {"url": HOOK["url"]}).data["events"] is None
    twice = plant.admin.post("/webhooks", HOOK | {"events": ["order.held", "order.held"]})
    assert twice.data["events"] == ["order.held"]


def test_a_repeated_request_creates_no_second_one_and_does_not_show_the_secret(plant: Plant) -> None:
    first, second = (plant.admin.post("/webhooks", HOOK, key="k") for _ in range(2))

    assert (second.status, second.headers["Idempotent-Replayed"]) == (201, "true")
    assert {**second.data, "secret": first.data["secret"]} == first.data
    assert len(plant.admin.get("/webhooks").items) == 1


def test_a_dry_run_creates_nothing_and_shows_no_secret(plant: Plant, made: Any) -> None:
    created = plant.admin.post("/webhooks?dry_run=1", HOOK)
    rotated = plant.admin.post(f"{path(made)}/rotate-secret?dry_run=1")
    assert (created.status, rotated.status, len(standing("webhook"))) == (201, 200, 1)
    assert "secret" not in {**created.data, **rotated.data}
    assert plant.admin.get(path(made)).data["version"] == 1


def test_a_secret_is_in_no_other_answer_no_record_and_no_log_line(plant: Plant, told: Told) -> None:
    made = plant.admin.post("/webhooks", HOOK, key="k").data
    rotated = plant.admin.post(f"{path(made)}/rotate-secret", key="r").data
    answers = [plant.admin.get(each).body for each in ("/webhooks", path(made), "/auth/events")]
    answers += [plant.admin.patch(path(made), {"description": None}, If_Match="*").body]
    answers += [plant.admin.post("/webhooks", HOOK, key="k").body, plant.admin.delete(path(made)).body]
    kept = [item.attribute_values for item in standing("idempotency_key") + standing("security_event")]
    written = f"{json.dumps(answers)} {told()} {kept}"

    for secret in (made["secret"], rotated["secret"]):
        assert secret.removeprefix("whsec_") not in written
        assert str(Verifier(secret)._whsecret) not in written
    assert str(Verifier(made["secret"])._whsecret) not in str(table_in("eu-central-1", "takip-test").items)


def test_a_secret_is_changed_and_the_former_one_ends_after_a_day(plant: Plant, made: Any) -> None:
    first, second = (plant.admin.post(f"{path(made)}/rotate-secret", key="k") for _ in range(2))

    assert first.status == 200
    assert first.data["secret"] != made["secret"]
    assert (first.data["former_secret_until"], first.data["version"]) == ("2026-01-06T08:00:00.000Z", 2)
    assert {**second.data, "secret": first.data["secret"]} == first.data
    refused = [plant.admin.post(f"{path(made)}/rotate-secret") for _ in range(3)][-1]
    assert (refused.status, refused.error["code"]) == (409, "ERR_WEBHOOK_TOO_MANY_SECRETS")


def test_a_change_needs_the_version_it_was_decided_on(plant: Plant, made: Any, set_clock: SetClock) -> None:
    set_clock.forward(HOUR)
    without = plant.admin.patch(path(made), {"status": "off"})
    off, stale = (plant.admin.patch(path(made), {"status": each}, If_Match='"1"') for each in ("off", "on"))
    same = plant.admin.patch(path(made), {"status": "off"}, If_Match='"2"')

    assert (without.status, stale.status) == (428, 412)
    assert (off.data["status"], off.data["off_reason"]) == ("off", "by_admin")
    assert (off.data["off_since"], off.data["version"]) == ("2026-01-05T09:00:00.000Z", 2)
    assert (same.status, same.data) == (200, off.data)


def test_what_is_deleted_is_gone_and_makes_room(plant: Plant, made: Any) -> None:
    stale = plant.admin.call("DELETE", path(made), If_Match='"7"')
    deleted, again = plant.admin.delete(path(made)), plant.admin.delete(path(made))

    assert (stale.status, deleted.status, again.status) == (412, 200, 404)
    assert deleted.data["id"] == made["id"]
    assert again.error["code"] == "ERR_WEBHOOK_NOT_FOUND"
    assert plant.admin.get("/webhooks").items == standing("webhook") == []


def test_a_tenant_has_a_number_of_webhooks_at_most(plant: Plant) -> None:
    statuses = {plant.admin.post("/webhooks", HOOK).status for _ in range(MOST_WEBHOOKS)}
    refused = plant.admin.post("/webhooks", HOOK)

    assert statuses == {201}
    assert (refused.status, refused.error["code"]) == (409, "ERR_WEBHOOK_TOO_MANY")
    assert len(pages(plant.admin, "/webhooks?")) == MOST_WEBHOOKS


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "http://hooks.example.com/"}, "url"),
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "https://user@hooks.example.com/"}, "url"),
        ({"url": "https://hooks.example.com/\nX: y"}, "url"),
        ({"url": ""}, "url"),
        ({}, "url"),
        (HOOK | {"events": []}, "events"),
        (HOOK | {"events": ["order.lost"]}, "events[0]"),
        (HOOK | {"secret": "whsec_AAAA"}, "secret"),
        (HOOK | {"description": ""}, "description"),
    ],
)
def test_what_is_wrong_is_named(plant: Plant, made: Any, body: Any, field: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("chalicelib.settings.Settings.is_local", False)
    created = plant.admin.post("/webhooks", body)
    assert (created.status, list(created.fields())) == (422, [field])
    if body:
        changed = plant.admin.patch(path(made), body, If_Match="*")
        assert (changed.status, list(changed.fields())) == (422, [field])


def test_only_an_admin_may_and_every_change_is_a_security_event(plant: Plant, made: Any) -> None:
    assert {person.post("/webhooks", HOOK).status for person in (plant.planner, plant.worker)} == {403}
    plant.admin.patch(path(made), {"description": "SAP"}, If_Match="*")
    plant.admin.patch(path(made), {"description": "SAP"}, If_Match="*")
    plant.admin.post(f"{path(made)}/rotate-secret")
    plant.admin.delete(path(made))

    events = plant.admin.get("/auth/events").items
    assert sorted(event["kind"] for event in events) == [
        *("webhook_changed", "webhook_created", "webhook_deleted", "webhook_secret_rotated"),
    ]
    assert {json.dumps(event["detail"]) for event in events} == {json.dumps({"webhook_id": made["id"]})}
    assert {event["actor_id"] for event in events} == {plant.admin.id}
