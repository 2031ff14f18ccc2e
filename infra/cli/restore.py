"""`takip.py restore` and `takip.py switch`: the table as it was before, and letting it serve."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import rich_click as click

from infra import places
from infra.administration import ask
from infra.aws import Aws
from infra.cli.aggregates import rebuilt, told
from infra.cli.console import heading, line, say, step
from infra.cli.environments import aws_of, stage_option
from infra.deployment import chalice, switching, tables
from infra.problem import Problem
from infra.restoring import making, past
from infra.restoring.comparing import Compared, compare
from infra.restoring.past import Past
from infra.rollout import careful

days_option = click.option(
    "--days",
    type=click.IntRange(1, 3660),
    default=7,
    show_default=True,
    help="Of how many days before it the numbers are computed again. Those of earlier days are as they were.",
)
Step = Callable[[str], AbstractContextManager[object]]


@dataclass(frozen=True)
class Restore:
    """A restore: of the table that serves an environment, from what, under which name.

    `days`: of how many days before it the numbers are computed again.
    """

    aws: Aws
    stage: str
    serving: str
    source: Past
    name: str
    days: int

    @property
    def note(self) -> Path:
        """The file that lists what differs."""
        return places.KEPT / f"{self.name}.jsonl"


@click.command()
@stage_option
@click.option(
    "--to-time",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ"]),
    help="The second to go back to, in UTC, such as 2026-01-05T10:15:00Z; of the last 35 days.",
)
@click.option("--backup", metavar="ARN", help="A backup instead, by its ARN; `latest`: the newest of the nightly ones.")
@click.option("--of", "table", metavar="TABLE", help="Of which table; by default of the one that serves.")
@days_option
def restore(*, stage: str, to_time: datetime | None, backup: str | None, table: str | None, days: int) -> None:
    """Make a new table that is as the table was before. People go on working; nothing that exists is changed.

    What a restore forgets is turned on, numbers are computed again, and the new table is compared with the one that
    serves. Then look at what is told, and let it serve: `takip.py switch`. If it is interrupted, run it again.
    """
    if (to_time is None) == (backup is None):
        raise Problem("Say what to go back to: either --to-time or --backup.")
    if table is not None and backup not in (None, past.NEWEST):
        raise Problem("A backup is of one table, so leave out --of.")
    aws = aws_of(stage)
    serving = tables.serving(aws, stage)
    if backup is None:
        source = past.at_time(aws, table or serving, to_time and to_time.replace(tzinfo=UTC))
    else:
        source = past.backup(aws, stage, backup, table or serving)
    wanted = Restore(aws, stage, serving, source, tables.restored(stage, f"{source.at:%Y%m%dt%H%M%S}"), days)
    if wanted.name == serving:
        raise Problem(f"{serving} was made for this time and serves {stage}, so people have changed it since.")
    if tables.described(aws, wanted.name):
        say(f"{wanted.name} is there already, of an earlier run: it is not restored again.")
    compared = bring_back(wanted)
    heading(f"{wanted.name} is {table or serving} as it was at {source.at:%Y-%m-%d %H:%M:%S} UTC")
    tell(wanted, compared)
    line(f"Use it    python takip.py switch {wanted.name} --stage {stage}")


@click.command()
@click.argument("table")
@stage_option
def switch(table: str, stage: str) -> None:
    """Let another TABLE serve, as a release: the probe tries it first. `rollback` goes back to the table before.

    Nothing is deleted or copied. What people wrote to the table before stays in it. If it is interrupted, run it again.
    """
    aws = aws_of(stage)
    before = tables.serving(aws, stage)
    if before == table:
        with step("Letting the stream and the alarms follow"):
            switching.follow(aws, stage, surely=True)
        say(f"{table} serves all of {stage} already.")
        return
    functions = chalice.found(aws, stage).functions
    number = switching.switch(aws, stage, functions, table, step, careful(aws, stage, 0))
    say(f"Release {number} serves all of {stage}, with the table {table}.")
    line(f"{before} keeps all that was written to it, and nobody writes to it now.")
    line(f"Back      python takip.py rollback --stage {stage}")


def bring_back(wanted: Restore, in_step: Step = step) -> Compared:
    """Restore a table, make it whole, and compare it with the one that serves. Raises Problem.

    The numbers of all companies are computed again, for so many days before its instant.
    """
    aws, at, name = wanted.aws, wanted.source.at, wanted.name
    with in_step(f"Making {name}, as it was at {at:%Y-%m-%d %H:%M:%S} UTC"):
        making.make(aws, wanted.source, name)
    with in_step("Turning on its stream, expiry, point-in-time recovery, protection and tags"):
        making.turn_on(aws, wanted.serving, name, protected=wanted.stage != "local")
    with in_step(f"Comparing it with {wanted.serving}"):
        compared = compare(aws, wanted.serving, name, wanted.note)
    first, last = at.date() - timedelta(days=wanted.days), at.date() + timedelta(days=1)
    with in_step("Reading which companies it holds"):
        companies = [each["id"] for each in ask(aws, wanted.stage, "list tenants", {}, name) if not each["closed_at"]]
    for company in companies:
        with in_step(f"Computing the numbers of {company} again"):
            counts = rebuilt(aws, wanted.stage, company, (first, last), table=name)
        say(told(counts))
    return compared


def tell(wanted: Restore, compared: Compared) -> None:
    """Say what a restored table holds, and what of the one that serves it does not."""
    line(f"Items     {compared.items:,}")
    for each in compared.differences:
        parts = {"missing": each.lacking, "in another form": each.other, "only here": each.alone}
        words = ", ".join(f"{count:,} {what}" for what, count in parts.items() if count)
        line(f"          {each.kind}: {words}")
    if compared.differences:
        line(f"Listed    {wanted.note}, item by item")
    if any(each.lacking or each.other for each in compared.differences):
        line(f"          {wanted.serving} keeps what is missing here.")
