"""`takip.py openapi`: the published contract, and what it has promised."""

import json
import subprocess
import sys
from pathlib import Path

import rich_click as click

from infra.cli.console import line, say
from infra.documents.compatibility import Json, breaking, broken_promises
from infra.places import CONTRACT, PROJECT

RELEASED = PROJECT / "docs" / "released" / "openapi.json"


@click.command()
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An older contract. What would break its clients is listed, and the exit code is 1 if anything would.",
)
@click.option(
    "--release",
    is_flag=True,
    help="Also keep it as docs/released/openapi.json, which later changes must not break. Do it with each release. It "
    "is refused if it breaks the last one and the version does not say so.",
)
def openapi(against: Path | None, *, release: bool) -> None:
    """Write the contract of the API, `docs/openapi.json` (OpenAPI 3.1), from what the endpoints declare.

    A running Takip serves its own at /openapi.json, and shows it at /docs, to read and to try. The tests fail if the
    written contract is old, is not valid, or breaks a client of the last release.
    """
    subprocess.run([sys.executable, "-m", "infra.documents"], cwd=PROJECT, check=True)
    written = _read(CONTRACT)
    operations = sum(len(each) for each in written["paths"].values())
    say(f"{CONTRACT.relative_to(PROJECT)}: {operations} operations, version {written['info']['version']}")
    if against:
        _finish(breaking(_read(against), written), f"would break a client of {against}")
    if release:
        _finish(broken_promises(_read(RELEASED), written) if RELEASED.exists() else [], "would break the last release")
        RELEASED.write_text(json.dumps(written, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
        say("docs/released/openapi.json is the same now. Commit it with the release.")


def _read(path: Path) -> Json:
    contract: Json = json.loads(path.read_text(encoding="utf-8"))
    return contract


def _finish(found: list[str], would: str) -> None:
    """List changes that break clients, and end with 1 if there are any."""
    for each in found:
        line(each)
    say(f"{len(found)} changes {would}.")
    if found:
        raise SystemExit(1)
