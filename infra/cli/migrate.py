"""`takip.py migrate`: stored items in the schema of a release, or back in the one before, while people work."""

import getpass
from typing import Any

import rich_click as click
from botocore.exceptions import BotoCoreError, ClientError

from infra.administration import ask
from infra.aws import Aws
from infra.cli.console import INTERRUPTED, line, say, step
from infra.cli.environments import aws_of, stage_option
from infra.cli.progress import ShownProgress
from infra.deployment import tables
from infra.deployment.found import API, function_name
from infra.deployment.live import LIVE
from infra.deployment.versions import Release
from infra.problem import Problem

_rate = click.option(
    "--rate",
    type=click.IntRange(1, 10_000),
    default=100,
    show_default=True,
    help="The most items that are written in a second. More is quicker and leaves people less of the table.",
)
_dry_run = click.option("--dry-run", is_flag=True, help="Only count what would be written.")


@click.group()
def migrate() -> None:
    """The schema of stored items: move them to that of this release, or back. People may work meanwhile.

    If it is interrupted, the same command goes on where it was, from any computer. How a release brings a migration:
    docs/upgrading.md.
    """


@migrate.command("status")
@stage_option
def tell(stage: str) -> None:
    """Tell which schemas the table holds, which this release knows, what is to be run, and what has run."""
    (told,) = ask(aws_of(stage), stage, "schema", {})
    line(f"The table holds   {_span(told['table'])}")
    line(f"This code knows   {_span(told['release'])}")
    for each in told["to_run"]:
        line(f"To be run         {each['number']:04} {each['name']}")
    for each in told["history"]:
        line(f"Has run           {_words(each)} It ended {each['ended']}.")
    if told["run"]:
        line(f"Not ended         {_words(told['run'])} The same command goes on.")


@migrate.command()
@_rate
@_dry_run
@stage_option
def up(*, stage: str, rate: int, dry_run: bool) -> None:
    """Move all items to the schema of this release. Run it after `deploy`."""
    _move(aws_of(stage), stage, {"direction": "up", "rate": rate, "dry_run": dry_run})


@migrate.command()
@_rate
@_dry_run
@stage_option
def down(*, stage: str, rate: int, dry_run: bool) -> None:
    """Move all items back by one schema, so that the release before reads them. Run it, then roll back."""
    _move(aws_of(stage), stage, {"direction": "down", "rate": rate, "dry_run": dry_run})


def refuse_unknown_schema(aws: Aws, environment: str) -> None:
    """Raise Problem if the table holds what this release cannot read, before anything is deployed."""
    if not tables.described(aws, tables.serving(aws, environment)):
        return
    (told,) = ask(aws, environment, "schema", {})
    if not told["is_known"]:
        raise Problem(
            f"The table holds {_span(told['table'])}, and this release knows {_span(told['release'])}.\n"
            "Run takip.py migrate with the release that knows both, then deploy this one."
        )


def refuse_unreadable(aws: Aws, environment: str, release: Release) -> None:
    """Raise Problem if its table holds what a release cannot read, or was deleted.

    Where the table does not tell, nothing is refused: a way back must not need a table that answers.
    """
    table = _table_of(aws, environment, release)
    try:
        (told,) = ask(aws, environment, "schema", {}, table)
    except Problem:
        if _is_gone(aws, table):
            raise Problem(
                f"Release {release.number} works with the table {table}, which was deleted. Another table serves with\n"
                f"  python takip.py switch TABLE --stage {environment}"
            ) from None
        say("The schema of the table could not be read, so it was not compared.")
        return
    (lowest, highest), (oldest, newest) = told["table"], release.origin.schemas
    if lowest < oldest or newest < highest:
        raise Problem(
            f"The table holds {_span([lowest, highest])}, and release {release.number} knows "
            f"{_span([oldest, newest])}.\n"
            "First move the items, with the code that serves now; then come back:\n"
            f"  python takip.py migrate {'down' if newest < highest else 'up'} --stage {environment}\n"
            f"  python takip.py rollback {release.number} --stage {environment}"
        )


def tell_migrations(aws: Aws, environment: str) -> None:
    """Say which migrations come with the release that was deployed."""
    with step("Looking at the schema of the table"):
        (told,) = ask(aws, environment, "note first schema", {})
    for each in told["to_run"]:
        line(f"Migration {each['number']:04} comes with this release: {each['name']}.")
    if told["to_run"]:
        line(f"It may be run at any time, while people work: python takip.py migrate up --stage {environment}")


def _is_gone(aws: Aws, table: str) -> bool:
    """Whether a table was deleted. One of which nothing is told may be there."""
    try:
        return not tables.described(aws, table)
    except (BotoCoreError, ClientError):
        return False


def _table_of(aws: Aws, environment: str, release: Release) -> str:
    return tables.serving(aws, environment, release.versions.get(function_name(environment, API), LIVE))


def _move(aws: Aws, stage: str, given: dict[str, Any]) -> None:
    counts = {"seen": 0, "written": 0, "left": 0}
    parts = 0
    try:
        with ShownProgress() as progress:
            for each in ask(aws, stage, "migrate", {**given, "by": getpass.getuser()}):
                if "part" in each:
                    parts += 1
                    progress.begin(each["part"], None)
                    continue
                progress.advance(each["seen"])
                for name in counts:
                    counts[name] += each[name]
    except KeyboardInterrupt:
        say("\nStopped. The same command goes on from there.")
        raise SystemExit(INTERRUPTED) from None
    if not parts:
        say("Nothing is to be run: the table has the schema of this release.")
        return
    would = "would be" if given["dry_run"] else "were"
    say(f"{counts['seen']:,} items were looked at; {counts['written']:,} {would} written in another form.")
    if counts["left"]:
        say(f"{counts['left']:,} were changed by people meanwhile, and were looked at again in the next pass.")


def _span(schemas: list[int]) -> str:
    lowest, highest = schemas
    return f"schema {lowest}" if lowest == highest else f"schemas {lowest} to {highest}"


def _words(run: dict[str, Any]) -> str:
    return (
        f"{run['number']:04} {run['direction']}, begun {run['began']} by {run['by']}: "
        f"{run['seen']:,} items seen, {run['written']:,} written."
    )
