"""Users through the command line and in races, and the list of admins."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib import settings
from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.people.admins import Admins
from chalicelib.domain.people.credentials import PasswordExpired
from chalicelib.domain.people.devices import Source
from chalicelib.domain.people.users import NewUser, Role, User, UsernameTaken
from chalicelib.domain.tenants import DEFAULT_TENANT, TenantNotFound
from chalicelib.services import tenants
from chalicelib.services.people import users
from chalicelib.services.people.sign_in import sign_in
from chalicelib.storage.people import users as people
from tests.conftest import SetClock
from tests.disturbances import all_at_once, cancelled, raising, times
from tests.floor import MORNING, Plant
from tests.machines import standing, watched
from tests.phones import PASSWORD

HERE = Source("10.0.0.1", "phone")


@pytest.fixture(autouse=True)
def _no_waiting(plant: Plant, waits: list[float]) -> None:
    """Waits cost nothing; the signing keys are known, and so is what the plant has decided."""
    settings.signing_keys()
    tenants.settings_of(DEFAULT_TENANT)


def admins() -> Admins | None:
    found = standing("admins")
    return found[0].read(Admins) if found else None


def errors(new: NewUser) -> list[tuple[str, str]]:
    with pytest.raises(InvalidFields) as refusal:
        users.enrol(DEFAULT_TENANT, new)
    return [(error.field, error.code) for error in refusal.value.errors]


def test_an_admin_is_made_where_nobody_can_sign_in_yet(plant: Plant) -> None:
    made = users.create_admin(DEFAULT_TENANT, "root", PASSWORD)

    assert (made.role, made.active) == (Role.ADMIN, True)
    signed_in = plant.stranger.post("/auth/login", {"username": "ROOT", "password": PASSWORD})
    assert signed_in.data["user"]["id"] == made.id


def test_an_admin_needs_a_free_name_and_a_good_password() -> None:
    with pytest.raises(UsernameTaken):
        users.create_admin(DEFAULT_TENANT, "Ada", PASSWORD)
    for password in ("short", ""):
        with pytest.raises(InvalidFields):
            users.create_admin(DEFAULT_TENANT, "root", password)
    assert people.find_login(DEFAULT_TENANT, "root") is None


@pytest.mark.parametrize("made", ["create_admin", "enrol"])
def test_who_was_made_after_a_lost_race_is_who_is_told(made: str) -> None:
    with watched(times(2, raising(cancelled("TransactionConflict")))):
        user = (
            users.create_admin(DEFAULT_TENANT, "root", PASSWORD)
            if made == "create_admin"
            else users.enrol(DEFAULT_TENANT, NewUser("root")).user
        )

    assert people.find(DEFAULT_TENANT, user.id) == user


def test_nobody_is_made_in_a_plant_that_is_not_there() -> None:
    with pytest.raises(TenantNotFound):
        users.create_admin("nowhere", "root", PASSWORD)
    with pytest.raises(TenantNotFound):
        users.enrol("nowhere", NewUser("root"))


def test_who_is_enrolled_gets_a_password_that_they_must_change_within_a_weekend(set_clock: SetClock) -> None:
    enrolled = users.enrol(DEFAULT_TENANT, NewUser("zeynep", full_name="Zeynep", role=Role.PLANNER))

    signed_in = sign_in(DEFAULT_TENANT, "zeynep", enrolled.one_time_password, HERE)
    assert signed_in.user == enrolled.user
    assert (enrolled.user.must_change_password, enrolled.user.active, enrolled.user.role) == (True, True, Role.PLANNER)
    set_clock.set(MORNING + timedelta(days=3))
    with pytest.raises(PasswordExpired):
        sign_in(DEFAULT_TENANT, "zeynep", enrolled.one_time_password, HERE)


def test_enrolling_for_a_trial_makes_nobody() -> None:
    tried = users.enrol(DEFAULT_TENANT, NewUser("zeynep"), dry_run=True)

    assert tried.user.username == "zeynep"
    assert people.find_login(DEFAULT_TENANT, "zeynep") is None
    assert standing("security_event") == []
    with pytest.raises(UsernameTaken):
        users.enrol(DEFAULT_TENANT, NewUser("ADA"), dry_run=True)


def test_everything_that_is_wrong_with_somebody_is_told_at_once() -> None:
    new = NewUser(" a", "a b", full_name="a\x07b", email="nowhere", phone="nowhere")

    assert errors(new) == [
        ("username", "not_allowed"),
        ("full_name", "not_allowed"),
        ("email", "not_allowed"),
        ("phone", "not_allowed"),
        ("password", "too_short"),
    ]
    assert errors(NewUser("zeynep", "Zeynep's own")) == [("password", "contains_username")]


def test_fifty_who_register_one_name_at_once_are_one_who_has_it_and_others_who_are_told(plant: Plant) -> None:
    spellings = ["Zeynep", "ZEYNEP", "zeynep", "\uff5aeynep", "zeYnep"]

    def attempt(number: int) -> str:
        body = {"username": spellings[number % 5], "password": f"password number {number}"}
        reply = plant.admin.post("/auth/register", body)
        return "made" if reply.status == 201 else str(reply.error["code"])

    with all_at_once(50), ThreadPoolExecutor(50) as crowd:
        outcomes = list(crowd.map(attempt, range(50)))

    assert sorted(outcomes) == ["ERR_USER_USERNAME_TAKEN"] * 49 + ["made"]
    found = [each for each in standing("user") if each.data["username"].lower() in {"zeynep", "\uff5aeynep"}]
    assert len(found) == 1
    winner = outcomes.index("made")
    assert sign_in(DEFAULT_TENANT, "zeynep", f"password number {winner}", HERE).user.id == found[0].data["id"]


def test_registering_costs_one_transaction_and_an_admin_two_reads_more(plant: Plant) -> None:
    body = {"username": "zeynep", "password": PASSWORD}
    with watched() as worker:
        plant.admin.post("/auth/register", body, key="k")
    with watched() as first_admin:
        plant.admin.post("/auth/register", body | {"username": "a2", "role": "admin"})
    with watched() as admin:
        plant.admin.post("/auth/register", body | {"username": "a3", "role": "admin"})

    # The first read of each is of the admin who asks, as they are now.
    assert worker == ["GetItem", "TransactWriteItems"]
    assert first_admin == ["GetItem", "GetItem", "Query", "TransactWriteItems"]
    assert admin == ["GetItem", "GetItem", "TransactWriteItems"]


def test_who_the_admins_are_is_written_with_the_first_that_is_made_and_holds_those_before(plant: Plant) -> None:
    assert admins() is None

    made = users.create_admin(DEFAULT_TENANT, "root", PASSWORD)

    assert admins() == Admins(frozenset({plant.admin.id, made.id}), 1)


def test_whoever_is_no_admin_changes_nothing_about_who_they_are() -> None:
    users.enrol(DEFAULT_TENANT, NewUser("zeynep"))

    assert admins() is None


def test_two_admins_made_at_once_are_both_among_them(plant: Plant) -> None:
    made: list[User] = []

    def another() -> None:
        made.append(users.create_admin(DEFAULT_TENANT, "second", PASSWORD))

    with watched(times(1, another)):
        made.append(users.create_admin(DEFAULT_TENANT, "first", PASSWORD))

    found = admins()
    assert found is not None
    assert found.user_ids == {plant.admin.id, *(each.id for each in made)}
    assert all(people.find(DEFAULT_TENANT, user_id) for user_id in found.user_ids)
