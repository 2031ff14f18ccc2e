"""`takip.py export`: rows of a running Takip into a file for a spreadsheet or a program."""

from datetime import datetime
from pathlib import Path
from typing import Any

import rich_click as click

from infra.cli.console import INTERRUPTED, say
from infra.cli.progress import ShownProgress
from infra.cli.status import read_status
from infra.exporting.asked import COMMA, GROUPS, MEDIA_TYPES, SEPARATORS, WHAT, Asked
from infra.exporting.file import ExportFile
from infra.exporting.run import export as run_export
from infra.local import local
from infra.replay.api import Api

_day = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("what", type=click.Choice(WHAT))
@click.option("--from", "first", type=_day, required=True, help="The first local day of the plant.")
@click.option("--to", "last", type=_day, required=True, help="The last local day, included.")
@click.option("--format", "form", type=click.Choice(list(MEDIA_TYPES)), default="csv", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@click.option("--group-by", type=click.Choice(GROUPS), help="Of daily: a row for each value, such as each product.")
@click.option("--per-shift", is_flag=True, help="Of daily: a row for each shift of each value; at most 31 days.")
@click.option("--active", is_flag=True, help="Of stages: those that have not ended and are due in these days.")
@click.option("--bom", is_flag=True, help="Begin CSV with a byte order mark, so that Excel reads every letter.")
@click.option(
    "--separator",
    type=click.Choice(list(SEPARATORS)),
    default=COMMA,
    show_default=True,
    help="Between the cells of CSV. With semicolon numbers have a decimal comma, as a Turkish Excel reads them.",
)
@click.option("--again", is_flag=True, help="Begin anew, also if an export into this file broke off.")
@click.option("--username", help="Sign in as this account instead of the admin that `up` made; asks for the password.")
@click.option("--url", help="The address of another Takip, such as https://…/v1, instead of the one on this machine.")
@click.option("--tenant", default="default", show_default=True, help="The tenant of the account.")
def export(*, out: Path, again: bool, username: str | None, url: str | None, **chosen: Any) -> None:
    """Write the numbers, orders, stages, sessions or issues of some days into a file, as CSV or NDJSON.

    Every column is described in docs/exports.md. If it is interrupted, run it again: it goes on with the next page, and
    no row is there twice. Until the file is complete, its rows are in FILE.part. The exit code is 0 only when it is.
    """
    if url and not username:
        raise click.UsageError("--url needs --username.")
    address = url or read_status()["url"]
    asked = _asked(address, **chosen)
    file = ExportFile(out, asked, again=again)
    try:
        with Api(address) as api:
            api.sign_in(**_account(username), tenant=asked.tenant)
            with ShownProgress() as progress:
                rows = run_export(api, asked, file, progress)
    except KeyboardInterrupt:
        say("\nStopped. The same command goes on from there.")
        raise SystemExit(INTERRUPTED) from None
    say(f"{rows:,} row is in {out}." if rows == 1 else f"{rows:,} rows are in {out}.")


def _asked(
    url: str,
    *,
    first: datetime,
    last: datetime,
    form: str,
    bom: bool,
    group_by: str | None,
    per_shift: bool,
    active: bool,
    **chosen: Any,
) -> Asked:
    """What is asked for. Raises UsageError."""
    if group_by and chosen["what"] != "daily":
        raise click.UsageError("--group-by is for daily.")
    if per_shift and chosen["what"] != "daily":
        raise click.UsageError("--per-shift is for daily.")
    if active and chosen["what"] != "stages":
        raise click.UsageError("--active is for stages.")
    wanted = {"group_by": group_by, "per": "shift" if per_shift else None, "state": "active" if active else None}
    filters = {name: value for name, value in wanted.items() if value}
    if bom and form != "csv":
        raise click.UsageError("--bom is for CSV.")
    if chosen["separator"] != COMMA and form != "csv":
        raise click.UsageError("--separator is for CSV.")
    if last < first:
        raise click.UsageError("--from must not be after --to.")
    return Asked(url, first=f"{first:%Y-%m-%d}", last=f"{last:%Y-%m-%d}", form=form, bom=bom, filters=filters, **chosen)


def _account(username: str | None) -> dict[str, str]:
    """The account to sign in with."""
    if username is None:
        return local().admin()
    return {"username": username, "password": click.prompt("Password", hide_input=True)}
