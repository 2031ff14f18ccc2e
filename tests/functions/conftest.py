"""What the tests of HTTP doors share."""

import pytest

from tests.conftest import SetClock
from tests.floor import Plant
from tests.machines import install


@pytest.fixture
def floor(plant: Plant, set_clock: SetClock) -> Plant:
    """A plant with one machine."""
    install("M1")
    return plant
