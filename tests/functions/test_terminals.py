"""Shared terminals: enrolled by who plans; people sign in there as themselves, with the rights of a worker."""

from typing import Any

import pytest

from chalicelib import remembered
from chalicelib.domain.people.users import Role
from chalicelib.services import tenants
from tests.conftest import SetClock
from tests.floor import MINUTE, Plant, hire, pages
from tests.functions.at_terminals import BADGE, PIN, Tablet, enrol, give
from tests.machines import standing


@pytest.fixture
def tablet(plant: Plant, set_clock: SetClock) -> Tablet:
    """A terminal; the worker has a PIN, and the other worker a badge."""
    assert give(plant.worker, plant.worker, pin=PIN).status == 200
    assert give(plant.planner, plant.other, badge=BADGE).status == 200
    return enrol(plant)


def events(plant: Plant, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = plant.admin.get(f"/auth/events?kind={kind}").items
    return found


def test_a_terminal_gets_its_key_once_and_is_listed_without_it(plant: Plant) -> None:
    first, again = (plant.planner.post("/terminals", {"name": "Hall A"}, key="k") for _ in range(2))
    assert first.data.pop("key").startswith("takip-terminal.default.terminal.")
    assert again.data == first.data
    assert pages(plant.planner, "/terminals?") == [first.data]
    assert "key" not in plant.planner.post("/terminals?dry_run=1", {"name": "Hall B"}).data
    assert [event["detail"] for event in events(plant, "terminal_created")] == [{"terminal_id": first.data["id"]}]


def test_people_sign_in_by_pin_or_by_badge_and_stay_themselves(plant: Plant, tablet: Tablet) -> None:
    stage = plant.order({"name": "A", "assignee_ids": [plant.worker.id]}, id="WO-1")["stages"][0]["id"]
    by_pin, by_badge = tablet.by_pin(plant.worker).data, tablet.sign_in(badge=BADGE.lower()).data
    assert (by_pin["user"]["id"], by_badge["user"]["id"]) == (plant.worker.id, plant.other.id)
    assert (by_pin["expires_in"], by_pin["terminal_id"], "refresh_token" in by_pin) == (900, tablet.id, False)
    started = tablet.call("POST", f"/stages/{stage}/start", by_pin["access_token"], {})
    assert started.data["open_sessions"][0]["worker_id"] == plant.worker.id
    assert tablet.call("POST", f"/stages/{stage}/start", by_badge["access_token"], {}).status == 404
    opened, start = plant.planner.get("/workorders/WO-1/history").items
    assert (start["actor"], start["terminal_id"], "terminal_id" in opened) == (plant.worker.id, tablet.id, False)
    assert [event["detail"] for event in events(plant, "signed_in")] == [{"terminal_id": tablet.id}] * 2
    assert plant.planner.get("/terminals").items[0]["last_seen_on"] == "2026-01-05"


def test_who_plans_has_the_rights_of_a_worker_there(plant: Plant, tablet: Tablet) -> None:
    give(plant.admin, plant.planner, pin=PIN)
    token = tablet.by_pin(plant.planner).data["access_token"]
    assert tablet.call("POST", "/terminals", token, {"name": "Mine"}).error["code"] == "ERR_AUTH_FORBIDDEN"
    assert tablet.call("GET", "/stages", token).items == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/auth/password", {"current": "x", "new": "y"}),
        ("GET", "/auth/devices", None),
        ("PATCH", "/auth/users/{id}/terminal", {"pin": "9137"}),
    ],
)
def test_nobody_changes_their_account_there(plant: Plant, tablet: Tablet, method: str, path: str, body: Any) -> None:
    token = tablet.by_pin(plant.worker).data["access_token"]
    refused = tablet.call(method, path.format(id=plant.worker.id), token, body)
    assert (refused.status, refused.error["code"]) == (403, "ERR_AUTH_NOT_AT_TERMINALS")
    assert tablet.call("POST", "/auth/logout", token, {}).status == 200


def test_a_sign_in_lasts_as_long_as_the_plant_says(plant: Plant, tablet: Tablet, set_clock: SetClock) -> None:
    tenants.change("default", {"terminal_session": 5 * MINUTE})
    tenants.forget_settings()
    signed_in = tablet.by_pin(plant.worker).data
    assert signed_in["expires_in"] == 300
    set_clock.forward(5 * MINUTE)
    late = tablet.call("GET", "/auth/me", signed_in["access_token"])
    assert (late.status, late.error["code"]) == (401, "ERR_AUTH_TOKEN_EXPIRED")


def test_a_revoked_terminal_ends_its_key_and_who_signed_in_there(plant: Plant, tablet: Tablet) -> None:
    elsewhere = enrol(plant, "Hall B").by_pin(plant.worker).data["access_token"]
    token = tablet.by_pin(plant.worker).data["access_token"]
    revoked, again = (plant.admin.delete(f"/terminals/{tablet.id}") for _ in range(2))
    assert (revoked.status, again.data) == (200, revoked.data)
    assert tablet.call("GET", "/auth/me", token).error["code"] == "ERR_AUTH_SIGNED_OUT"
    assert tablet.call("GET", "/auth/me", elsewhere).status == 200
    assert tablet.by_pin(plant.worker).error["code"] == "ERR_TERMINAL_KEY_INVALID"
    assert len(events(plant, "terminal_revoked")) == len(events(plant, "terminal_key_refused")) == 1
    assert plant.planner.delete("/terminals/none").error["code"] == "ERR_TERMINAL_NOT_FOUND"


def test_another_function_hears_of_it_within_a_minute(plant: Plant, tablet: Tablet, set_clock: SetClock) -> None:
    token = tablet.by_pin(plant.worker).data["access_token"]
    plant.admin.patch(f"/auth/users/{plant.worker.id}", {"active": False})
    assert tablet.call("GET", "/auth/me", token).status in {200, 401}
    set_clock.forward(MINUTE)
    assert tablet.call("GET", "/auth/me", token).error["code"] == "ERR_AUTH_SIGNED_OUT"
    assert tablet.by_pin(plant.worker).error["code"] == "ERR_AUTH_INACTIVE"
    assert tablet.by_pin(plant.worker, "1470").error["code"] == "ERR_TERMINAL_BAD_CREDENTIALS"


@pytest.mark.parametrize(
    "key", ["", "no key", "takip-machine.default.a.b." + "x" * 43, "takip-terminal.default.a.b." + "x" * 43]
)
def test_only_an_enrolled_terminal_is_one(plant: Plant, tablet: Tablet, key: str) -> None:
    reply = plant.stranger.post("/terminals/sign-in", {"key": key, "badge": BADGE})
    assert reply.status == (401 if key else 422)


@pytest.mark.parametrize(
    "given",
    [{}, {"username": "veli"}, {"pin": PIN}, {"badge": BADGE, "pin": PIN}, {"badge": BADGE, "username": "veli"}],
)
def test_one_signs_in_in_one_way(plant: Plant, tablet: Tablet, given: Any) -> None:
    assert tablet.sign_in(**given).status == 422


def test_a_pin_that_is_easy_to_guess_or_no_number_is_refused(plant: Plant) -> None:
    assert give(plant.worker, plant.worker, pin="1234").fields() == {"pin": "too_easy"}
    assert [list(give(plant.worker, plant.worker, pin=pin).fields()) for pin in ("258", "2580\n", 2580)] == [
        ["pin"]
    ] * 3


def test_it_is_shown_what_one_has_and_nothing_of_it_is_stored(plant: Plant, tablet: Tablet) -> None:
    at = f"/auth/users/{plant.worker.id}/terminal"
    assert plant.worker.get(at).data == {
        "user_id": plant.worker.id,
        "has_pin": True,
        "pin_locked": False,
        "has_badge": False,
    }
    give(plant.planner, plant.worker, pin=None, badge="B-77123")
    assert plant.planner.get(at).data == {
        "user_id": plant.worker.id,
        "has_pin": False,
        "pin_locked": False,
        "has_badge": True,
    }
    plant.planner.patch(at, {"pin": "9137"}, key="k")
    kinds = ("terminal_access", "badge", "security_event", "idempotency_key")
    stored = [str(each.serialize()) for kind in kinds for each in standing(kind)]
    assert not [each for each in stored for text in (PIN, "9137", BADGE, "77123") if text in each]
    assert tablet.by_pin(plant.worker, "9137").status == tablet.sign_in(badge="b-77123").status == 200
    details = [event["detail"] for event in events(plant, "terminal_access_changed")]
    assert details[:2] == [{"pin": "given"}, {"pin": "taken away", "badge": "given"}]


def test_planners_give_workers_a_pin_and_only_admins_give_others_one(plant: Plant) -> None:
    second = plant.hire("second planner", Role.PLANNER)
    assert give(plant.planner, plant.worker, pin=PIN).status == 200
    assert give(plant.planner, second, pin=PIN).status == 403
    assert give(plant.planner, plant.admin, pin=PIN).status == 403
    assert give(plant.planner, plant.planner, pin=PIN, badge=BADGE).status == 200
    assert give(plant.admin, second, pin=PIN).status == 200
    assert give(plant.worker, plant.other, pin=PIN).error["code"] == "ERR_USER_NOT_FOUND"
    assert give(plant.worker, plant.worker, badge=BADGE).status == 403
    assert plant.worker.get(f"/auth/users/{plant.other.id}/terminal").status == 404
    assert plant.planner.get("/auth/users/nobody/terminal").status == 404


def test_a_badge_is_one_persons_until_it_is_taken_away(plant: Plant, tablet: Tablet) -> None:
    taken = give(plant.planner, plant.worker, badge=BADGE.lower())
    assert (taken.status, taken.error["code"]) == (409, "ERR_TERMINAL_BADGE_TAKEN")
    assert give(plant.planner, plant.other, badge=BADGE).status == 200
    give(plant.planner, plant.other, badge=None)
    assert tablet.sign_in(badge=BADGE).error["code"] == "ERR_TERMINAL_BAD_CREDENTIALS"
    assert give(plant.planner, plant.worker, badge=BADGE).status == 200
    assert tablet.sign_in(badge=BADGE).data["user"]["id"] == plant.worker.id


def test_a_badge_of_one_tenant_is_nothing_in_another(plant: Plant, tablet: Tablet) -> None:
    planner, worker = (
        hire(plant.client, f"{role} abroad", role, tenant="abroad") for role in (Role.PLANNER, Role.WORKER)
    )
    key = planner.post("/terminals", {"name": "Abroad"}).data["key"]
    abroad = {"key": key, "badge": BADGE}
    assert plant.stranger.post("/terminals/sign-in", abroad).error["code"] == "ERR_TERMINAL_BAD_CREDENTIALS"
    assert give(planner, worker, badge=BADGE).status == 200
    remembered.forget_records()
    assert plant.stranger.post("/terminals/sign-in", abroad).data["user"]["id"] == worker.id
