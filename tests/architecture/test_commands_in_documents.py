"""Commands in the documents: each is there, with these options and no more arguments than it takes."""

import re
import shlex
from pathlib import Path

import click
import pytest
from click.exceptions import UsageError

from infra.cli import commands
from tests.architecture.sources import PROJECT

COMMAND = re.compile(r"python takip\.py ([^`\n#|]+)")
DOCUMENTS = sorted([PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")])


def written(document: Path) -> list[str]:
    """The commands of a document, as somebody would type them."""
    return [found.strip().rstrip("*") for found in COMMAND.findall(document.read_text(encoding="utf-8"))]


def refused(line: str) -> str | None:
    """Why the command line does not know a command; None if it does. Values are not looked at."""
    command: click.Command = commands.takip
    words = shlex.split(line)
    while isinstance(command, click.Group) and words and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    if isinstance(command, click.Group) and not command.invoke_without_command:
        return f"{line}: no such verb"
    try:
        _, left, _ = command.make_parser(click.Context(command)).parse_args(words)
    except UsageError as wrong:
        return f"{line}: {wrong.message}"
    return f"{line}: {left} is too much" if left else None


def test_every_command_is_there_with_its_options() -> None:
    lines = [(document.name, line) for document in DOCUMENTS for line in written(document)]
    assert len(lines) > 150
    assert [f"{name}: {wrong}" for name, line in lines if (wrong := refused(line))] == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("sing --stage prod", "no such verb"),
        ("keys", "no such verb"),
        ("keys burn", "no such verb"),
        ("rollback --stages prod", "No such option"),
        ("rollback 12 13", "is too much"),
    ],
)
def test_what_is_wrong_with_a_command_is_seen(line: str, wrong: str) -> None:
    assert wrong in str(refused(line))


def test_each_incident_has_steps_with_commands_and_a_test() -> None:
    text = (PROJECT / "docs" / "runbook.md").read_text(encoding="utf-8")
    incidents = re.findall(r"^### (.+)\n([\s\S]+?)(?=^### |\Z)", text.partition("\n## Incidents\n")[2], re.MULTILINE)
    tests = "".join(
        path.read_text(encoding="utf-8") for path in (PROJECT / "tests" / "e2e").glob("test_incidents_of_*.py")
    )
    sections = set(re.findall(r"^### (\S+)$", text, re.MULTILINE))
    assert len(incidents) == 6
    for title, told in incidents:
        assert f"def test_{title.lower().replace(' ', '_')}(" in tests
        assert len(COMMAND.findall(told)) >= 3, title
        assert set(re.findall(r"\]\(#([\w-]+)\)", told)) <= sections
        assert re.findall(r"\*\*(.+?)\*\*", told)[0] in {"Alarm:", "Alarms:"}
        assert "**Afterwards.**" in told


def test_the_first_month_is_told_before_all_else_with_what_to_see() -> None:
    text = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    first = re.split(r"^## ", text, flags=re.MULTILINE)[1]
    parts = re.findall(r"^### (.+)\n([\s\S]+?)(?=^### |\Z)", first, re.MULTILINE)
    assert first.startswith("The first month\n")
    assert [title for title, _ in parts] == ["Day 1", "Week 1", "Weeks 2 to 4", "Every month"]
    assert all(len(COMMAND.findall(told)) >= 4 for _, told in parts)
    assert all("python takip.py drill " in told for _, told in parts[2:])
