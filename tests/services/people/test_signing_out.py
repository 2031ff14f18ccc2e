"""Signing out one device, or all devices by one write, with concurrent changes."""

import pytest

from chalicelib.domain.people.devices import DeviceNotFound, SignedOut
from chalicelib.domain.people.users import Actor
from chalicelib.services.people import devices
from tests.conftest import SetClock
from tests.disturbances import cancelled, raising, times
from tests.floor import MORNING, Person, Plant, on_device
from tests.machines import standing, watched
from tests.phones import PASSWORD
from tests.services.coming_in import HERE, TENANT, come_in, is_signed_in


@pytest.mark.parametrize("phones", [1, 5])
@pytest.mark.parametrize(
    ("method", "path", "body"), [("PATCH", "", {"active": False}), ("POST", "/password", {})], ids=["leaves", "forgets"]
)
def test_all_devices_are_signed_out_by_one_write_however_many_there_are(
    plant: Plant, zeynep: Person, phones: int, method: str, path: str, body: dict[str, object]
) -> None:
    signed_in = [come_in().refresh_token for _ in range(phones)]
    before = [each.attribute_values for each in standing("device")]

    with watched() as called:
        plant.admin.call(method, f"/auth/users/{zeynep.id}{path}", body)

    # The admin as of now, the person, their login.
    assert called == ["GetItem", "GetItem", "BatchGetItem", "TransactWriteItems"]
    assert [each.attribute_values for each in standing("device")] == before
    assert not any(map(is_signed_in, signed_in))


@pytest.mark.parametrize("phones", [1, 5])
def test_a_changed_password_signs_out_everywhere_by_one_write(plant: Plant, zeynep: Person, phones: int) -> None:
    signed_in, desk = [come_in().refresh_token for _ in range(phones)], on_device(zeynep)

    with watched() as called:
        reply = desk.post("/auth/password", {"current": PASSWORD, "new": "staple battery horse"})

    # Who they are and where they call from, their login; then all at once.
    assert called == ["BatchGetItem", "BatchGetItem", "TransactWriteItems"]
    assert not any(map(is_signed_in, signed_in))
    assert is_signed_in(reply.data["refresh_token"])


def test_who_signs_in_while_the_password_changes_is_not_signed_in(plant: Plant, zeynep: Person) -> None:
    desk = on_device(zeynep)

    def change() -> None:
        desk.post("/auth/password", {"current": PASSWORD, "new": "staple battery horse"})

    with watched(times(1, change)):
        late = come_in().refresh_token

    assert not is_signed_in(late)


def test_nobody_signs_out_a_device_they_do_not_have(zeynep: Person, plant: Plant, token: str) -> None:
    device_id = standing("device")[0].data["id"]
    admin, here = on_device(plant.admin).actor, on_device(zeynep).actor

    for actor, wanted in ((admin, device_id), (here, "none"), (here, "")):
        with pytest.raises(DeviceNotFound):
            devices.revoke(actor, wanted, HERE)
    assert is_signed_in(token)


def test_somebody_who_is_not_there_has_no_devices(plant: Plant) -> None:
    gone = Actor(TENANT, "gone", plant.worker.actor.role)

    with pytest.raises(SignedOut):
        devices.page(gone, limit=10, cursor=None)


def test_signing_out_costs_a_read_and_a_transaction_and_twice_is_as_good_as_once(
    token: str, zeynep: Person, set_clock: SetClock
) -> None:
    actor = Actor(TENANT, zeynep.id, zeynep.actor.role, standing("device")[0].data["id"])

    with watched() as called:
        devices.sign_out(actor, HERE)
        devices.sign_out(actor, HERE)

    assert called == ["BatchGetItem", "TransactWriteItems", "BatchGetItem"]
    assert not is_signed_in(token)
    assert set_clock() == MORNING
    assert [each.data["kind"] for each in standing("security_event")].count("device_revoked") == 1


def test_knowing_that_one_is_signed_in_costs_one_read_beside_what_was_asked(zeynep: Person, token: str) -> None:
    device_id, here = standing("device")[0].data["id"], on_device(zeynep).actor

    with watched() as listing:
        devices.page(here, limit=10, cursor=None)
    with watched() as ending:
        devices.revoke(here, device_id, HERE)

    assert (listing, ending) == (["BatchGetItem", "Query"], ["BatchGetItem", "TransactWriteItems"])


@pytest.mark.parametrize("leave", ["revoke", "sign_out"])
def test_signing_out_while_somebody_else_is_at_the_device_is_attempted_again(
    token: str, zeynep: Person, leave: str
) -> None:
    device_id = standing("device")[0].data["id"]
    actor = Actor(TENANT, zeynep.id, zeynep.actor.role, device_id)

    with watched(times(3, raising(cancelled("TransactionConflict")))) as called:
        devices.revoke(actor, device_id, HERE) if leave == "revoke" else devices.sign_out(actor, HERE)

    assert called.count("TransactWriteItems") == 4
    assert not is_signed_in(token)
