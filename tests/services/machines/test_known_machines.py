"""Known machines are remembered for a minute, and no longer."""

import pytest

from chalicelib import remembered
from chalicelib.domain.machines.machines import MachineNotFound
from chalicelib.services.machines import known_machines
from tests.conftest import SetClock
from tests.machines import install, watched

pytestmark = pytest.mark.usefixtures("table", "set_clock")


def test_a_machine_that_is_not_there_is_asked_for_again() -> None:
    with pytest.raises(MachineNotFound):
        known_machines.get("default", "M1")
    install("M1")
    assert known_machines.get("default", "M1").id == "M1"


def test_a_machine_that_is_gone_is_not_remembered_for_ever(set_clock: SetClock) -> None:
    install("M1")
    known_machines.get("default", "M1")
    set_clock.forward(remembered.REMEMBERED)
    with watched() as called:
        known_machines.get("default", "M1")
    assert called == ["BatchGetItem"]
