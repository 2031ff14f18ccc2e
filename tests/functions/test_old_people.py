"""The old app signs people in, and shows and changes them, with numbers as ids."""

from typing import Any

import pytest

from chalicelib.domain.people.users import Role
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, Person, Plant, Reply
from tests.old_app import OldPhone, detail, let_in, number_of
from tests.phones import PASSWORD, Phone, employ

SIGNED_OUT = "Oturumunuz kapandı. Yeniden oturum açın."
NEW = "quite another battery"


@pytest.fixture
def zeynep(plant: Plant) -> Person:
    """A worker with a password, in a plant that lets the old app in."""
    let_in()
    return employ(plant)


@pytest.fixture
def admin(plant: Plant) -> OldPhone:
    """The phone of an admin, in such a plant."""
    let_in()
    return OldPhone(plant.admin)


def signed_in(plant: Plant, name: str = "zeynep", password: str = PASSWORD) -> OldPhone:
    """The phone of somebody who signed in with it."""
    reply = OldPhone(plant.stranger).sign_in(name, password)
    assert reply.status == 200, reply.body
    return OldPhone(Phone(plant.client, None, pair=reply.body))


def test_who_signs_in_gets_a_token_for_a_shift_and_themselves_with_a_number(plant: Plant, zeynep: Person) -> None:
    reply = OldPhone(plant.stranger).sign_in(" Zeynep ", PASSWORD)

    assert reply.status == 200, reply.body
    assert (reply.body["token_type"], reply.body["expires_in"]) == ("bearer", 12 * 60 * 60)
    user = reply.body["user"]
    assert (user["id"], user["username"], user["role"]) == (number_of("user", zeynep.id), "zeynep", "worker")
    assert user.keys() >= {"name", "email", "phone"}
    assert reply.headers["Deprecation"] == "@1796083200"
    assert reply.headers["Link"].endswith('/docs/mobile.md>; rel="deprecation"; type="text/markdown"')


def test_json_signs_in_too_and_a_tenant_may_stand_before_the_name(plant: Plant, zeynep: Person) -> None:
    named = OldPhone(plant.stranger).sign_in("default/zeynep", PASSWORD)
    in_json = OldPhone(plant.stranger).post("/auth/login", {"username": "zeynep", "password": PASSWORD})

    assert named.body["user"] == in_json.body["user"]
    assert OldPhone(plant.stranger).sign_in("acme/zeynep", PASSWORD).status == 403
    assert OldPhone(plant.stranger).sign_in("A/zeynep", PASSWORD).status == 401


def test_a_wrong_password_is_told_in_one_turkish_text(plant: Plant, zeynep: Person) -> None:
    wrong = OldPhone(plant.stranger).sign_in("zeynep", "wrong wrong")
    empty = OldPhone(plant.stranger).sign_in("zeynep", "")

    assert (wrong.status, wrong.headers["Content-Language"]) == (401, "tr")
    assert detail(wrong) == "Kullanıcı adı ya da parola yanlış. İkisini de denetleyip yeniden deneyin."
    assert empty.status == 422
    assert detail(empty).startswith("Bazı alanlar hatalı. password: ")


def test_the_token_lasts_for_a_shift(plant: Plant, zeynep: Person, set_clock: SetClock) -> None:
    phone = signed_in(plant)
    set_clock.forward(12 * HOUR - MINUTE)
    assert phone.get("/auth/me").body["id"] == number_of("user", zeynep.id)

    set_clock.forward(MINUTE)
    late = phone.get("/auth/me")

    assert (late.status, detail(late)) == (401, SIGNED_OUT)


def test_who_is_deactivated_is_out_within_a_minute(
    plant: Plant, zeynep: Person, admin: OldPhone, set_clock: SetClock
) -> None:
    phone = signed_in(plant)
    assert phone.get("/auth/me").status == 200

    assert admin.send("DELETE", f"/auth/users/{number_of('user', zeynep.id)}").body == {"ok": True}
    set_clock.forward(MINUTE)

    assert (phone.get("/auth/me").status, detail(phone.get("/auth/me"))) == (401, SIGNED_OUT)
    assert zeynep.id not in {user["id"] for user in plant.admin.get("/auth/users?active=true").items}


def test_a_new_role_holds_within_a_minute(plant: Plant, zeynep: Person, admin: OldPhone, set_clock: SetClock) -> None:
    phone = signed_in(plant)
    assert (phone.get("/auth/users").status, detail(phone.get("/auth/users"))) == (403, "Rolünüz bunu yapamaz.")

    changed = admin.send("PATCH", f"/auth/users/{number_of('user', zeynep.id)}/role", {"role": "Manager"})
    set_clock.forward(MINUTE)

    assert changed.body["role"] == "planner"
    assert phone.get("/auth/users").status == 200


def test_a_one_time_password_is_changed_first(plant: Plant, admin: OldPhone, set_clock: SetClock) -> None:
    made = plant.admin.post(f"/auth/users/{employ(plant, role=Role.PLANNER).id}/password").data["one_time_password"]
    phone = signed_in(plant, password=made)

    refused = phone.get("/auth/users")
    assert (refused.status, detail(refused)) == (
        403,
        "Önce parolanızı değiştirin, sonra yeni parolayla yeniden oturum açın.",
    )
    assert phone.get("/auth/me").body["username"] == "zeynep"
    same = phone.post("/auth/change-password", {"current_password": made, "new_password": made})
    assert detail(same).startswith("Bazı alanlar hatalı. new_password: ")
    sent = {"current_password": made, "new_password": NEW}
    assert phone.post("/auth/change-password", sent).body == {"ok": True}
    set_clock.forward(MINUTE)
    assert (phone.get("/auth/me").status, signed_in(plant, password=NEW).get("/auth/users").status) == (401, 200)


def test_an_admin_registers_somebody_and_a_second_tap_registers_nobody_else(plant: Plant, admin: OldPhone) -> None:
    body = {"username": "murat", "password": PASSWORD, "role": "worker", "email": "", "phone": "+90 532 000 00 00"}

    first, second = (admin.post("/auth/register", body) for _ in range(2))

    assert first.status == 200, first.body
    assert (first.body["ok"], first.body["access_token"]) == (True, None)
    user = first.body["user"]
    assert (user["username"], user["email"], user["phone"]) == ("murat", None, "+90 532 000 00 00")
    assert (second.body, second.headers["Idempotent-Replayed"]) == (first.body, "true")
    listed = admin.get("/auth/users").body
    assert [each for each in listed if each["username"] == "murat"] == [user]
    assert detail(admin.post("/auth/register", {**body, "phone": ""})).startswith("Bu kullanıcı adı alınmış. ")


def test_only_who_may_change_people_today_changes_themselves(plant: Plant, admin: OldPhone) -> None:
    changed = admin.send("PUT", "/auth/me", {"full_name": "Ada Kaya", "email": "ada@example.com"})
    cleared = admin.send("PUT", "/auth/me", {"email": ""})
    refused = OldPhone(plant.worker).send("PUT", "/auth/me", {"full_name": "Boss"})

    assert (changed.body["name"], changed.body["email"]) == ("Ada Kaya", "ada@example.com")
    assert (cleared.body["full_name"], cleared.body["email"]) == ("Ada Kaya", None)
    assert cleared.body == admin.get("/auth/me").body
    assert (refused.status, detail(refused)) == (403, "Rolünüz bunu yapamaz.")


def test_the_list_has_everybody_active_page_after_page(
    plant: Plant, admin: OldPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions._old.LONGEST_PAGE", 2)
    plant.hire("gone", Role.WORKER, active=False)

    listed = admin.get("/auth/users").body
    assert {each["username"]: each["role"] for each in listed} == {
        each["username"]: each["role"] for each in plant.admin.get("/auth/users?active=true").items
    }
    assert sorted(each["id"] for each in listed) == list(range(1, len(listed) + 1))
    monkeypatch.setattr("functions.old_people.MOST_USERS", 3)
    assert len(admin.get("/auth/users").body) == 3


@pytest.mark.parametrize(("sent", "role"), [("WORKER", "worker"), ("manager", "planner"), ("Admin", "admin")])
def test_roles_are_read_in_any_case(plant: Plant, admin: OldPhone, sent: str, role: str) -> None:
    path = f"/auth/users/{number_of('user', plant.worker.id)}/role"
    assert admin.send("PATCH", path, {"role": sent}).body["role"] == role


def test_no_secret_is_part_of_what_tells_a_tap_from_another(plant: Plant, admin: OldPhone) -> None:
    sent: dict[str, Any] = {"username": "murat", "password": PASSWORD, "role": "worker"}

    def register(password: str) -> Reply:
        return admin.post("/auth/register", {**sent, "password": password})

    assert register(PASSWORD).status == 200
    assert register(NEW).headers["Idempotent-Replayed"] == "true"
