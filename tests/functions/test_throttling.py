"""Throttling over HTTP: 429, the wait, and which address counts."""

from datetime import timedelta

import pytest

from chalicelib.domain.people.throttling import OF_SIGN_IN
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.services import tenants
from chalicelib.services.people import throttling
from tests.conftest import SetClock
from tests.floor import MINUTE, Person, Plant, Reply
from tests.machines import standing
from tests.phones import PASSWORD, Phone, at_address, employ, log_in, refused

BLOCKED = (429, "ERR_AUTH_TOO_MANY_ATTEMPTS")
NEW = {"username": "newcomer", "password": PASSWORD}


def fail(plant: Plant, times: int = 5, name: str = "zeynep") -> list[int]:
    return [log_in(plant, name, "wrong").status for _ in range(times)]


def register(plant: Plant, name: str = "newcomer") -> Reply:
    return plant.stranger.post("/auth/register", NEW | {"username": name, "tenant": "open"})


@pytest.fixture
def opened(plant: Plant, set_clock: SetClock) -> None:
    """A plant where anybody may ask to be let in."""
    tenants.create("open", DEFAULT_SETTINGS)
    tenants.change("open", {"self_registration": True})


def test_after_five_failures_also_the_right_password_has_to_wait(plant: Plant, zeynep: Person) -> None:
    assert fail(plant) == [401] * 5

    reply = log_in(plant)

    assert refused(reply) == BLOCKED
    assert reply.headers["Retry-After"] == "60"
    assert reply.error["detail"] == "Wait 60 seconds, then try again."


def test_how_long_to_wait_gets_less_and_then_one_may_come_in(plant: Plant, zeynep: Person, set_clock: SetClock) -> None:
    fail(plant)
    set_clock.forward(timedelta(seconds=59, milliseconds=500))
    assert log_in(plant).headers["Retry-After"] == "1"

    set_clock.forward(timedelta(milliseconds=500))

    assert log_in(plant).status == 200


def test_the_second_block_is_twice_as_long(plant: Plant, zeynep: Person, set_clock: SetClock) -> None:
    fail(plant)
    set_clock.forward(MINUTE)

    assert fail(plant, 6) == [401] * 5 + [429]
    assert log_in(plant).headers["Retry-After"] == "120"


def test_other_names_and_other_addresses_go_on(plant: Plant, zeynep: Person) -> None:
    employ(plant, "ayla")
    fail(plant)

    assert log_in(plant, "ayla").status == 200
    with at_address("10.0.0.2"):
        assert log_in(plant).status == 200
    assert log_in(plant).status == 429


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:0DB8:0001:0002::0001", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("", "not an address", True),
    ],
)
def test_a_household_of_ipv6_is_one_address(plant: Plant, zeynep: Person, one: str, other: str, *, same: bool) -> None:
    with at_address(one):
        fail(plant)

    with at_address(other):
        assert log_in(plant).status == (429 if same else 200)


def test_an_address_that_a_header_claims_is_not_believed(plant: Plant, zeynep: Person) -> None:
    for number in range(5):
        plant.stranger.post(
            "/auth/login", {"username": "zeynep", "password": "wrong"}, X_Forwarded_For=f"10.1.1.{number}"
        )

    reply = plant.stranger.post(
        "/auth/login",
        {"username": "zeynep", "password": PASSWORD},
        X_Forwarded_For="10.1.1.99",
        Forwarded="for=10.1.1.9",
    )

    assert refused(reply) == BLOCKED


def test_a_block_tells_nothing_of_whether_there_is_such_a_name(plant: Plant, zeynep: Person) -> None:
    assert fail(plant, 6, "nobody") == fail(plant, 6, "zeynep") == [401] * 5 + [429]


def test_a_block_at_the_door_does_not_sign_anybody_out(plant: Plant, mobile: Phone) -> None:
    fail(plant)

    assert mobile.refresh().status == 200
    assert mobile.get("/auth/me").status == 200


def test_an_inactive_account_is_no_way_to_guess_without_an_end(plant: Plant) -> None:
    employ(plant, "gone", active=False)

    assert [log_in(plant, "gone").status for _ in range(6)] == [403] * 5 + [429]


def test_a_request_that_is_not_well_formed_is_no_attempt(plant: Plant, zeynep: Person) -> None:
    for _ in range(6):
        assert plant.stranger.post("/auth/login", {"username": "zeynep"}).status == 422

    assert standing("throttle") == []


@pytest.mark.usefixtures("opened")
def test_registering_oneself_is_counted_whatever_comes_of_it(plant: Plant) -> None:
    assert [register(plant).status for _ in range(6)] == [201, 409, 409, 409, 409, 429]
    assert register(plant, "NEWCOMER").headers["Retry-After"] == "60"
    assert register(plant, "another").status == 201


@pytest.mark.usefixtures("opened")
def test_registering_oneself_and_signing_in_are_counted_apart(plant: Plant, zeynep: Person) -> None:
    fail(plant)

    assert register(plant, "zeynep").status == 201


@pytest.mark.usefixtures("opened")
def test_so_many_who_register_themselves_in_a_minute_are_enough_for_one_address(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttling, "OF_SIGN_IN", OF_SIGN_IN._replace(address=7))
    assert [register(plant, f"name {number}").status for number in range(8)] == [201] * 7 + [429]

    with at_address("10.0.0.2"):
        assert register(plant, "one more").status == 201


def test_an_admin_registers_as_many_as_there_are(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "OF_SIGN_IN", OF_SIGN_IN._replace(address=7))
    statuses = [plant.admin.post("/auth/register", NEW | {"username": f"n{number}"}).status for number in range(12)]

    assert set(statuses) == {201}
    assert standing("throttle") == []
