"""Sign-in, registration and reading users."""

from typing import Any

import bcrypt
import pytest

from chalicelib import passwords
from chalicelib.domain.people.credentials import Login
from chalicelib.domain.people.users import Role, User
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.storage import writes
from chalicelib.storage.items import Item
from chalicelib.storage.people import users
from tests.conftest import SetClock
from tests.floor import MORNING, Plant

PASSWORD = "correct horse battery"
NEW: dict[str, Any] = {"username": "İpek Çelik", "password": PASSWORD, "full_name": "İpek", "role": "planner"}


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The times that bcrypt worked: what it checked against, or the salt it hashed with."""
    made: list[str] = []

    def watch(name: str) -> None:
        real = getattr(bcrypt, name)

        def work(word: bytes, salt: bytes) -> object:
            made.append(salt.decode())
            return real(word, salt)

        monkeypatch.setattr(bcrypt, name, work)

    watch("checkpw")
    watch("hashpw")
    return made


def test_the_right_password_lets_in(plant: Plant, set_clock: SetClock) -> None:
    registered = plant.admin.post("/auth/register", NEW).data

    signed_in = plant.stranger.post("/auth/login", {"username": NEW["username"], "password": PASSWORD}).data

    assert signed_in["user"] == registered
    assert (signed_in["token_type"], signed_in["expires_in"]) == ("Bearer", 1800)
    me = plant.stranger.get("/auth/me", Authorization=f"Bearer {signed_in['access_token']}")
    assert me.data == registered
    set_clock.set(MORNING.replace(minute=30))
    late = plant.stranger.get("/auth/me", Authorization=f"Bearer {signed_in['access_token']}")
    assert late.error["code"] == "ERR_AUTH_TOKEN_EXPIRED"


def test_a_wrong_password_and_an_unknown_name_cannot_be_told_apart(plant: Plant, checks: list[str]) -> None:
    plant.admin.post("/auth/register", NEW)
    checks.clear()

    unknown = plant.stranger.post("/auth/login", {"username": "nobody", "password": PASSWORD})
    wrong = plant.stranger.post("/auth/login", {"username": NEW["username"], "password": "wrong"})

    assert wrong.status == unknown.status == 401
    assert wrong.error | {"request_id": ""} == unknown.error | {"request_id": ""}
    assert wrong.error["code"] == "ERR_AUTH_BAD_CREDENTIALS"
    assert len(checks) == 2
    assert {hashed[:7] for hashed in checks} == {"$2b$04$"}


def test_an_inactive_account_is_told_only_after_the_right_password(plant: Plant) -> None:
    user = User("u9", "gone", Role.WORKER, MORNING, active=False)
    writes.commit(users.creation(DEFAULT_TENANT, Login(user, passwords.hashed(PASSWORD, 4))))

    right = plant.stranger.post("/auth/login", {"username": "gone", "password": PASSWORD})
    wrong = plant.stranger.post("/auth/login", {"username": "gone", "password": "wrong"})

    assert (right.status, right.error["code"]) == (403, "ERR_AUTH_INACTIVE")
    assert (wrong.status, wrong.error["code"]) == (401, "ERR_AUTH_BAD_CREDENTIALS")


@pytest.mark.parametrize("password", ["x" * 73, "ş" * 37, "\x00", "x" * 1024])
def test_a_password_that_bcrypt_would_cut_is_simply_wrong(plant: Plant, password: str) -> None:
    plant.admin.post("/auth/register", NEW | {"password": "x" * 72})

    assert plant.stranger.post("/auth/login", {"username": NEW["username"], "password": password}).status == 401
    assert plant.stranger.post("/auth/login", {"username": NEW["username"], "password": "x" * 72}).status == 200


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"password": "short"}, {"password": "too_short"}),
        ({"password": "x" * 73}, {"password": "too_long"}),
        ({"password": "ş" * 37}, {"password": "too_long"}),
        ({"username": "Ayla", "password": "my name is AYLA"}, {"password": "contains_username"}),
        ({"username": "straße", "password": "am STRASSENRAND"}, {"password": "contains_username"}),
        ({"username": ""}, {"username": "string_too_short"}),
        ({"username": " padded"}, {"username": "value_error"}),
        ({"password": "with\x00nul inside"}, {"password": "contains_nul"}),
        ({"username": "ﷺ" * 64}, {"username": "value_error"}),
        ({"email": "nowhere"}, {"email": "value_error"}),
        ({"phone": "12"}, {"phone": "value_error"}),
        ({"phone": "1" * 33}, {"phone": "string_too_long"}),
        ({"role": "owner"}, {"role": "enum"}),
        ({"full_name": "a\x07b"}, {"full_name": "value_error"}),
    ],
)
def test_somebody_is_registered_only_with_fields_that_hold(
    plant: Plant, wrong: dict[str, str], fields: dict[str, str]
) -> None:
    reply = plant.admin.post("/auth/register", NEW | wrong)

    assert reply.status == 422
    assert reply.fields() == fields


@pytest.mark.parametrize("spelling", ["ayşe", "AYŞE", "Ayşe", "ays\u0327e", "ＡＹŞＥ"])
def test_a_name_is_taken_in_whatever_case_and_form_it_is_written(plant: Plant, spelling: str) -> None:
    assert plant.admin.post("/auth/register", NEW | {"username": "Ayşe"}).status == 201

    reply = plant.admin.post("/auth/register", NEW | {"username": spelling})

    assert (reply.status, reply.error["code"]) == (409, "ERR_USER_USERNAME_TAKEN")
    assert plant.stranger.post("/auth/login", {"username": spelling, "password": PASSWORD}).status == 200


def test_registering_again_with_the_key_is_answered_again_without_anything_secret(plant: Plant) -> None:
    first = plant.admin.post("/auth/register", NEW, key="k")
    again = plant.admin.post("/auth/register", NEW, key="k")

    assert first.status == again.status == 201
    assert first.data == again.data
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.headers["Location"] == again.headers["Location"]
    assert set(first.data) == {
        "id",
        "username",
        "full_name",
        "email",
        "phone",
        "role",
        "active",
        "must_change_password",
        "created_at",
    }


def test_nothing_derived_from_a_password_is_kept_but_its_hash(plant: Plant) -> None:
    plant.admin.post("/auth/register", NEW, key="k1")
    plant.admin.post("/auth/register", NEW | {"username": "twin", "password": "another one entirely"}, key="k2")
    everything = list(Item.scan())
    kept = {each.kind: each for each in everything if PASSWORD in str(each.data)}
    keyed = [each.data["fingerprint"] for each in everything if each.kind == "idempotency_key"]

    assert kept == {}
    assert len(set(keyed)) == 2
    other = plant.admin.post("/auth/register", NEW | {"password": "a different password"}, key="k1")
    assert other.headers["Idempotent-Replayed"] == "true"


def test_people_are_listed_page_by_page(plant: Plant) -> None:
    first = plant.planner.get("/auth/users?limit=3").data
    second = plant.planner.get(f"/auth/users?limit=3&cursor={first['next_cursor']}").data

    assert [user["username"] for page in (first, second) for user in page["items"]] == ["ada", "pelin", "veli", "oya"]
    assert "next_cursor" not in second


def test_people_are_found_by_name_and_by_id(plant: Plant) -> None:
    assert [user["id"] for user in plant.planner.get("/auth/users?username=VELI").items] == [plant.worker.id]
    assert plant.planner.get("/auth/users?username=nobody").items == []
    assert plant.planner.get(f"/auth/users/{plant.worker.id}").data["username"] == "veli"
    missing = plant.planner.get("/auth/users/nobody")
    assert (missing.status, missing.error["code"]) == (404, "ERR_USER_NOT_FOUND")


def test_nobody_signs_in_for_a_trial(plant: Plant) -> None:
    reply = plant.stranger.post("/auth/login?dry_run=1", {"username": "ada", "password": PASSWORD})

    assert (reply.status, reply.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"username": "missing", "password": "missing"}),
        ({"username": "ada", "password": 1}, {"password": "string_type"}),
        ({"username": "ada", "password": ""}, {"password": "string_too_short"}),
        ({"username": "ada", "password": "x" * 1025}, {"password": "string_too_long"}),
        ({"username": "a\u200bda", "password": "x"}, {"username": "value_error"}),
        ({"username": "ada", "password": "x", "tenant": "T#x"}, {"tenant": "string_pattern_mismatch"}),
        ({"username": "ada", "password": "x", "tenant": "default\n"}, {"tenant": "string_pattern_mismatch"}),
        ({"username": "ada", "password": "x", "role": "admin"}, {"role": "extra_forbidden"}),
    ],
)
def test_signing_in_takes_a_name_and_a_password(plant: Plant, body: dict[str, Any], fields: dict[str, str]) -> None:
    reply = plant.stranger.post("/auth/login", body)

    assert (reply.status, reply.fields()) == (422, fields)


def test_the_right_password_of_another_plant_is_wrong_here(plant: Plant) -> None:
    plant.admin.post("/auth/register", NEW)
    sent = {"username": NEW["username"], "password": PASSWORD}

    assert plant.stranger.post("/auth/login", sent | {"tenant": "default"}).status == 200
    for tenant in ("another", "defaults"):
        assert plant.stranger.post("/auth/login", sent | {"tenant": tenant}).status == 401


def test_answers_with_tokens_are_kept_by_nobody_on_the_way(plant: Plant) -> None:
    plant.admin.post("/auth/register", NEW)

    reply = plant.stranger.post("/auth/login", {"username": NEW["username"], "password": PASSWORD})

    assert reply.headers["Cache-Control"] == "no-store"
    assert "ETag" not in reply.headers


def test_a_password_that_was_typed_as_a_name_is_kept_nowhere(plant: Plant) -> None:
    plant.stranger.post("/auth/login", {"username": PASSWORD, "password": "x"})

    assert PASSWORD not in str([each.attribute_values for each in Item.scan()])
