"""Importing old readings from a file."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from chalicelib.domain.machines.history import RefusedLine
from chalicelib.services import tenants
from chalicelib.services.machines import importing
from infra.readings_file import ReadingsFile

FIRST = 20


def take(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Import the file at `path`, from where an interrupted run ended: tell how far it is, block by block.

    A dry run checks everything from the beginning and writes nothing.
    """
    tenants.require(given["tenant"])
    file = ReadingsFile(Path(given["path"]), f"{given['environment']}/{given['tenant']}")
    dry_run: bool = given["dry_run"]
    if dry_run or given["again"]:
        file.begin_anew()
    yield {"total": file.total, "before": asdict(file.progress), "rejected": str(file.rejected)}
    for block in file.blocks():
        made = importing.take(given["tenant"], block, dry_run=dry_run)
        if not dry_run:
            file.note(len(block), made.readings, made.refused)
        yield {
            "lines": len(block),
            "readings": made.readings,
            "messages": made.messages,
            "refused": len(made.refused),
            "first": list(map(_told, made.refused[:FIRST])),
        }


def _told(refused: RefusedLine) -> str:
    wrong = refused.problems[0]
    return f"line {refused.line.number}: {wrong.field} {wrong.message}"
