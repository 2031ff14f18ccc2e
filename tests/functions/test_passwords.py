"""Passwords over HTTP: changed by the user, or reset by an admin and then changed before anything else."""

from datetime import timedelta

import pytest

from chalicelib.domain.people.users import Role
from chalicelib.storage.items import Item
from functions._rules import RULES
from tests.conftest import SetClock
from tests.floor import MORNING, Person, Plant
from tests.machines import standing
from tests.phones import PASSWORD, Phone, employ, log_in, phone, refused

NEW = "staple battery horse"
CHANGE = {"current": PASSWORD, "new": NEW}
MUST_CHANGE = (403, "ERR_AUTH_PASSWORD_CHANGE_REQUIRED")
OPEN_BEFORE = {"/auth/me", "/auth/password", "/auth/logout"}


@pytest.fixture
def given(plant: Plant, zeynep: Person) -> str:
    """The password that an admin has just given her."""
    return str(plant.admin.post(f"/auth/users/{zeynep.id}/password").data["one_time_password"])


def everything() -> str:
    return str([each.attribute_values for each in Item.scan()])


def test_nobody_unknown_changes_or_gives_a_password(plant: Plant, zeynep: Person) -> None:
    for path in ("/auth/password", f"/auth/users/{zeynep.id}/password"):
        assert refused(plant.stranger.post(path, CHANGE)) == (401, "ERR_AUTH_TOKEN_MISSING")


def test_a_changed_password_answers_with_a_pair_that_is_good(mobile: Phone, plant: Plant, zeynep: Person) -> None:
    pair = mobile.post("/auth/password", CHANGE).data

    here = Phone(plant.client, None, pair=pair)
    assert here.get("/auth/me").data["id"] == zeynep.id
    assert here.refreshed().get("/auth/me").status == 200
    assert (log_in(plant).status, log_in(plant, password=NEW).status) == (401, 200)


def test_a_changed_password_whose_reply_was_lost_is_changed_by_asking_again(mobile: Phone, plant: Plant) -> None:
    first, again = (mobile.post("/auth/password", CHANGE) for _ in range(2))

    assert (first.status, again.status) == (200, 200)
    for reply in (first, again):
        assert Phone(plant.client, None, pair=reply.data).refresh().status == 200


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"new": PASSWORD}, {"new": "unchanged"}),
        ({"new": "short"}, {"new": "too_short"}),
        ({"new": "x" * 73}, {"new": "too_long"}),
        ({"new": "ş" * 37}, {"new": "too_long"}),
        ({"new": "with\0nul inside"}, {"new": "contains_nul"}),
        ({"new": "ZEYNEP the great"}, {"new": "contains_username"}),
        ({"new": "x" * 1025}, {"new": "string_too_long"}),
        ({"new": ""}, {"new": "string_too_short"}),
        ({"current": 1}, {"current": "string_type"}),
        ({"user_id": "somebody"}, {"user_id": "extra_forbidden"}),
    ],
)
def test_a_new_password_is_a_good_one_and_another(
    mobile: Phone, plant: Plant, body: dict[str, object], fields: dict[str, str]
) -> None:
    reply = mobile.post("/auth/password", CHANGE | body)

    assert (reply.status, reply.fields()) == (422, fields)
    assert log_in(plant).status == 200


def test_a_wrong_current_password_is_no_more_than_wrong(mobile: Phone) -> None:
    wrong = mobile.post("/auth/password", CHANGE | {"current": "wrong"})

    assert refused(wrong) == (401, "ERR_AUTH_BAD_CREDENTIALS")
    statuses = [mobile.post("/auth/password", CHANGE | {"current": "wrong"}).status for _ in range(5)]
    assert statuses == [401] * 4 + [429]


@pytest.mark.parametrize("current", ["x" * 73, "ş" * 37, "\0", PASSWORD + "\0"])
def test_what_bcrypt_would_cut_is_not_the_current_password(mobile: Phone, current: str) -> None:
    assert mobile.post("/auth/password", CHANGE | {"current": current}).status == 401


def test_nobody_changes_their_password_for_a_trial(mobile: Phone, plant: Plant) -> None:
    assert refused(mobile.post("/auth/password?dry_run=1", CHANGE)) == (400, "ERR_REQUEST_BAD_PARAMETER")
    assert log_in(plant).status == 200


def test_a_password_is_given_by_admins_only(plant: Plant, zeynep: Person) -> None:
    for person in (plant.planner, plant.worker, zeynep):
        assert refused(person.post(f"/auth/users/{zeynep.id}/password")) == (403, "ERR_AUTH_FORBIDDEN")
    missing = plant.admin.post("/auth/users/nobody/password")
    assert refused(missing) == (404, "ERR_USER_NOT_FOUND")


def test_an_admin_gives_no_password_to_themselves(plant: Plant) -> None:
    before = everything()

    for query in ("", "?dry_run=1"):
        reply = plant.admin.post(f"/auth/users/{plant.admin.id}/password{query}")
        assert refused(reply) == (409, "ERR_USER_OWN_PASSWORD")
    assert everything() == before


def test_a_given_password_is_shown_once_and_kept_nowhere(plant: Plant, zeynep: Person) -> None:
    path = f"/auth/users/{zeynep.id}/password"

    first, again = (plant.admin.post(path, key="k") for _ in range(2))

    given = first.data["one_time_password"]
    assert again.data == {name: value for name, value in first.data.items() if name != "one_time_password"}
    assert again.headers["Idempotent-Replayed"] == "true"
    assert given not in everything()
    assert log_in(plant, password=given).status == 200
    assert first.data["must_change_password"] is True


def test_the_old_password_is_good_for_nothing_once_another_was_given(plant: Plant, given: str) -> None:
    assert log_in(plant).status == 401


def test_giving_a_password_for_a_trial_gives_none(plant: Plant, zeynep: Person) -> None:
    before = everything()

    reply = plant.admin.post(f"/auth/users/{zeynep.id}/password?dry_run=1")

    assert (reply.status, reply.data["must_change_password"]) == (200, True)
    assert "one_time_password" not in reply.data
    assert everything() == before


def test_each_given_password_is_another(plant: Plant, zeynep: Person) -> None:
    path = f"/auth/users/{zeynep.id}/password"

    first, second = (plant.admin.post(path).data["one_time_password"] for _ in range(2))

    assert first != second
    assert (log_in(plant, password=first).status, log_in(plant, password=second).status) == (401, 200)


def test_a_given_password_lasts_a_weekend(plant: Plant, given: str, set_clock: SetClock) -> None:
    mobile = phone(plant, password=given)
    set_clock.set(MORNING + timedelta(days=3, milliseconds=-1))
    assert log_in(plant, password=given).status == 200

    set_clock.set(MORNING + timedelta(days=3))

    assert refused(log_in(plant, password=given)) == (403, "ERR_AUTH_PASSWORD_EXPIRED")
    assert refused(log_in(plant, password="wrong")) == (401, "ERR_AUTH_BAD_CREDENTIALS")
    late = mobile.refreshed().post("/auth/password", {"current": given, "new": NEW})
    assert refused(late) == (403, "ERR_AUTH_PASSWORD_EXPIRED")


@pytest.mark.parametrize("role", Role)
def test_until_a_given_password_is_changed_every_door_but_three_is_closed(plant: Plant, role: Role) -> None:
    somebody = employ(plant, role=role)
    given = plant.admin.post(f"/auth/users/{somebody.id}/password").data["one_time_password"]
    mobile = phone(plant, password=given)
    closed = []
    for rule in RULES:
        if rule.action is None or rule.path in OPEN_BEFORE:
            continue
        reply = mobile.call(rule.method, rule.path.replace("{", "").replace("}", ""), {})
        closed.append(rule.path)
        assert reply.status == 403, rule
        assert reply.error["code"] in {MUST_CHANGE[1], "ERR_AUTH_FORBIDDEN"}, rule
        if role is Role.ADMIN:
            assert refused(reply) == MUST_CHANGE, rule

    assert len(closed) > 20
    assert mobile.get("/auth/me").data["must_change_password"] is True
    assert mobile.post("/auth/logout").status == 200


def test_changing_a_given_password_opens_everything(plant: Plant, given: str) -> None:
    mobile = phone(plant, password=given)
    assert refused(mobile.get("/stages")) == MUST_CHANGE
    assert mobile.post("/auth/password", {"current": given, "new": given}).fields() == {"new": "unchanged"}

    pair = mobile.post("/auth/password", {"current": given, "new": NEW}).data

    assert pair["user"]["must_change_password"] is False
    here = Phone(plant.client, None, pair=pair)
    assert here.get("/stages").status == here.refreshed().get("/stages").status == 200
    assert log_in(plant, password=NEW).data["user"]["must_change_password"] is False


def test_who_lost_the_reply_after_changing_a_given_password_asks_again(plant: Plant, given: str) -> None:
    mobile = phone(plant, password=given)
    body = {"current": given, "new": NEW}

    mobile.post("/auth/password", body)
    again = mobile.post("/auth/password", body)

    assert again.data["user"]["must_change_password"] is False
    assert [each.data["kind"] for each in standing("security_event")].count("password_changed") == 1
