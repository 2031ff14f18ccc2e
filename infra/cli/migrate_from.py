"""`takip.py migrate-from`: an old system comes over, after a report of what becomes of each of its rows."""

import sys
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import rich_click as click
from rich.markup import escape

from infra.cli.console import INTERRUPTED, line, say, step
from infra.cli.environments import aws_of, stage_option, tenant_option
from infra.cli.moving import Move, show
from infra.old_system import report, server
from infra.old_system.reading import read
from infra.problem import Problem

REFUSED = 1


@click.command(name="migrate-from")
@click.argument("source", metavar="FILE.db|FILE.sql|postgresql://…")
@tenant_option
@stage_option
@click.option("--planned-timezone", help="Whose wall clock the planned times are, such as Europe/Istanbul.")
@click.option("--as", "by", metavar="USERNAME", required=True, help="The planner in whose name orders are opened.")
@click.option("--dry-run", is_flag=True, help="Only write the report.")
@click.option("--report", "folder", type=click.Path(file_okay=False, path_type=Path), help="The folder of the report.")
def migrate_from(
    source: str, *, tenant: str, stage: str, planned_timezone: str | None, by: str, dry_run: bool, folder: Path | None
) -> None:
    """Bring an old system over: a SQLite file, a plain dump of PostgreSQL, or a PostgreSQL that runs.

    First it writes a report: what becomes of each row, why, and what can be done about it. Then people come over with
    their passwords, and machines, products, orders and readings by the rules that everybody works by.
    docs/coming-from.md leads through the move.

    If it is interrupted, run it again: it goes on where it was. What is in Takip already stays as it is there, so a
    later run brings only what is new. The exit code is 1 if a row did not come as the report said.
    """
    zone, aws = _zone(planned_timezone), aws_of(stage)
    folder = folder or _beside(source)
    name = server.named(source) if server.is_address(source) else source
    with step(f"Reading {escape(name)}"):
        tables = read(source)
    move = Move(aws, stage, tenant, by, zone, tables)
    with step("Judging every row"):
        judged = move.judged()
    report.write(folder, judged, name)
    show(judged)
    line(f"The report is in {folder}. Its {report.SUMMARY} says why, and what to do about it.")
    if dry_run:
        return
    try:
        move.carry_people(folder)
        move.bring()
    except KeyboardInterrupt:
        say("\nStopped. The same command goes on from there.")
        raise SystemExit(INTERRUPTED) from None
    finally:
        report.keep_refused(folder, judged, move.refused)
    say(f"{move.people:,} people came over, and {move.commands:,} commands made the rest.")
    if move.passwords:
        say(f"{move.passwords:,} people changed their password in the old system, and have the new one now.")
    if move.refused:
        line(f"{len(move.refused):,} rows did not come as the report said. {folder / report.REFUSED} says why.")
    raise SystemExit(REFUSED if move.refused else 0)


def _zone(name: str | None) -> ZoneInfo:
    """The zone of planned times. It is asked for, never guessed. Raises Problem if there is none of this name."""
    if name is None and sys.stdin.isatty():
        name = click.prompt("Planned times have no zone. Whose wall clock are they, such as Europe/Istanbul?")
    if name is None:
        raise Problem("Planned times have no zone. Say whose wall clock they are: --planned-timezone Europe/Istanbul")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones, or a name that is too long for a file
        raise Problem(f"{name} is no time zone. Write it as Europe/Istanbul, or UTC.") from None


def _beside(source: str) -> Path:
    """The folder of the report: beside a file or, for a server, here, by the name of the database."""
    if server.is_address(source):
        return Path(f"{urlsplit(source).path.strip('/').replace('/', '-') or 'old-system'}.report")
    path = Path(source)
    return path.with_name(f"{path.name}.report")
