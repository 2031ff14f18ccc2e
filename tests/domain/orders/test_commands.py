"""The time of a command."""

from chalicelib.domain.orders.commands import Command
from tests.domain.builders import HOUR, MORNING


def test_a_command_happened_when_its_device_says_or_else_when_it_was_received() -> None:
    received = MORNING + HOUR
    assert Command("c", "start", "s", None, received, at=MORNING).happened_at == MORNING
    assert Command("c", "start", "s", None, received).happened_at == received
