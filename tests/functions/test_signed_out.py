"""What signs a user out: a week without use, a new password, leaving. Some of it takes effect at the next refresh."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.domain.people.users import Role
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, WEEK, Person, Plant, Reply
from tests.machines import standing
from tests.phones import PASSWORD, Phone, employ, log_in, phone, refused

MILLISECOND = timedelta(milliseconds=1)
NEW_PASSWORD = "staple battery horse"
INVALID = (401, "ERR_AUTH_REFRESH_INVALID")
SIGNED_OUT = (401, "ERR_AUTH_SIGNED_OUT")


def test_a_week_after_signing_in_one_signs_in_again_however_often_one_refreshed(
    mobile: Phone, set_clock: SetClock
) -> None:
    newest = mobile
    for day in range(1, 7):
        set_clock.set(MORNING + day * 24 * HOUR)
        newest = newest.refreshed()
    set_clock.set(MORNING + WEEK - MILLISECOND)
    newest = newest.refreshed()

    set_clock.set(MORNING + WEEK)

    assert refused(newest.refresh()) == INVALID
    assert len(standing("device")) == 1  # the table is late to forget it


def test_what_expires_tells_the_table_when(mobile: Phone) -> None:
    mobile.refreshed()

    assert standing("device")[0].expires_at == int((MORNING + WEEK).timestamp())


def test_a_deactivated_account_is_signed_out_everywhere_and_stays_so_when_it_is_activated(
    plant: Plant, mobile: Phone, zeynep: Person
) -> None:
    phones = [mobile, phone(plant), phone(plant)]

    plant.admin.patch(f"/auth/users/{zeynep.id}", {"active": False})
    assert {refused(each.refresh()) for each in phones} == {INVALID}
    plant.admin.patch(f"/auth/users/{zeynep.id}", {"active": True})

    assert {refused(each.refresh()) for each in phones} == {INVALID}
    assert phone(plant).refresh().status == 200


def test_a_password_that_was_changed_signs_out_everywhere_but_here(plant: Plant, mobile: Phone) -> None:
    others = [phone(plant), phone(plant)]

    pair = mobile.post("/auth/password", {"current": PASSWORD, "new": NEW_PASSWORD}).data

    assert {refused(each.refresh()) for each in [mobile, *others]} == {INVALID}
    assert Phone(plant.client, None, pair=pair).refresh().status == 200


def test_a_password_that_was_reset_signs_out_everywhere(plant: Plant, mobile: Phone, zeynep: Person) -> None:
    plant.admin.post(f"/auth/users/{zeynep.id}/password")

    assert refused(mobile.refresh()) == INVALID


def test_a_new_role_shows_at_the_next_refresh(plant: Plant, mobile: Phone, zeynep: Person) -> None:
    plant.admin.patch(f"/auth/users/{zeynep.id}/role", {"role": "planner"})

    assert mobile.get("/auth/users").status == 403
    assert mobile.refreshed().get("/auth/users").status == 200
    plant.admin.patch(f"/auth/users/{zeynep.id}/role", {"role": "worker"})
    again = mobile.refreshed()
    assert again.pair["user"]["role"] == "worker"
    assert again.get("/auth/users").status == 403


def test_a_password_to_be_changed_shows_at_the_next_refresh(plant: Plant, zeynep: Person) -> None:
    given = plant.admin.post(f"/auth/users/{zeynep.id}/password").data["one_time_password"]
    signed_in = phone(plant, password=given)

    refreshed = signed_in.refreshed()

    assert refreshed.pair["user"]["must_change_password"] is True
    assert refreshed.get("/stages").error["code"] == "ERR_AUTH_PASSWORD_CHANGE_REQUIRED"


def test_a_device_whose_person_is_not_there_any_more_is_signed_out(mobile: Phone, zeynep: Person) -> None:
    (owner,) = [each for each in standing("user") if each.data["id"] == zeynep.id]
    owner.delete()

    assert refused(mobile.refresh()) == INVALID


def test_an_admin_who_was_demoted_refreshes_to_what_they_are(plant: Plant) -> None:
    boss = employ(plant, "boss", Role.ADMIN)
    desk = Phone(plant.client, None, pair=log_in(plant, "boss").data)
    plant.admin.patch(f"/auth/users/{boss.id}/role", {"role": "planner"})

    assert desk.get("/auth/events").status == 403
    assert desk.refreshed().pair["user"]["role"] == "planner"


def here(phone: Phone) -> str:
    """The path of the device that calls."""
    return next(f"/auth/devices/{each['id']}" for each in phone.get("/auth/devices").items if each["current"])


def change(phone: Phone) -> Reply:
    return phone.post("/auth/password", {"current": PASSWORD, "new": NEW_PASSWORD})


def leave_and_return(plant: Plant, lost: Phone) -> None:
    for active in (False, True):
        plant.admin.patch(f"/auth/users/{lost.pair['user']['id']}", {"active": active})


def refuse_to_tell_or_end(lost: Phone, owners: Phone) -> None:
    """What a phone that is signed out is told, while its access token still lives."""
    assert lost.get("/auth/me").status == 200
    assert refused(lost.get("/auth/devices")) == SIGNED_OUT
    assert refused(lost.delete(here(owners))) == SIGNED_OUT
    assert owners.refresh().status == 200


@pytest.mark.parametrize(
    ("end", "password"),
    [
        (lambda _, lost, owners: owners.delete(here(lost)), PASSWORD),
        (lambda _, lost, __: lost.post("/auth/logout"), PASSWORD),
        (lambda _, __, owners: change(owners), NEW_PASSWORD),
        (lambda plant, lost, _: leave_and_return(plant, lost), PASSWORD),
    ],
    ids=["revoked", "signed out", "another password", "deactivated"],
)
def test_a_lost_phone_ends_nothing_but_itself(
    plant: Plant, mobile: Phone, end: Callable[[Plant, Phone, Phone], object], password: str
) -> None:
    end(plant, mobile, phone(plant))

    refuse_to_tell_or_end(mobile, phone(plant, password=password))


def test_a_phone_whose_week_is_over_ends_nothing(plant: Plant, mobile: Phone, set_clock: SetClock) -> None:
    set_clock.set(MORNING + WEEK - MINUTE)
    late = mobile.refreshed()

    set_clock.set(MORNING + WEEK)

    refuse_to_tell_or_end(late, phone(plant))


def test_a_phone_whose_person_is_not_active_sees_nothing(plant: Plant, mobile: Phone, zeynep: Person) -> None:
    path = here(mobile)
    plant.admin.patch(f"/auth/users/{zeynep.id}", {"active": False})

    assert refused(mobile.get("/auth/devices")) == refused(mobile.delete(path)) == SIGNED_OUT
