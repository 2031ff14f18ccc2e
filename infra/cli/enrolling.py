"""Registering the people of a file one by one, and reporting the results."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from rich.markup import escape
from rich.table import Table

from infra.cli.console import console, say
from infra.cli.people_file import Keep, Person
from infra.cli.progress import ShownProgress

Ask = Callable[[list[dict[str, Any]]], Iterator[dict[str, Any]]]
"""People in the form of the verb `enrol people` → an answer for each, in their order."""


@dataclass
class Tally:
    """The results of a file: how many were registered, how many existed already, and who was refused and why."""

    enrolled: int = 0
    already_there: int = 0
    refused: list[tuple[Person, list[str]]] = field(default_factory=list)


def enrol(people: list[Person], ask: Ask, keep: Keep, tally: Tally) -> None:
    """Register people and count the results. Each password is stored before the next person is registered."""
    tally.refused += [(person, person.reasons) for person in people if person.reasons]
    ready = [person for person in people if not person.reasons]
    with ShownProgress() as progress:
        progress.begin("Enrolling", len(ready))
        for answer, person in zip(ask([person.fields() for person in ready]), ready, strict=True):
            match answer["outcome"]:
                case "enrolled":
                    keep(person.username, answer["one_time_password"])
                    tally.enrolled += 1
                case "already there":
                    tally.already_there += 1
                case _:
                    tally.refused.append((person, answer["reasons"]))
            progress.advance()


def show(tally: Tally, *, dry_run: bool) -> None:
    """Print the counts, and every line that was refused."""
    enrolled = "could be enrolled" if dry_run else "enrolled"
    say(f"{tally.enrolled} {enrolled}, {tally.already_there} already there, {len(tally.refused)} refused")
    if tally.refused:
        table = Table("Line", "Username", "What is wrong")
        for person, reasons in sorted(tally.refused, key=lambda refused: refused[0].line):
            table.add_row(str(person.line), escape(person.username), escape("\n".join(reasons)))
        console.print(table)
