"""What becomes of a key of something that has no password."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.people import issued_keys
from chalicelib.domain.people.issued_keys import IssuedKey, KeyText
from chalicelib.domain.tenants import TENANT_ID
from tests.floor import MORNING

TEXT = KeyText("machine", "default", "M1", "K1", "s" * 43)
KEY = IssuedKey(id="K1", name="Gateway", digest=TEXT.digest, created_at=MORNING, created_by="pelin")
TODAY = MORNING.date()
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "other",
    [{"secret": "t" * 43}, {"tenant": "acme"}, {"holder_id": "M2"}, {"key_id": "K2"}, {"kind": "screen"}],
)
def test_a_key_is_shown_by_its_own_text_alone(other: dict[str, str]) -> None:
    assert KEY.is_shown_by(TEXT)
    assert not KEY.is_shown_by(replace(TEXT, **other))
    assert not KEY.revoked(MORNING).is_shown_by(TEXT)


def test_the_day_of_the_last_use_changes_once_a_day_and_never_back() -> None:
    used = KEY.used(TODAY)
    assert (used.last_used_on, used.version) == (TODAY, 2)
    assert used.used(TODAY) is used
    assert used.used(TODAY - DAY) is used
    assert used.used(TODAY + DAY).last_used_on == TODAY + DAY


def test_a_key_is_of_one_kind() -> None:
    assert issued_keys.read(str(TEXT), "machine") == TEXT
    assert issued_keys.read(str(TEXT), "screen") is None
    assert len(TEXT.digest) == 64


def test_every_tenant_can_have_keys() -> None:
    assert TENANT_ID in issued_keys.FORM
