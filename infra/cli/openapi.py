"""`takip.py openapi`: the published contract."""

import json
import subprocess
import sys
from pathlib import Path

import rich_click as click

from infra.cli.console import line, say
from infra.documents.compatibility import breaking
from infra.places import PROJECT

CONTRACT = PROJECT / "docs" / "openapi.json"


@click.command()
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An older contract. What would break its clients is listed, and the exit code is 1 if anything would.",
)
def openapi(against: Path | None) -> None:
    """Write the contract of the API, `docs/openapi.json` (OpenAPI 3.1), from what the endpoints declare."""
    subprocess.run([sys.executable, "-m", "infra.documents"], cwd=PROJECT, check=True)
    written = json.loads(CONTRACT.read_text(encoding="utf-8"))
    operations = sum(len(each) for each in written["paths"].values())
    say(f"{CONTRACT.relative_to(PROJECT)}: {operations} operations, version {written['info']['version']}")
    if against is None:
        return
    found = breaking(json.loads(against.read_text(encoding="utf-8")), written)
    for each in found:
        line(each)
    say(f"{len(found)} changes would break a client of {against}.")
    raise SystemExit(1 if found else 0)
