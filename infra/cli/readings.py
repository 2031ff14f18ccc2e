"""`takip.py readings`: importing old readings from a file."""

from pathlib import Path

import rich_click as click

from infra.administration import ask
from infra.cli.console import INTERRUPTED, line, say
from infra.cli.environments import aws_of, stage_option, tenant_option
from infra.cli.progress import ShownProgress

REFUSED = 1
MOST_SHOWN = 20


@click.group()
def readings() -> None:
    """Old readings of machines."""


@readings.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path))
@tenant_option
@stage_option
@click.option("--dry-run", is_flag=True, help="Only check every line.")
@click.option("--again", is_flag=True, help="Begin with the first line, also if the file was imported before.")
def import_readings(file: Path, *, tenant: str, stage: str, dry_run: bool, again: bool) -> None:
    """Import the readings of a CSV file: machine_id,type,sensor,at,value[,seq].

    The first line names the columns. Each reading is checked as if its machine had sent it, and goes to the same queue,
    up to 1,000 in a message. Lines that cannot be used are kept beside FILE, as .rejected.csv, with the reasons:
    correct them there and import that file. The exit code is 1 if there are any.

    If it is interrupted, run it again: it goes on where it was. A reading counts once, however often it is imported.
    """
    given = {"path": str(file), "tenant": tenant, "environment": stage, "dry_run": dry_run, "again": again}
    answers, shown = [], 0
    try:
        with ShownProgress() as progress:
            for each in ask(aws_of(stage), stage, "import readings", given):
                answers.append(each)
                if "total" in each:
                    progress.begin("Lines", each["total"])
                    progress.advance(each["before"]["lines"])
                    continue
                progress.advance(each["lines"])
                for wrong in each["first"][: MOST_SHOWN - shown]:
                    line(wrong)
                    shown += 1
    except KeyboardInterrupt:
        say("\nStopped. The same command goes on from there.")
        raise SystemExit(INTERRUPTED) from None
    begun, *blocks = answers
    before = begun["before"]
    sent, messages = (sum(each[what] for each in blocks) for what in ("readings", "messages"))
    refused = before["refused"] + sum(each["refused"] for each in blocks)
    earlier = f" {before['readings']:,} were sent before." if before["lines"] else ""
    say(f"{sent:,} readings in {messages:,} messages {'can be sent' if dry_run else 'were sent'}.{earlier}")
    if refused:
        say(f"{refused:,} lines cannot be used." + ("" if dry_run else f" They are in {begun['rejected']}."))
    raise SystemExit(REFUSED if refused else 0)
