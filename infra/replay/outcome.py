"""Compares Takip's answers with the expected ones, and prints the result."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from infra.replay.plan import Answers, Question, Value

TOLERANCE = 1e-9
MOST_SHOWN = 20


@dataclass(frozen=True)
class Line:
    """One question with Takip's answer and the expected answer."""

    question: Question
    computed: Value
    expected: Value

    @property
    def equal(self) -> bool:
        """Whether the answers agree: numbers to 1e-9, other values exactly."""
        if isinstance(self.computed, int | float) and isinstance(self.expected, int | float):
            return math.isclose(self.computed, self.expected, rel_tol=0.0, abs_tol=TOLERANCE)
        return self.computed == self.expected


@dataclass(frozen=True)
class Outcome:
    """A finished replay: what was sent, Takip's answers, the expected answers, and remarks for the user."""

    name: str
    sent: Mapping[str, float]
    computed: Answers
    expected: Answers
    remarks: tuple[str, ...] = ()

    @property
    def lines(self) -> list[Line]:
        """Every question with an answer on either side. A missing answer is a difference."""
        return [
            Line(question, self.computed.get(question), self.expected.get(question))
            for question in sorted(self.expected.keys() | self.computed.keys())
        ]

    @property
    def differences(self) -> list[Line]:
        """The lines that do not agree."""
        return [line for line in self.lines if not line.equal]


def as_table(outcome: Outcome) -> Table:
    """Print per kind of figure what was sent, Takip's sum and the expected sum."""
    table = Table(title=outcome.name, title_justify="left")
    table.add_column("Figure")
    for heading in ("Sent", "Takip computes", "Expected", "Equal"):
        table.add_column(heading, justify="right")
    groups = _grouped(outcome.lines)
    for name, number in outcome.sent.items():
        if name not in groups:
            table.add_row(name, _shown(number), "", "", "")
    for name, lines in groups.items():
        equal = sum(line.equal for line in lines)
        colour = "green" if equal == len(lines) else "red"
        table.add_row(
            name,
            _shown(outcome.sent.get(name)),
            _shown(_sum([line.computed for line in lines])),
            _shown(_sum([line.expected for line in lines])),
            f"[{colour}]{equal:,} of {len(lines):,}[/]",
        )
    return table


def as_differences(outcome: Outcome) -> Table | None:
    """Print the first differences, if there are any."""
    differences = outcome.differences
    if not differences:
        return None
    table = Table(title=f"{len(differences):,} differences", title_justify="left", title_style="red")
    for heading in ("About", "Figure", "Takip computes", "Expected"):
        table.add_column(heading)
    for line in differences[:MOST_SHOWN]:
        question = line.question
        table.add_row(question.subject, _name(question), _shown(line.computed), _shown(line.expected))
    if len(differences) > MOST_SHOWN:
        table.caption = f"{len(differences) - MOST_SHOWN:,} more are in the file that --json writes"
    return table


def as_json(outcome: Outcome) -> dict[str, Any]:
    """The whole outcome for a file: every question with both answers."""
    return {
        "folder": outcome.name,
        "equal": not outcome.differences,
        "sent": dict(outcome.sent),
        "figures": [
            {
                "about": line.question.about,
                "subject": line.question.subject,
                "figure": line.question.what,
                "computed": line.computed,
                "expected": line.expected,
                "equal": line.equal,
            }
            for line in outcome.lines
        ],
        "remarks": list(outcome.remarks),
    }


def _grouped(lines: list[Line]) -> dict[str, list[Line]]:
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(_name(line.question), []).append(line)
    return groups


def _name(question: Question) -> str:
    return f"{question.about} {question.what}".replace("_", " ")


def _sum(values: list[Value]) -> Value:
    """The sum of the numbers. Instants are not summed."""
    numbers = [value for value in values if isinstance(value, int | float)]
    return math.fsum(numbers) if numbers else None


def _shown(value: Value) -> str:
    if isinstance(value, int | float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    return value or ""
