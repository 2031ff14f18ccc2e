"""Readings of a table, such as a file of old readings: lines of cells, as readings of a message and as errors."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.errors import FieldError
from chalicelib.domain.sentences import say

COLUMNS = ("machine_id", "type", "sensor", "at", "value", "seq")
SURPLUS = FieldError("", say("has more cells than there are columns"), "too_many_cells")
OPTIONAL = frozenset({"sensor", "seq"})
_NUMBER = re.compile(r"[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|nan|inf|infinity)", re.IGNORECASE | re.ASCII)
"""A number in a file. Python reads more as one, such as 1_000 and digits of other scripts."""
_WHOLE = re.compile("[0-9]{1,19}")
_PLACE = re.compile(r"readings\[(\d+)\]\.?(.*)")


@dataclass(frozen=True)
class Line:
    """A line of a table: its number in the file, and its cells by column. An empty cell is left out.

    `surplus`: it has more cells than there are columns, as after a decimal comma. So no cell can be trusted.
    """

    number: int
    cells: Mapping[str, str]
    surplus: bool = False

    @property
    def machine_id(self) -> str:
        """The machine that sent the reading; empty if none is named."""
        return self.cells.get("machine_id", "")


@dataclass(frozen=True)
class RefusedLine:
    """A line that cannot be used, with its errors. Their fields are columns."""

    line: Line
    problems: tuple[FieldError, ...]


def part_of(line: Line) -> dict[str, object]:
    """The reading of a line, as a machine writes it in a message. What looks like a number is one."""
    part: dict[str, object] = {name: cell for name, cell in line.cells.items() if name != "machine_id"}
    if "value" in line.cells:
        part["value"] = _number(line.cells["value"])
    if _WHOLE.fullmatch(line.cells.get("seq", "")):
        part["seq"] = int(line.cells["seq"])
    return part


def refused(lines: list[Line], problems: tuple[FieldError, ...]) -> list[RefusedLine]:
    """The lines of a message with these errors. An error of the whole message is one of each line."""
    of_lines: dict[int, list[FieldError]] = {}
    for problem in problems:
        place = _PLACE.fullmatch(problem.field)
        if place is None:
            return [RefusedLine(line, problems) for line in lines]
        of_lines.setdefault(int(place[1]), []).append(FieldError(place[2], problem.message, problem.code))
    return [RefusedLine(lines[index], tuple(own)) for index, own in of_lines.items()]


def _number(cell: str) -> float | str:
    return float(cell) if _NUMBER.fullmatch(cell) else cell
