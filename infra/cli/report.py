"""`takip.py report`: a page for each component, from the code and the last test run."""

import sys
from pathlib import Path

import rich_click as click

from infra.cli.console import line
from infra.places import KEPT, PROJECT
from infra.programs import run

PAGES = KEPT / "report"


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=PAGES,
    show_default=".takip/report",
    help="The folder to write to. Pages of an earlier report are replaced.",
)
def report(out: Path) -> None:
    """Write one page for each component: input, output, dependencies, how it works, test results, cover and times.

    All of it comes from the code and from the last whole `python takip.py test` on this machine. Begin with index.md.
    """
    # Pages tell what endpoints declare, and that is known where the application is imported.
    made = [sys.executable, "-m", "infra.report", str(out.resolve())]
    run(made, "The pages could not be written:", cwd=PROJECT)
    line(f"Begin with {out / 'index.md'}")
