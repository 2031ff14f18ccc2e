"""Cursors: only those that Takip gave are opened, for their own list, as long as the key that sealed them is there."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

import pytest

from chalicelib import clock, settings
from chalicelib.domain.errors import BadCursor
from chalicelib.settings import KEY_BELIEVED_AFTERWARDS, SigningKeys
from chalicelib.storage import cursors
from chalicelib.storage.cursors import SEAL_BYTES
from tests.floor import MINUTE, MORNING

PLACE = {"PK": "T#default#ORDER#1", "SK": "ORDER"}
OLD, NEW = (bytes([n]) * 32 for n in (1, 2))


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[bytes, datetime]]:
    """The ring of the tests, to which keys can be added; it is five minutes past."""
    keys = {"k1": (OLD, MORNING)}
    monkeypatch.setattr(settings, "signing_keys", lambda _kid=None: SigningKeys(keys))
    monkeypatch.setattr(clock, "now", lambda: MORNING + 5 * MINUTE)
    return keys


Ring = dict[str, tuple[bytes, datetime]]


@pytest.mark.usefixtures("ring")
def test_a_cursor_tells_where_a_page_ended() -> None:
    assert cursors.opened(cursors.sealed(PLACE, "list"), "list") == PLACE


@pytest.mark.usefixtures("ring")
def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(BadCursor):
        cursors.opened(cursors.sealed(PLACE, "list"), "another")


@pytest.mark.usefixtures("ring")
def test_a_cursor_that_differs_anywhere_is_refused() -> None:
    given = cursors.sealed(PLACE, "list")
    others = [given[:n] + ("A" if given[n] != "A" else "B") + given[n + 1 :] for n in range(len(given))]
    for forged in (
        *others,
        given + "=",
        given + "!",
        given + "AAAA",
        given[:-1],
        given[:-4],
        f" {given}",
        f"{given}\n",
    ):
        with pytest.raises(BadCursor):
            cursors.opened(forged, "list")


@pytest.mark.usefixtures("ring")
@pytest.mark.parametrize(
    "written",
    [
        json.dumps(["k1", "list", PLACE]),
        json.dumps(["k9", "list", PLACE]),
        json.dumps([None, "list", PLACE]),
        json.dumps([["k1"], "list", PLACE]),
        json.dumps(["list", PLACE]),
        "5",
        "null",
        "{}",
        "[" * 100_000,
        "\x00",
        "",
    ],
)
def test_a_cursor_that_somebody_made_is_refused(written: str) -> None:
    for seal in (b"", bytes(SEAL_BYTES)):
        with pytest.raises(BadCursor):
            cursors.opened(urlsafe_b64encode(seal + written.encode()).decode().rstrip("="), "list")


@pytest.mark.usefixtures("ring")
@pytest.mark.parametrize("text", ["", "x", "ş", "\ud800", "a.b.c", "%00"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        cursors.opened(text, "list")


def test_a_cursor_lasts_as_long_as_its_key(ring: Ring, monkeypatch: pytest.MonkeyPatch) -> None:
    given = cursors.sealed(PLACE, "list")
    ring["k2"] = (NEW, MORNING + 10 * MINUTE)

    def opened_after(passed: timedelta) -> dict[str, str]:
        monkeypatch.setattr(clock, "now", lambda: MORNING + 10 * MINUTE + passed)
        return cursors.opened(given, "list")

    assert opened_after(timedelta()) == PLACE
    assert b"k2" in urlsafe_b64decode(cursors.sealed(PLACE, "list") + "==")
    assert opened_after(KEY_BELIEVED_AFTERWARDS - MINUTE) == PLACE
    del ring["k1"]
    with pytest.raises(BadCursor):
        opened_after(MINUTE)


def test_a_seal_is_no_signature_of_the_same_key() -> None:
    assert cursors._seal(OLD, b"x") != cursors._seal(NEW, b"x")
    assert cursors._seal(OLD, b"x") != hmac.digest(OLD, b"x", "sha256")[:SEAL_BYTES]
