"""Devices: where a user is signed in, and what ends it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.people.devices import MOST_REFRESHES, Device
from chalicelib.domain.people.users import Role, User
from tests.domain.builders import DAY, HOUR, MORNING

MILLISECOND = timedelta(milliseconds=1)
VELI = User("u1", "veli", Role.WORKER, MORNING)
PHONE = Device(
    id="d1",
    user_id="u1",
    name="phone",
    signed_in_at=MORNING,
    last_used_at=MORNING,
    expires_at=MORNING + 7 * DAY,
    digest="first",
    secret=b"secret",
)


@pytest.mark.parametrize(
    ("now", "signed_in"),
    [(MORNING, True), (MORNING + 7 * DAY - MILLISECOND, True), (MORNING + 7 * DAY, False)],
)
def test_a_device_is_signed_in_until_it_expires(now: datetime, *, signed_in: bool) -> None:
    assert PHONE.is_signed_in(VELI, now) is signed_in


def test_nobody_is_signed_in_who_is_not_active() -> None:
    assert not PHONE.is_signed_in(replace(VELI, active=False), MORNING)


def test_all_devices_are_signed_out_by_one_change_of_their_user() -> None:
    out = VELI.without_devices(MORNING)
    tablet = replace(PHONE, id="d2", devices_since=MORNING)

    assert [device.is_signed_in(VELI, MORNING) for device in (PHONE, tablet)] == [True, False]
    assert [device.is_signed_in(out, MORNING) for device in (PHONE, tablet)] == [False, True]
    assert not tablet.is_signed_in(out.without_devices(MORNING), MORNING)


def test_refreshing_counts_and_does_not_make_it_last_longer() -> None:
    refreshed = PHONE.refreshed("second", MORNING + HOUR)

    assert refreshed == replace(PHONE, digest="second", number=1, version=2, last_used_at=MORNING + HOUR)


def test_what_refreshes_more_often_than_any_phone_is_signed_out() -> None:
    assert replace(PHONE, number=MOST_REFRESHES - 1).is_signed_in(VELI, MORNING)
    assert not replace(PHONE, number=MOST_REFRESHES).is_signed_in(VELI, MORNING)
