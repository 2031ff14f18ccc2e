"""Users over HTTP: planners see them, admins change them, and one admin always remains."""

from typing import Any

import pytest

from chalicelib.domain.people.users import Role
from tests.conftest import SetClock
from tests.floor import HOUR, Person, Plant, pages
from tests.machines import standing
from tests.phones import PASSWORD, employ, log_in, phone, refused

SHAPE = {"id", "username", "full_name", "email", "phone", "role", "active", "must_change_password", "created_at"}
LAST_ADMIN = (409, "ERR_USER_LAST_ADMIN")
FORBIDDEN = (403, "ERR_AUTH_FORBIDDEN")
NOT_FOUND = (404, "ERR_USER_NOT_FOUND")


def everything() -> list[dict[str, Any]]:
    return sorted(
        (each.attribute_values for kind in ("user", "login", "admins", "security_event") for each in standing(kind)),
        key=str,
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/auth/me"),
        ("GET", "/auth/users"),
        ("GET", "/auth/users/u1"),
        ("PATCH", "/auth/users/u1"),
        ("PATCH", "/auth/users/u1/role"),
        ("POST", "/auth/users/u1/password"),
    ],
)
def test_nobody_unknown_sees_or_changes_anybody(plant: Plant, method: str, path: str) -> None:
    assert refused(plant.stranger.call(method, path, {})) == (401, "ERR_AUTH_TOKEN_MISSING")


def test_somebody_of_another_plant_is_not_there(plant: Plant) -> None:
    path = f"/auth/users/{plant.worker.id}"
    planner = Person(plant.client, plant.planner.user, "another")

    assert refused(planner.get(path)) == NOT_FOUND
    assert planner.get("/auth/users").items == planner.get("/auth/users?username=veli").items == []


def test_people_are_seen_by_those_who_plan_and_changed_by_admins(plant: Plant) -> None:
    path = f"/auth/users/{plant.other.id}"

    assert [person.get(path).status for person in (plant.admin, plant.planner, plant.worker)] == [200, 200, 403]
    for person in (plant.planner, plant.worker, plant.other):
        assert refused(person.patch(path, {"full_name": "x"})) == FORBIDDEN
        assert refused(person.patch(f"{path}/role", {"role": "admin"})) == FORBIDDEN
    assert refused(plant.worker.get("/auth/users")) == FORBIDDEN


@pytest.mark.parametrize("user_id", ["nobody", "01HZZZZZZZZZZZZZZZZZZZZZZZ", "..", "%23", "x" * 128, "x" * 129])
def test_who_is_not_there_cannot_be_read_or_changed(plant: Plant, user_id: str) -> None:
    path = f"/auth/users/{user_id}"

    assert plant.admin.get(path).status == 404
    assert plant.admin.patch(path, {"active": False}).status == 404
    assert plant.admin.patch(f"{path}/role", {"role": "worker"}).status == 404


def test_everybody_sees_themselves_as_they_are_now(plant: Plant) -> None:
    for person in (plant.admin, plant.planner, plant.worker):
        shown = person.get("/auth/me").data
        assert (shown["id"], set(shown)) == (person.id, SHAPE)
    plant.admin.patch(f"/auth/users/{plant.worker.id}", {"full_name": "Veli"})
    assert plant.worker.get("/auth/me").data["full_name"] == "Veli"


def test_only_what_is_named_changes_and_null_clears(plant: Plant, set_clock: SetClock) -> None:
    path = f"/auth/users/{plant.worker.id}"
    before = plant.admin.get(path).data

    given = {"full_name": "Veli Ş.", "email": "veli@example.com", "phone": "0555  000 00 01"}
    named = plant.admin.patch(path, given).data
    reached = before | {"email": "veli@example.com", "phone": "0555 000 00 01"}
    assert named == reached | {"full_name": "Veli Ş."}
    cleared = plant.admin.patch(path, {"full_name": None}).data
    assert cleared == reached
    left = plant.admin.patch(path, {"active": False}).data
    assert left == cleared | {"active": False}
    assert plant.admin.get(path).data == left
    assert plant.admin.get("/auth/users?username=veli").items == [left]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"active": None}, {"active": "bool_type"}),
        ({"active": "false"}, {"active": "bool_type"}),
        ({"active": 0}, {"active": "bool_type"}),
        ({"role": "admin"}, {"role": "extra_forbidden"}),
        ({"username": "new"}, {"username": "extra_forbidden"}),
        ({"password": "a good long one"}, {"password": "extra_forbidden"}),
        ({"id": "u2", "full_name": "x"}, {"id": "extra_forbidden"}),
        ({"must_change_password": False}, {"must_change_password": "extra_forbidden"}),
        ({"devices_since": None}, {"devices_since": "extra_forbidden"}),
        ({"full_name": ""}, {"full_name": "value_error"}),
        ({"full_name": "a\x07", "email": "nowhere"}, {"full_name": "value_error", "email": "value_error"}),
        ({"phone": "call me"}, {"phone": "value_error"}),
    ],
)
def test_nothing_else_can_be_changed_about_a_person(plant: Plant, body: Any, fields: dict[str, str]) -> None:
    before = everything()

    reply = plant.admin.patch(f"/auth/users/{plant.worker.id}", body)

    assert (reply.status, reply.fields()) == (422, fields)
    assert everything() == before


def test_a_change_of_nothing_is_refused(plant: Plant) -> None:
    reply = plant.admin.patch(f"/auth/users/{plant.worker.id}", {})

    assert (reply.status, reply.error["code"]) == (422, "ERR_REQUEST_INVALID")


@pytest.mark.parametrize("body", [{}, {"role": "owner"}, {"role": None}, {"role": "worker", "active": True}])
def test_a_role_is_one_that_there_is(plant: Plant, body: Any) -> None:
    assert plant.admin.patch(f"/auth/users/{plant.worker.id}/role", body).status == 422


@pytest.mark.parametrize(
    ("path", "body"), [("", {"active": False}), ("", {"full_name": "x"}), ("/role", {"role": "planner"})]
)
def test_a_change_for_a_trial_answers_the_same_and_changes_nothing(
    plant: Plant, path: str, body: Any, set_clock: SetClock
) -> None:
    before, at = everything(), f"/auth/users/{plant.worker.id}{path}"

    tried = plant.admin.patch(f"{at}?dry_run=1", body, key="k")
    assert everything() == before
    changed = plant.admin.patch(at, body, key="k")

    assert tried.body == changed.body
    assert everything() != before


@pytest.mark.parametrize("asked", ["", "?dry_run=1"])
@pytest.mark.parametrize(("path", "body"), [("", {"active": False}), ("/role", {"role": "worker"})])
def test_the_last_active_admin_stays(plant: Plant, path: str, body: Any, asked: str) -> None:
    employ(plant, "gone", Role.ADMIN, active=False)
    before = everything()

    assert refused(plant.admin.patch(f"/auth/users/{plant.admin.id}{path}{asked}", body)) == LAST_ADMIN

    assert everything() == before


def test_an_admin_may_leave_where_there_is_another(plant: Plant) -> None:
    boss = employ(plant, "boss", Role.ADMIN)

    left = plant.admin.patch(f"/auth/users/{plant.admin.id}/role", {"role": "worker"})

    assert left.data["role"] == "worker"
    assert refused(plant.admin.get("/auth/events")) == FORBIDDEN
    assert refused(boss.patch(f"/auth/users/{boss.id}", {"active": False})) == LAST_ADMIN


def test_a_change_with_its_key_is_made_once_and_answered_again(plant: Plant) -> None:
    at = f"/auth/users/{plant.worker.id}/role"

    first = plant.admin.patch(at, {"role": "planner"}, key="k")
    plant.admin.patch(at, {"role": "worker"})
    again = plant.admin.patch(at, {"role": "planner"}, key="k")

    assert (again.data, again.headers["Idempotent-Replayed"]) == (first.data, "true")
    assert plant.admin.get(f"/auth/users/{plant.worker.id}").data["role"] == "worker"
    for other in ({"role": "admin"}, {"role": "worker"}):
        assert plant.admin.patch(at, other, key="k").error["code"] == "ERR_IDEMPOTENCY_KEY_REUSED"
    elsewhere = plant.admin.patch(f"/auth/users/{plant.other.id}/role", {"role": "planner"}, key="k")
    assert elsewhere.error["code"] == "ERR_IDEMPOTENCY_KEY_REUSED"


def test_who_is_deactivated_may_not_come_in_and_is_told_so(plant: Plant, zeynep: Person) -> None:
    plant.admin.patch(f"/auth/users/{zeynep.id}", {"active": False})

    assert refused(log_in(plant)) == (403, "ERR_AUTH_INACTIVE")
    assert refused(log_in(plant, password="wrong")) == (401, "ERR_AUTH_BAD_CREDENTIALS")
    plant.admin.patch(f"/auth/users/{zeynep.id}", {"active": True})
    assert log_in(plant).status == 200


def test_a_demoted_admin_administers_no_more_at_once_and_all_else_ends_with_the_token(
    plant: Plant, set_clock: SetClock
) -> None:
    boss = employ(plant, "boss", Role.ADMIN)
    desk = phone(plant, "boss", PASSWORD)
    plant.admin.patch(f"/auth/users/{boss.id}/role", {"role": "worker"})

    assert refused(desk.patch(f"/auth/users/{boss.id}/role", {"role": "admin"})) == FORBIDDEN
    assert desk.get("/auth/users").status == 200
    set_clock.forward(HOUR / 2)
    assert desk.get("/auth/users").error["code"] == "ERR_AUTH_TOKEN_EXPIRED"
    assert refused(desk.refreshed().get("/auth/users")) == FORBIDDEN


def test_people_are_found_by_role_activity_and_name(plant: Plant) -> None:
    employ(plant, "gone", active=False)

    def names(query: str) -> list[str]:
        return [each["username"] for each in pages(plant.planner, f"/auth/users?{query}&")]

    assert names("role=worker") == ["veli", "oya", "gone"]
    assert names("role=worker&active=true") == ["veli", "oya"]
    assert names("active=false") == ["gone"]
    assert names("username=GONE") == names("username=gone&role=worker&active=false") == ["gone"]
    assert names("username=gone&active=true") == names("username=gone&role=admin") == names("username=nobody") == []


@pytest.mark.parametrize("query", ["role=owner", "active=perhaps", "username=", "role=worker&role=admin", "name=veli"])
def test_a_filter_that_means_nothing_is_refused(plant: Plant, query: str) -> None:
    assert refused(plant.planner.get(f"/auth/users?{query}")) == (400, "ERR_REQUEST_BAD_PARAMETER")


def test_nothing_secret_is_shown_of_anybody(plant: Plant, zeynep: Person) -> None:
    log_in(plant)

    shown = [*plant.admin.get("/auth/users").items, plant.admin.get(f"/auth/users/{zeynep.id}").data]

    assert all(set(each) == SHAPE for each in shown)
    assert "$2b$" not in str(shown)
