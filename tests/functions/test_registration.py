"""Registration: by an admin, any user; by oneself, a worker who waits, and only if the plant allows it."""

import json
from typing import Any

import pytest

from chalicelib import remembered
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.services import tenants
from chalicelib.storage.items import Item
from tests.conftest import SetClock
from tests.disturbances import Crash, at_commit, crash
from tests.floor import Person, Plant, Reply
from tests.machines import standing
from tests.phones import PASSWORD, log_in, refused

REGISTER = "/auth/register"
NEW: dict[str, Any] = {"username": "Newcomer", "password": PASSWORD}
CLOSED = (401, "ERR_AUTH_REGISTRATION_CLOSED")
TAKEN = (409, "ERR_USER_USERNAME_TAKEN")


@pytest.fixture
def opened(plant: Plant, set_clock: SetClock) -> Plant:
    """A plant where anybody may ask to be let in."""
    tenants.change("default", {"self_registration": True})
    return plant


def happened() -> list[str]:
    """The kinds of all events, but of the one that tells that the plant was opened."""
    return [each.data["kind"] for each in standing("security_event") if each.data["kind"] != "tenant_changed"]


def ask(plant: Plant, key: str | None = None, **fields: Any) -> Reply:
    return plant.stranger.post(REGISTER, NEW | fields, key=key)


def everything() -> str:
    return str([each.attribute_values for each in Item.scan()])


def test_nobody_unknown_registers_where_the_plant_does_not_allow_it(plant: Plant) -> None:
    assert refused(ask(plant)) == CLOSED
    assert "newcomer" not in everything().lower()


def test_a_plant_that_is_not_there_is_closed(opened: Plant) -> None:
    assert refused(ask(opened, tenant="nowhere")) == CLOSED
    assert ask(opened, tenant="Not A Tenant").status == 422


@pytest.mark.parametrize("role", ["admin", "planner", "worker"])
def test_an_admin_registers_any_role_and_active_at_once(plant: Plant, role: str) -> None:
    reply = plant.admin.post(
        REGISTER, NEW | {"role": role, "full_name": "New Comer", "email": "n@example.com", "phone": "117"}
    )

    assert reply.status == 201
    assert reply.headers["Location"] == f"/auth/users/{reply.data['id']}"
    assert plant.planner.get(reply.headers["Location"]).data == reply.data
    assert (reply.data["role"], reply.data["active"], reply.data["must_change_password"]) == (role, True, False)
    assert "one_time_password" not in reply.data
    assert log_in(plant, "newcomer").data["user"] == reply.data


def test_nobody_but_an_admin_registers_others(opened: Plant) -> None:
    for person in (opened.planner, opened.worker):
        assert refused(person.post(REGISTER, NEW)) == (403, "ERR_AUTH_FORBIDDEN")


def test_a_bad_token_is_not_the_same_as_none(opened: Plant) -> None:
    for header in ("Bearer x.y.z", "Bearer", "Basic eDp5", ""):
        assert opened.stranger.post(REGISTER, NEW, Authorization=header).status == 401


def test_who_registers_themselves_is_a_worker_who_waits_to_be_let_in(opened: Plant) -> None:
    reply = ask(opened, full_name="New Comer")

    assert (reply.status, reply.data["role"], reply.data["active"]) == (201, "worker", False)
    assert refused(log_in(opened, "newcomer")) == (403, "ERR_AUTH_INACTIVE")
    opened.admin.patch(f"/auth/users/{reply.data['id']}", {"active": True})
    assert log_in(opened, "newcomer").data["user"]["full_name"] == "New Comer"


@pytest.mark.parametrize("role", ["admin", "planner"])
def test_nobody_gives_themselves_another_role(opened: Plant, role: str) -> None:
    reply = ask(opened, role=role)

    assert (reply.status, reply.fields()) == (422, {"role": "not_allowed"})
    assert log_in(opened, "newcomer").status == 401


@pytest.mark.parametrize("field", ["active", "id", "must_change_password", "version", "devices_since"])
@pytest.mark.parametrize("who", ["admin", "stranger"])
def test_nobody_decides_what_is_not_theirs_to_decide(opened: Plant, who: str, field: str) -> None:
    reply = opened.everybody()[who].post(REGISTER, NEW | {field: True})

    assert (reply.status, reply.fields()) == (422, {field: "extra_forbidden"})


def test_an_admin_registers_in_their_own_plant_only(plant: Plant) -> None:
    for tenant in ("default", "another"):
        reply = plant.admin.post(REGISTER, NEW | {"tenant": tenant})
        assert (reply.status, reply.fields()) == (422, {"tenant": "not_allowed"})


def test_one_registers_in_the_plant_one_names(opened: Plant) -> None:
    tenants.create("another", DEFAULT_SETTINGS)
    tenants.change("another", {"self_registration": True})

    made = ask(opened, tenant="another").data

    assert log_in(opened, "newcomer", tenant="another").error["code"] == "ERR_AUTH_INACTIVE"
    assert log_in(opened, "newcomer").error["code"] == "ERR_AUTH_BAD_CREDENTIALS"
    assert opened.admin.get(f"/auth/users/{made['id']}").status == 404


def test_a_plant_that_closes_is_closed(opened: Plant) -> None:
    tenants.change("default", {"self_registration": False})
    remembered.forget_everything()

    assert refused(ask(opened)) == CLOSED


@pytest.mark.parametrize("spelling", ["newcomer", "NEWCOMER", "\uff2eewcomer", "Newcomer"])
@pytest.mark.parametrize("who", ["admin", "stranger"])
def test_a_name_is_taken_in_whatever_spelling(opened: Plant, who: str, spelling: str) -> None:
    ask(opened)

    assert refused(opened.everybody()[who].post(REGISTER, NEW | {"username": spelling})) == TAKEN


@pytest.mark.parametrize("who", ["admin", "stranger"])
def test_a_registration_whose_reply_was_lost_is_answered_again(opened: Plant, who: str) -> None:
    person = opened.everybody()[who]

    first, again = (person.post(REGISTER, NEW, key="k") for _ in range(2))

    assert (first.status, first.body) == (again.status, again.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert happened() == ["user_registered"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_the_commit_registers_once_or_not_at_all(plant: Plant, when: str) -> None:
    with pytest.raises(Crash), at_commit(**{when: crash}):
        plant.admin.post(REGISTER, NEW, key="k")

    reply = plant.admin.post(REGISTER, NEW, key="k")

    assert reply.status == 201
    assert [each.data["user"]["id"] for each in standing("login") if each.data["user"]["username"] == "Newcomer"] == [
        reply.data["id"]
    ]


def test_a_key_that_meant_somebody_else_is_refused(plant: Plant) -> None:
    plant.admin.post(REGISTER, NEW, key="k")

    other = plant.admin.post(REGISTER, NEW | {"username": "other"}, key="k")

    assert refused(other) == (422, "ERR_IDEMPOTENCY_KEY_REUSED")


@pytest.mark.parametrize("who", ["admin", "stranger"])
def test_registering_for_a_trial_registers_nobody(opened: Plant, who: str) -> None:
    person, people = opened.everybody()[who], len(standing("user"))

    reply = person.post(f"{REGISTER}?dry_run=1", NEW)

    assert (reply.status, reply.data["username"]) == (201, "Newcomer")
    assert len(standing("user")) == len(standing("login")) == people
    assert happened() == []
    # Or strangers could ask without end which names there are.
    assert len(standing("throttle")) == (3 if who == "stranger" else 0)


def test_nothing_of_a_password_is_kept_but_its_hash(opened: Plant) -> None:
    secret = "a secret that is nowhere"
    ask(opened, key="k1", password=secret)
    opened.admin.post(REGISTER, NEW | {"username": "second", "password": secret}, key="k2")
    opened.admin.post(REGISTER, NEW | {"username": "second", "password": secret}, key="k3")

    assert secret not in everything()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"username": "a", "password": "\\ud800\\ud800\\ud800 and so on"}', 422),
        (b'{"username": "\\ud800", "password": "long enough"}', 422),
        (b'{"username": "\xff", "password": "long enough"}', 400),
        (b'{"username": "a\\u0000b", "password": "long enough"}', 422),
        (b'{"username": "a\\u202eb", "password": "long enough"}', 422),
        (b'["username", "password"]', 400),
        (json.dumps({"username": "a", "password": "x" * 256 * 1024}).encode(), 413),
        (json.dumps({"username": "a" * 100_000, "password": "long enough"}).encode(), 422),
        (b'{"username": "a", "username": "b", "password": "long enough"}', 400),
        (b'{"username": "b", "password": "nul and nul \\u0000 \\u0000 \\u0000"}', 422),
        (b"", 422),
    ],
)
@pytest.mark.parametrize("path", [REGISTER, "/auth/login"])
def test_what_cannot_be_read_is_refused_and_never_our_failure(
    opened: Plant, path: str, body: bytes, status: int
) -> None:
    reply = opened.stranger.post(path, body)

    # A password with NULs can be read; at sign-in it is simply wrong.
    assert reply.status == (401 if path == "/auth/login" and b"nul and nul" in body else status)
    assert "long enough" not in str(reply.body)


def test_a_person_who_was_registered_is_there_for_planners(plant: Plant) -> None:
    made = plant.admin.post(REGISTER, NEW).data

    found: Person = plant.planner
    assert made in found.get("/auth/users").items
