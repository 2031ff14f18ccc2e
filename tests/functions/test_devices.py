"""Devices of a user: listed, signed out one by one, and hidden from other users."""

from datetime import timedelta

import pytest

from tests.conftest import SetClock
from tests.floor import HOUR, MORNING, Plant, on_device, pages
from tests.machines import standing
from tests.phones import PASSWORD, Phone, employ, phone

SHAPE = {"id", "name", "signed_in_at", "last_used_at", "expires_at", "current"}


def names(phone: Phone) -> list[str]:
    return [each["name"] for each in phone.get("/auth/devices").items]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/auth/devices"), ("DELETE", "/auth/devices/d1"), ("POST", "/auth/logout")]
)
def test_nobody_unknown_learns_or_ends_anything(plant: Plant, method: str, path: str) -> None:
    assert plant.stranger.call(method, path).error["code"] == "ERR_AUTH_TOKEN_MISSING"


def test_somebody_elses_device_is_not_there(plant: Plant, mobile: Phone) -> None:
    (device,) = mobile.get("/auth/devices").items

    reply = on_device(plant.admin).delete(f"/auth/devices/{device['id']}")

    assert (reply.status, reply.error["code"]) == (404, "ERR_AUTH_DEVICE_NOT_FOUND")
    assert mobile.refresh().status == 200


def test_one_sees_where_one_is_signed_in_and_from_where_one_asks(
    plant: Plant, mobile: Phone, set_clock: SetClock
) -> None:
    set_clock.forward(HOUR)
    tablet = phone(plant, device="tablet")
    shown = tablet.get("/auth/devices").items

    assert [(each["name"], each["current"]) for each in shown] == [("mobile", False), ("tablet", True)]
    assert set(shown[0]) == SHAPE
    assert shown[0]["signed_in_at"] == shown[0]["last_used_at"] == "2026-01-05T08:00:00.000Z"
    assert shown[1]["expires_at"] == "2026-01-12T09:00:00.000Z"


def test_a_refresh_shows_as_last_use_and_nothing_else(mobile: Phone, set_clock: SetClock) -> None:
    (before,) = mobile.get("/auth/devices").items
    set_clock.forward(timedelta(minutes=10))

    (after,) = mobile.refreshed().get("/auth/devices").items

    assert after == before | {"last_used_at": "2026-01-05T08:10:00.000Z"}


def test_a_device_is_called_what_it_says_or_what_its_program_says(plant: Plant, mobile: Phone) -> None:
    sent = {"username": "zeynep", "password": PASSWORD}
    plant.stranger.post("/auth/login", sent, User_Agent="curl/8.5\x07")
    plant.stranger.post("/auth/login", sent, User_Agent="x" * 500)
    plant.stranger.post("/auth/login", sent)

    assert names(mobile) == ["mobile", "curl/8.5", "x" * 200, ""]


@pytest.mark.parametrize("name", ["", "x" * 201, "a\x07b", 1])
def test_a_device_has_a_name_that_can_be_shown(plant: Plant, mobile: Phone, name: object) -> None:
    reply = plant.stranger.post("/auth/login", {"username": "zeynep", "password": PASSWORD, "device": name})

    assert (reply.status, list(reply.fields())) == (422, ["device"])


def test_devices_are_listed_page_by_page(plant: Plant, mobile: Phone) -> None:
    for name in ("tablet", "desk"):
        phone(plant, device=name)

    assert [each["name"] for each in pages(mobile, "/auth/devices?")] == ["mobile", "tablet", "desk"]


def test_one_sees_ones_own_devices_only(plant: Plant, mobile: Phone) -> None:
    employ(plant, "ayla")
    other = phone(plant, "ayla", device="other")

    assert (names(mobile), names(other)) == (["mobile"], ["other"])
    assert [each["name"] for each in on_device(plant.planner).get("/auth/devices").items] == ["desk"]


def test_signing_out_on_a_device_ends_it_and_is_told(plant: Plant, mobile: Phone) -> None:
    lost = phone(plant, device="lost")
    device_id = lost.get("/auth/devices").items[1]["id"]

    reply = mobile.delete(f"/auth/devices/{device_id}")

    assert (reply.data["name"], reply.data["current"]) == ("lost", False)
    assert lost.refresh().status == 401
    assert names(mobile) == ["mobile"]
    event = plant.admin.get("/auth/events?kind=device_revoked").items[0]
    assert (event["device_id"], event["user_id"], event["actor_id"]) == (device_id, event["actor_id"], event["user_id"])
    again = mobile.delete(f"/auth/devices/{device_id}")
    assert (again.status, again.error["code"]) == (404, "ERR_AUTH_DEVICE_NOT_FOUND")


def test_the_access_token_of_a_lost_device_runs_out_by_itself(plant: Plant, mobile: Phone, set_clock: SetClock) -> None:
    lost = phone(plant)
    mobile.delete(f"/auth/devices/{mobile.get('/auth/devices').items[1]['id']}")

    assert lost.get("/auth/me").status == 200
    set_clock.forward(timedelta(minutes=30))
    assert lost.get("/auth/me").status == 401


def test_signing_out_here_leaves_the_other_devices_alone(plant: Plant, mobile: Phone) -> None:
    tablet = phone(plant, device="tablet")

    assert [mobile.post("/auth/logout").data for _ in range(2)] == [{}, {}]

    assert mobile.refresh().error["code"] == "ERR_AUTH_REFRESH_INVALID"
    assert names(tablet) == ["tablet"]


def test_a_device_that_has_expired_or_been_signed_out_by_a_new_password_is_not_listed(
    plant: Plant, mobile: Phone, set_clock: SetClock
) -> None:
    set_clock.set(MORNING + timedelta(days=7))
    tablet = phone(plant, device="tablet")
    assert names(tablet) == ["tablet"]

    pair = tablet.post("/auth/password", {"current": PASSWORD, "new": "staple battery horse"}).data

    assert names(Phone(plant.client, None, pair=pair)) == ["tablet"]
    assert len(standing("device")) == 3  # the table is late to forget them


@pytest.mark.parametrize("device_id", ["x" * 129, "x" * 128, "..", "%23", "d%231", "%00"])
def test_an_id_that_no_device_has_is_not_there(mobile: Phone, device_id: str) -> None:
    assert mobile.delete(f"/auth/devices/{device_id}").status == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/auth/logout?dry_run=1"), ("DELETE", "/auth/devices/d1?dry_run=1"), ("GET", "/auth/devices?who=all")],
)
def test_a_parameter_that_means_nothing_here_is_refused(mobile: Phone, method: str, path: str) -> None:
    reply = mobile.call(method, path)

    assert (reply.status, reply.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")
    assert mobile.refresh().status == 200
