"""The text of a machine's key."""

import pytest

from chalicelib.domain.machines.machine_keys import MachineKeyInvalid, read
from chalicelib.domain.people.issued_keys import KeyText

TEXT = KeyText("machine", "default", "M_1-a", "K1", "s" * 43)


def test_a_key_is_read_as_it_was_made() -> None:
    assert read(str(TEXT)) == TEXT


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "takip-machine",
        f"takip-refresh.default.M1.K1.{'s' * 43}",
        f"takip-screen.default.M1.K1.{'s' * 43}",
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
