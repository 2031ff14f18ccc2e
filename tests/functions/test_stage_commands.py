"""A command on a stage is the same at its own endpoint, in the table of commands, and in a phone's collection."""

import pytest

from chalicelib.services.floor.stage_commands import STAGE_COMMANDS
from functions._commands import BODIES
from functions._rules import RULES
from tests.functions.access import name_of


@pytest.mark.parametrize("name", STAGE_COMMANDS)
def test_a_command_has_one_door_with_its_body_and_its_permission(name: str) -> None:
    row = STAGE_COMMANDS[name]
    assert row.name == name
    assert row.action == {"issue": "issue.report"}.get(name, f"stage.{name}")
    # An issue is reported on a machine too, with the same permission; that is no command on a stage.
    doors = [rule for rule in RULES if rule.action == row.action and not rule.path.startswith("/machines/")]
    assert [name_of(rule).split()[1].startswith("/stages/{stage_id}") for rule in doors] == [True]
    assert BODIES.get(name, doors[0].body) is doors[0].body


def test_only_a_correction_needs_more_than_a_stage_and_a_body() -> None:
    assert set(STAGE_COMMANDS) - set(BODIES) == {"correct"}
    assert set(BODIES) <= set(STAGE_COMMANDS)
