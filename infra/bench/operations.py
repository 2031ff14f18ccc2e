"""The costs of operations, as docs/data-model.md has them. `tests/e2e/test_costs.py` measures them."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile

from infra.places import PROJECT

HEADING = "| operation | requests | read units | write units |"


@dataclass(frozen=True)
class Operation:
    """What an operation costs in DynamoDB: requests, read units and write units."""

    requests: int
    read: float
    write: float


def documented() -> Mapping[str, Operation]:
    """The operations by name."""
    return dict(map(_read, documented_rows()))


def documented_rows() -> list[str]:
    """The rows of the document's table."""
    lines = (PROJECT / "docs" / "data-model.md").read_text(encoding="utf-8").splitlines()
    return list(takewhile(lambda line: line.startswith("| "), lines[lines.index(HEADING) + 2 :]))


def _read(row: str) -> tuple[str, Operation]:
    name, requests, read, write = (cell.strip() for cell in row.strip("|").split("|"))
    return name, Operation(int(requests), float(read), float(write))
