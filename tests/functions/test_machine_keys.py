"""Machine keys: a machine sends its own readings with its key, and nothing else, until somebody revokes it."""

from typing import Any

import pytest

from chalicelib import remembered
from chalicelib.domain.people.users import Role
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.services import tenants
from tests.conftest import SetClock
from tests.floor import HOUR, Plant, Reply, hire, pages
from tests.functions.two_tenants import touching
from tests.machines import READINGS, install, part, queued, sent, standing, watched

KEYS = "/machines/M1/keys"
GATEWAY = {"name": "Gateway, hall A"}


@pytest.fixture
def made(floor: Plant) -> Any:
    """A key of M1 that was just made."""
    return floor.planner.post(KEYS, GATEWAY).data


def send(floor: Plant, key: str, path: str = READINGS, **headers: str) -> Reply:
    """Send a reading with a key and without a token."""
    return floor.stranger.post(path, {"readings": [part()]}, X_Machine_Key=key, **headers)


def wrong(key: str) -> str:
    """The same key with another secret."""
    return key[:-1] + ("A" if key[-1] != "A" else "B")


def events(floor: Plant, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = floor.admin.get(f"/auth/events?kind={kind}").items
    return found


def test_a_machine_sends_its_readings_with_its_key(floor: Plant, made: Any) -> None:
    reply = send(floor, made["key"])
    assert (reply.status, reply.data) == (202, {"accepted": 1, "quarantined": 0, "errors": []})
    (message,) = queued()
    assert (message["tenant"], message["machine_id"]) == ("default", "M1")


def test_a_key_is_shown_once_and_stored_nowhere(floor: Plant) -> None:
    first, again = (floor.planner.post(KEYS, GATEWAY, key="k") for _ in range(2))
    assert (first.status, again.status, again.headers["Idempotent-Replayed"]) == (201, 201, "true")
    assert again.data == {name: value for name, value in first.data.items() if name != "key"}
    secret = first.data["key"].rpartition(".")[2]
    stored = [
        str(each.serialize())
        for kind in ("machine_key", "idempotency_key", "security_event")
        for each in standing(kind)
    ]
    assert len(stored) == 3
    assert not [each for each in stored if secret in each]
    dry = floor.planner.post(f"{KEYS}?dry_run=1", GATEWAY)
    assert (dry.status, "key" in dry.data, len(standing("machine_key"))) == (201, False, 1)


def test_keys_are_listed_with_the_day_of_their_last_use(floor: Plant, made: Any, set_clock: SetClock) -> None:
    other = floor.admin.post(KEYS, {"name": "Spare"}).data
    send(floor, made["key"])
    set_clock.forward(HOUR)
    floor.planner.delete(f"{KEYS}/{other['id']}")
    unused = {name: value for name, value in made.items() if name != "key"}
    assert (unused["last_used_on"], unused["revoked_at"], unused["created_by"]) == (None, None, floor.planner.id)
    listed = pages(floor.planner, f"{KEYS}?")
    assert listed[0] == unused | {"last_used_on": "2026-01-05"}
    assert (listed[1]["id"], listed[1]["revoked_at"]) == (other["id"], "2026-01-05T09:00:00.000Z")
    missing = floor.planner.get("/machines/none/keys")
    assert (missing.status, missing.error["code"]) == (404, "ERR_MACHINE_NOT_FOUND")
    install("M2")
    assert floor.planner.get("/machines/M2/keys").items == []


def test_using_a_key_costs_one_write_a_day_and_no_request_else(floor: Plant, made: Any, set_clock: SetClock) -> None:
    def cost() -> list[str]:
        with watched() as called:
            assert send(floor, made["key"]).status == 202
        return [each for each in called if each != "SendMessage"]

    first = cost()
    assert first.count("TransactWriteItems") == 1
    send(floor, made["key"])
    assert cost() == []
    set_clock.forward(24 * HOUR)
    assert "TransactWriteItems" in cost()


def test_two_functions_that_note_the_same_use_do_not_disturb_each_other(floor: Plant, made: Any) -> None:
    raced: list[int] = []

    def race(operation: str, _: dict[str, Any]) -> None:
        if operation == "TransactWriteItems" and not raced:
            raced.append(1)
            raced.append(send(floor, made["key"]).status)

    with watched(race):
        assert send(floor, made["key"]).status == 202
    assert raced == [1, 202]
    (stored,) = standing("machine_key")
    assert stored.revision == 2


def test_a_revoked_key_is_refused_within_a_minute(floor: Plant, made: Any, set_clock: SetClock) -> None:
    assert send(floor, made["key"]).status == 202
    revoked, again = (floor.admin.delete(f"{KEYS}/{made['id']}") for _ in range(2))
    assert (revoked.status, again.data) == (200, revoked.data)
    set_clock.forward(remembered.REMEMBERED)
    reply = send(floor, made["key"])
    assert (reply.status, reply.error["code"]) == (401, "ERR_MACHINE_KEY_INVALID")
    missing = floor.planner.delete(f"{KEYS}/none")
    assert (missing.status, missing.error["code"]) == (404, "ERR_MACHINE_KEY_NOT_FOUND")
    (event,) = events(floor, "machine_key_revoked")
    assert (event["actor_id"], event["detail"]) == (floor.admin.id, {"machine_id": "M1", "key_id": made["id"]})
    assert len(events(floor, "machine_key_created")) == 1


def test_a_key_that_is_revoked_while_its_use_is_noted_stays_revoked(floor: Plant, made: Any) -> None:
    def race(operation: str, _: dict[str, Any]) -> None:
        if operation == "TransactWriteItems" and not events_revoked:
            events_revoked.append(True)
            floor.planner.delete(f"{KEYS}/{made['id']}")

    events_revoked: list[bool] = []
    with watched(race):
        send(floor, made["key"])
    assert send(floor, made["key"]).status == 401


def test_a_key_is_for_its_own_machine_only(floor: Plant, made: Any) -> None:
    install("M2")
    replies = [send(floor, made["key"], f"/machines/{other}/readings") for other in ("M2", "none")]
    assert [(reply.status, reply.error["code"]) for reply in replies] == [(403, "ERR_MACHINE_KEY_OF_ANOTHER")] * 2
    body = floor.stranger.post(READINGS, sent(part()) | {"machine_id": "M2"}, X_Machine_Key=made["key"])
    assert (body.status, body.fields()) == (422, {"machine_id": "other"})
    assert queued() == []


def test_a_key_opens_no_other_door_and_is_no_token(floor: Plant, made: Any) -> None:
    doors = [
        floor.stranger.get(path, X_Machine_Key=made["key"]) for path in ("/machines/M1", READINGS, KEYS, "/auth/me")
    ]
    token = floor.stranger.post(READINGS, {"readings": [part()]}, Authorization=f"Bearer {made['key']}")
    assert [reply.status for reply in (*doors, token)] == [401] * 5


def test_whoever_sends_a_token_too_is_taken_for_the_person(floor: Plant, made: Any) -> None:
    body = {"readings": [part()]}
    assert floor.worker.post(READINGS, body, X_Machine_Key=made["key"]).status == 403
    assert floor.planner.post(READINGS, body, X_Machine_Key="nonsense").status == 202


@pytest.mark.parametrize("nonsense", ["", "nonsense", "takip-machine.default.M1.K." + "s" * 43])
def test_what_is_no_key_is_refused(floor: Plant, nonsense: str) -> None:
    reply = send(floor, nonsense)
    assert (reply.status, reply.error["code"]) == (401, "ERR_MACHINE_KEY_INVALID")
    assert events(floor, "machine_key_refused") == []


def test_failures_are_recorded_and_slowed_down_and_a_right_key_is_never_blocked(floor: Plant, made: Any) -> None:
    statuses = [send(floor, wrong(made["key"])).status for _ in range(7)]
    blocked = send(floor, wrong(made["key"]))
    assert statuses == [401] * 5 + [429] * 2
    assert (blocked.error["code"], blocked.headers["Retry-After"]) == ("ERR_AUTH_TOO_MANY_ATTEMPTS", "60")
    assert send(floor, made["key"]).status == 202
    recorded = events(floor, "machine_key_refused")
    assert len(recorded) == 5
    assert recorded[0]["detail"] == {"machine_id": "M1", "key_id": made["id"]}


def test_a_key_is_of_one_tenant_also_where_the_other_has_such_a_machine(floor: Plant, made: Any) -> None:
    tenants.create("acme", DEFAULT_SETTINGS)
    planner = hire(floor.client, "the planner of acme", Role.PLANNER, tenant="acme")
    planner.post("/machines", {"id": "M1", "name": "Press"})
    theirs = planner.post(KEYS, GATEWAY).data["key"]
    for key, tenant in ((made["key"], "default"), (theirs, "acme")):
        with touching() as touched:
            assert send(floor, key).status == 202
        assert touched == {tenant}
    crossed = made["key"].replace(".default.", ".acme.")
    assert send(floor, crossed).status == 401
    assert {message["tenant"] for message in queued()} == {"default", "acme"}


def test_a_key_of_a_retired_machine_sends_nothing(floor: Plant, made: Any, set_clock: SetClock) -> None:
    floor.planner.patch("/machines/M1", {"status": "retired"}, If_Match="*")
    set_clock.forward(remembered.REMEMBERED)
    assert send(floor, made["key"]).fields() == {"machine_id": "retired_machine"}
