"""The text of a machine's key, and what becomes of a key."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.machines.machine_keys import KeyText, MachineKey, MachineKeyInvalid, read
from tests.floor import MORNING

TEXT = KeyText("default", "M_1-a", "K1", "s" * 43)
KEY = MachineKey("K1", "M_1-a", "Gateway", TEXT.digest, MORNING, "pelin")
TODAY = MORNING.date()
DAY = timedelta(days=1)


def test_a_key_is_read_as_it_was_made() -> None:
    assert read(str(TEXT)) == TEXT
    assert len(TEXT.digest) == 64


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "takip-machine",
        f"takip-refresh.default.M1.K1.{'s' * 43}",
        f"takip-machine.Default.M1.K1.{'s' * 43}",
        f"takip-machine.default.M1.K1.{'s' * 42}",
        f"takip-machine.default.M1.K1.{'s' * 43}\n",
        f"takip-machine.default.M#1.K1.{'s' * 43}",
        f"takip-machine.default.M1.K1.x.{'s' * 43}",
    ],
)
def test_anything_else_is_no_key(wrong: str) -> None:
    with pytest.raises(MachineKeyInvalid):
        read(wrong)


@pytest.mark.parametrize("other", [{"secret": "t" * 43}, {"tenant": "acme"}, {"machine_id": "M2"}, {"key_id": "K2"}])
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
