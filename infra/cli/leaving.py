"""`takip.py tenant export`, `close`, `reopen` and `delete`: a company leaves with its data, and then it is gone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rich_click as click

from infra.administration import ask
from infra.cli.console import INTERRUPTED, line, say
from infra.cli.environments import aws_of, stage_option
from infra.cli.progress import ShownProgress
from infra.problem import Problem

_tenant = click.argument("tenant_id", metavar="ID")

KEPT_ELSEWHERE = (
    "Kept elsewhere until it expires (docs/retention.md):",
    "  backups of the table, its point-in-time recovery and former tables, which hold all tenants together",
    "  log lines, with ids of people and machines, and no names",
    "  messages that machines still send: they come into the quarantine of no tenant",
)


@click.command()
@_tenant
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="A new folder.")
@stage_option
def export(tenant_id: str, *, folder: Path, stage: str) -> None:
    """Write all data of a tenant into a folder: items as NDJSON, readings as CSV, photos, documents and a manifest.

    Passwords, PINs, keys and other secrets stay behind. The folder's README.md says what is what and how to read it.
    If it is interrupted, run it again: files that are there are not copied again.
    """
    *_, told = shown(ask(aws_of(stage), stage, "take tenant along", {"id": tenant_id, "to": str(folder.absolute())}))
    say(f"{sum(told['rows'].values()):,} rows and {told['files']:,} photos and documents are in {folder}.")
    line("Its README.md says what is what. It is complete: there is a manifest.json.")


@click.command()
@_tenant
@stage_option
def close(tenant_id: str, stage: str) -> None:
    """Close a tenant: within a minute nobody signs in there, no key is taken, and nothing is written.

    Nothing is deleted. `reopen` opens it again.
    """
    (told,) = ask(aws_of(stage), stage, "close tenant", {"id": tenant_id})
    say(f"{tenant_id} is closed since {told['closed_at']}. To open it again:")
    line(f"  python takip.py tenant reopen {tenant_id} --stage {stage}")


@click.command()
@_tenant
@stage_option
def reopen(tenant_id: str, stage: str) -> None:
    """Open a closed tenant again. Everybody signs in as before."""
    list(ask(aws_of(stage), stage, "reopen tenant", {"id": tenant_id}))
    say(f"{tenant_id} is open, within a minute.")


@click.command()
@_tenant
@click.option("--although-in-use", is_flag=True, help="Delete it although somebody used it in the last 24 hours.")
@stage_option
def delete(tenant_id: str, *, although_in_use: bool, stage: str) -> None:
    """Delete a tenant with everything that it has. It cannot be undone. Asks for its name first.

    First it is closed. Then it waits until no token is good any more, half an hour after that, so that nobody writes.
    At the end the whole table is read, to see that nothing is left. If it is interrupted, the same command goes on.
    """
    aws = aws_of(stage)
    *_, held = shown(ask(aws, stage, "look at tenant", {"id": tenant_id}))
    items = sum(held["kinds"].values())
    if not items and not held["files"]:
        say(f"Nothing of {tenant_id} is on {stage}.")
        return
    used = f"It was used last at {held['used_at']}." if held["used_at"] else "Nobody ever used it."
    say(f"This deletes [bold]{tenant_id}[/] from {stage}: {items:,} items and {held['files']:,} files. {used}")
    if held["used_lately"] and not although_in_use:
        raise Problem(
            f"Somebody used {tenant_id} in the last 24 hours, so nothing was deleted. To let nobody in any more:\n"
            f"  python takip.py tenant close {tenant_id} --stage {stage}\n"
            "Wait a day, or delete it with --although-in-use."
        )
    line(f"Its data, if the company wants it: python takip.py tenant export {tenant_id} --to FOLDER --stage {stage}")
    if click.prompt(f"Type {tenant_id} to go on", default="", show_default=False) != tenant_id:
        raise Problem("Nothing was deleted.")
    *_, told = shown(ask(aws, stage, "delete tenant", {"id": tenant_id}))
    if told["left"]:
        raise Problem(
            f"Something still writes for {tenant_id}, most likely machines that still send. It stays closed.\n"
            "Stop them, then run the same command again."
        )
    say(f"Nothing of {tenant_id} is left in the table and the bucket.")
    for each in KEPT_ELSEWHERE:
        line(each)


def shown(answers: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Show how far it is, and hand on what is told at the end. After a Ctrl-C the process ends."""
    try:
        with ShownProgress() as progress:
            progress.begin("Items", None)
            for each in answers:
                if "part" in each:
                    progress.begin(each["part"], each.get("total"))
                elif "waits_until" in each:
                    progress.begin(f"Waiting until {each['waits_until'][11:19]} UTC", None)
                elif "seen" in each:
                    progress.advance(each["seen"])
                else:
                    yield each
    except KeyboardInterrupt:
        say("\nStopped. The same command goes on from there.")
        raise SystemExit(INTERRUPTED) from None


LEAVING = (export, close, reopen, delete)
"""What `takip.py tenant` can do beside making and changing tenants."""
