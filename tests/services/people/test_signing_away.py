"""While the keys that sign tokens cannot be read, nothing is written that nobody is told of."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib import remembered, settings
from chalicelib.domain.people.credentials import BadCredentials
from chalicelib.services.people import devices
from chalicelib.services.people.sign_in import SignedIn, change_password
from chalicelib.settings import SigningKeysUnavailable
from tests.floor import Person, on_device
from tests.machines import standing
from tests.phones import PASSWORD
from tests.services.coming_in import HERE, NEW, come_in, refreshed


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Start a process anew, which SSM does not answer."""

    def unanswered(_: str) -> None:
        raise SigningKeysUnavailable("Try again in a moment.", retry_after=2)

    def begin() -> None:
        remembered.forget_everything()
        monkeypatch.setattr(settings, "_ring", unanswered)

    return begin


def kept() -> list[Any]:
    """All that people's doors write."""
    kinds = ("device", "security_event", "throttle", "login", "user")
    return sorted((each.attribute_values for kind in kinds for each in standing(kind)), key=str)


@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_a_sign_in_leaves_nothing_and_does_not_tell_whether_the_password_is_right(
    zeynep: Person, away: Callable[[], None], password: str
) -> None:
    with pytest.raises(BadCredentials):
        come_in("wrong")
    before = kept()
    away()

    with pytest.raises(SigningKeysUnavailable):
        come_in(password)

    assert kept() == before


def test_a_refresh_spends_no_token(zeynep: Person, away: Callable[[], None]) -> None:
    pair: SignedIn = come_in()
    before = kept()
    away()

    with pytest.raises(SigningKeysUnavailable):
        devices.refresh(pair.refresh_token, HERE)

    assert kept() == before


def test_a_change_of_a_password_changes_nothing(zeynep: Person, away: Callable[[], None]) -> None:
    desk = on_device(zeynep)
    before = kept()
    away()

    with pytest.raises(SigningKeysUnavailable):
        change_password(desk.actor, PASSWORD, NEW, HERE)

    assert kept() == before


def test_a_pair_that_cannot_be_made_is_not_written_either(zeynep: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """That no key of the ring has begun to sign is found out when a token is signed."""
    pair, desk = come_in(), on_device(zeynep)
    before = kept()
    empty = settings.SigningKeys({})
    monkeypatch.setattr(settings, "signing_keys", lambda: empty)

    for act in (
        come_in,
        lambda: refreshed(pair.refresh_token),
        lambda: change_password(desk.actor, PASSWORD, NEW, HERE),
    ):
        with pytest.raises(settings.BadSettings):
            act()

    assert kept() == before
