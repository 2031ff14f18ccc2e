"""`takip.py usage`: what this month has cost so far, by function, table and queue, as CloudWatch counted it."""

from datetime import datetime
from itertools import groupby

import rich_click as click
from rich.table import Table

from chalicelib import clock
from infra.bench.costs import dollars
from infra.cli.console import console, say
from infra.cli.environments import aws_of, stage_option
from infra.usage import Used
from infra.usage import usage as used_in


@click.command()
@stage_option
@click.option("--month", type=click.DateTime(["%Y-%m"]), help="Another month than this one, such as 2026-01.")
def usage(stage: str, month: datetime | None) -> None:
    """Show what a month used and cost so far: functions, table, queues, logs.

    The costs are computed from what CloudWatch counted and from infra/bench/prices.json, without free tiers. The bill
    of AWS is what counts. Not included: the API, storage, data out, metrics, alarms; `takip.py cost` has them.
    """
    now = clock.now()
    since = (month or now).replace(day=1, hour=0, minute=0, second=0, microsecond=0, tzinfo=now.tzinfo)
    until = min(now, since.replace(year=since.year + since.month // 12, month=since.month % 12 + 1))
    found = used_in(aws_of(stage), stage, since, until)
    table = Table("", "used", "dollars", title=f"{stage}, {since:%Y-%m-%d} to {until:%Y-%m-%d %H:%M} UTC")
    for thing, of_thing in groupby(found, key=lambda each: each.thing):
        table.add_row(thing, *_told(list(of_thing)))
    table.add_section()
    table.add_row("together", "", dollars(sum(each.dollars or 0 for each in found)))
    console.print(table)
    if missing := sum(each.amount is None for each in found):
        say(
            f"CloudWatch has no value of {missing} of {len(found)} metrics. Nothing was used, or it is an emulator that"
            " does not count it."
        )


def _told(used: list[Used]) -> tuple[str, str]:
    counted = [f"{each.amount:,.0f} {each.unit}" for each in used if each.amount is not None]
    return ", ".join(counted) or "–", dollars(sum(each.dollars or 0 for each in used)) if counted else "–"
