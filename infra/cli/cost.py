"""`takip.py cost`: what a plant of your size would cost a month, from measured figures and a list of prices."""

from datetime import date

import rich_click as click
from rich.table import Table

from chalicelib import clock
from infra.bench import costs
from infra.bench.plants import ASSUMED, Plants
from infra.cli.console import console, say

# What AWS gives every account for nothing, for ever.
_FREE = 10 * costs.PRICES["CloudWatch, a metric"] + 10 * costs.PRICES["CloudWatch, an alarm"]
_FREE += costs.DASHBOARDS * costs.PRICES["CloudWatch, a dashboard"]

_OLD_DAYS = 365


@click.command()
@click.option("--orders-per-day", "orders", type=click.IntRange(0), required=True, help="Orders that are opened a day.")
@click.option("--workers", type=click.IntRange(0), required=True, help="People who work a shift.")
@click.option("--machines", type=click.IntRange(0), default=0, show_default=True, help="Machines that send readings.")
@click.option(
    "--rate", type=click.FloatRange(0.001, 100), default=1, show_default=True, help="Readings a second, each."
)
@click.option("--iot", is_flag=True, help="Machines send through AWS IoT; otherwise straight into the queue.")
def cost(orders: int, workers: int, machines: int, rate: float, *, iot: bool) -> None:
    """Compute what an environment with one plant costs in dollars a month, by part.

    The units of the operations are those that tests measure. Nothing of it was paid: it says what to expect, and
    `takip.py usage` says what was.
    """
    bill = costs.takip(Plants("the plant", orders, workers, machines, rate=rate, iot=iot))
    table = Table("part", "dollars a month", title=f"{orders} orders a day, {workers} workers, {machines} machines")
    for part, dollars in bill.items():
        table.add_row(part, costs.dollars(dollars))
    table.add_section()
    table.add_row("together", costs.dollars(sum(bill.values())))
    console.print(table)
    listed = costs.PRICE_LIST
    say(
        f"Prices of {listed['region']}, written down in {listed['written']} (infra/bench/prices.json), from"
        f" {listed['source']}.\nChecked on {listed['checked']}{_age()}: {listed['compared']}.\n"
        f"Not counted: {_FREE:.2f} dollars of metrics, alarms and dashboards that AWS gives each account for nothing."
    )
    say("\n".join(f"- {sentence}" for sentence in (*ASSUMED, *costs.ASSUMED[:-1])))


def _age() -> str:
    """Says that the prices were last checked long ago."""
    days = (clock.now().date() - date.fromisoformat(costs.PRICE_LIST["checked"])).days
    return f", {days} days ago: look at them again" if days > _OLD_DAYS else ""
