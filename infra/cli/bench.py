"""`takip.py bench`: measures what things cost, for the figures in the docs."""

import secrets
import time
from contextlib import ExitStack

import rich_click as click
from rich.table import Table

from infra.administration import ask, make_admin
from infra.bench import cold, costs, fan_out, hot_order, ingest, old_system, packing, pages, requests, screens
from infra.bench.plants import ASSUMED as PLANTS_ASSUMED
from infra.bench.plants import EVERY
from infra.bench.sign_in import ONE_CPU_MB, RUNS, measure
from infra.chromium import chromium, started
from infra.cli.board_link import board_link
from infra.cli.console import console, say, step
from infra.cli.progress import ShownProgress
from infra.cli.status import read_status
from infra.local import ENVIRONMENT, local
from infra.problem import Problem

COSTS = range(10, 15)
PEOPLE = (1, 10, 20, 30, 40)
MEMORY_MB = (512, 1024, ONE_CPU_MB)
MACHINES = (50, 500, 2_000)
WORKER_MB = 1024
PLANNER = "planner"


@click.group()
def bench() -> None:
    """Measure costs."""


@bench.command(name="sign-in")
def sign_in() -> None:
    """Measure how long a sign-in uses a Lambda's CPU, by bcrypt cost and memory size."""
    table = Table("bcrypt cost", *(f"{memory} MB" for memory in MEMORY_MB), title="Seconds to check a password")
    with ShownProgress() as progress:
        progress.begin("Checking passwords", len(COSTS))
        for measured in measure(COSTS):
            table.add_row(str(measured.cost), *(f"{measured.at(memory):.2f}" for memory in MEMORY_MB))
            progress.advance()
    console.print(table)
    say(
        f"Measured on a core of this machine: {ONE_CPU_MB} MB, which has one whole vCPU; the median of {RUNS}.\n"
        "Computed from that: less memory, which has a share of a vCPU in proportion."
    )


@bench.command(name="hot-order")
@click.option("--read-ms", default=1000 * hot_order.READ_SECONDS, show_default=True, help="What a query takes.")
@click.option("--compute-ms", default=1000 * hot_order.COMPUTE_SECONDS, show_default=True, help="What deciding takes.")
@click.option("--write-ms", default=1000 * hot_order.WRITE_SECONDS, show_default=True, help="What a transaction takes.")
def busy_order(read_ms: float, compute_ms: float, write_ms: float) -> None:
    """Measure how many commands a second one order takes, on a table in memory."""
    names = ("people at once each second", "commands a second", "median wait", "longest wait", "refused (409)")
    table = Table(*names, title="People reporting on one order")
    assumed, most = hot_order.Assumed(read_ms / 1000, compute_ms / 1000, write_ms / 1000), 0.0
    with ShownProgress() as progress:
        progress.begin("Reporting", len(PEOPLE))
        for measured in hot_order.measure(PEOPLE, assumed):
            waits = (f"{measured.median:.2f} s", f"{measured.longest:.2f} s")
            table.add_row(str(measured.people), f"{measured.per_second:.1f}", *waits, str(measured.refused))
            most = max(most, measured.per_second)
            progress.advance()
    console.print(table)
    say(
        f"One order takes at most about {most:.0f} commands a second.\n"
        f"Assumed: a query takes {read_ms:g} ms, deciding {compute_ms:g} ms, a transaction {write_ms:g} ms."
    )


@bench.command(name="requests")
@click.option("--commit", default=requests.COMMIT, show_default=True, help="The version to compare with.")
def cpu_of_requests(commit: str) -> None:
    """Measure the CPU time of requests, at a commit and today, without DynamoDB and without the network."""
    table = Table("request", f"ms at {commit}", "ms today", "ratio", title="CPU time of one request")
    with step("Recording the answers of DynamoDB for both versions, and then measuring; about two minutes"):
        for measured in requests.measure(commit):
            before, today = (f"{1000 * seconds:.1f}" for seconds in (measured.before, measured.today))
            table.add_row(measured.name, before, today, f"{measured.ratio:.2f}")
    console.print(table)
    say(
        f"CPU time of this machine, the median of {requests.ROUNDS} turns of each version; the ratio is that of turns"
        " beside each other.\nNot included: DynamoDB, the network, traces, and the start of the function."
    )


@bench.command(name="cold")
@click.option("--commit", default=cold.COMMIT, show_default=True, help="The version to compare with.")
@click.option("--rounds", default=cold.ROUNDS, show_default=True, type=click.IntRange(min=1), help="Starts of each.")
def cold_start(commit: str, rounds: int) -> None:
    """Measure the CPU time of a cold start from the zip that is deployed, beside that of a named commit."""
    with ExitStack() as stack:
        with step("Making both zips"):
            before, today = stack.enter_context(cold.versions(commit))
        table = Table("", commit, "today", "today / " + commit, title="CPU milliseconds, the median")
        for measured in cold.measure(before, today, rounds):
            then, now = (f"{1000 * seconds:.0f}" for seconds in (measured.before, measured.today))
            table.add_row(measured.name, then, now, f"{measured.ratio:.2f}")
    console.print(table)
    say(f"The zip has {today.size / 1e6:.1f} MB; before, it had {before.size / 1e6:.1f} MB.")


@bench.command(name="ingest")
@click.option("--commit", default=ingest.COMMIT, show_default=True, help="The commit to compare with.")
def readings(commit: str) -> None:
    """Measure what readings cost: CPU time of the door, DynamoDB units, and the workers' time for many machines."""
    with ShownProgress() as progress:
        progress.begin("Living an hour of a machine, twice", 1)
        before, today = ingest.measure(commit)
        progress.advance()
    table = Table("", commit, "today", title="A machine with 8 sensors that sends every 5 seconds")
    for name in today.by_json:
        table.add_row(f"{name}: × json.loads", *(f"{each.by_json[name]:.1f}" for each in (before, today)))
        per_second = (f"{each.readings_a_second[name]:,.0f}" for each in (before, today))
        table.add_row(f"{name}: readings a CPU second", *per_second)
    table.add_row("seconds that the queue gathers", *(str(each.window) for each in (before, today)))
    for kind, name in ingest.KINDS.items():
        table.add_row(f"write units an hour, {name}", *(f"{each.of(kind):,.0f}" for each in (before, today)))
    table.add_row("write units for 1,000 readings", *(f"{each.writes_a_thousand:.1f}" for each in (before, today)))
    table.add_row("read units an hour", *(f"{each.units['reads']:,.0f}" for each in (before, today)))
    table.add_row("dollars a machine-month, DynamoDB", *(f"{each.dollars_a_month:.2f}" for each in (before, today)))
    table.add_row("CPU ms to make a full hour again", *(f"{1000 * each.hour_seconds:.0f}" for each in (before, today)))
    console.print(table)
    packed = Table(*packing.HEAD, title="The same machine today, by readings a message; dollars a month")
    for row in packing.rows(today):
        packed.add_row(*row)
    console.print(packed)
    say(f"Today's units cost {today.dollars_a_month / before.dollars_a_month:.2f} of those of {commit}.")
    for machines in MACHINES:
        seconds = fan_out.seconds_of_a_minute(machines, today.hour_seconds, WORKER_MB / ONE_CPU_MB)
        say(f"{machines:,} machines, all due in one minute: {fan_out.WORKERS} workers take {seconds:.0f} s.")


@bench.command(name="pages")
def weight_of_pages() -> None:
    """Measure what pages weigh and how soon Chromium paints them, as a stranger of the running Takip sees them."""
    path = chromium()
    if path is None:
        raise Problem("Chromium is needed. On Debian: apt-get install chromium")
    table = Table(
        "page", "files", "KB compressed", "first paint, ms", "complete, ms", title="Pages, opened for the first time"
    )
    with started(path) as browser:
        for page, (address, sign) in addresses(read_status()["url"]).items():
            weights, painted = pages.weights(page), pages.painted(browser, address, sign)
            weight = f"{sum(weights.values()) / 1000:.1f}"
            table.add_row(f"/{page}", f"{len(weights)}", weight, f"{painted.first:.0f}", f"{painted.whole:.0f}")
    console.print(table)
    say(f"The median of {pages.ROUNDS} after a first one. /plan and the card show strangers the form to sign in.")


def addresses(url: str) -> dict[str, tuple[str, str]]:
    """Where each page is, and by what it is seen that it is complete."""
    return {
        "board": (board_link(local(), url), ".wall"),
        "plan": (f"{url}/plan", "form"),
        "card": (f"{url}/orders/any/card", "form"),
        "docs": (f"{url}/docs", ".opblock"),
    }


@bench.command(name="costs")
def monthly_costs() -> None:
    """Compute what plants of three sizes cost in dollars a month, with Takip and on servers."""
    table = Table("dollars a month", *(plants.name for plants in EVERY), title="Plants of three sizes")
    for row in costs.rows():
        table.add_row(*row, end_section="together" in row[0])
    console.print(table)
    prices = Table("assumed price (us-east-1, on demand)", "dollars")
    for name, price in costs.PRICES.items():
        prices.add_row(name, f"{price:g}")
    console.print(prices)
    say("\n".join(f"- {sentence}" for sentence in (*PLANTS_ASSUMED, *costs.ASSUMED)))


@bench.command(name="screens")
@click.option("--screens", "count", default=screens.Day.screens, show_default=True, help="How many screens.")
@click.option("--events", default=screens.Day.events, show_default=True, help="Events of the plant in a day.")
def day_of_screens(count: int, events: int) -> None:
    """Compute what a day of screens on the wall costs, asking every 15 seconds and hearing live."""
    table = Table("dollars a day", "asking every 15 s", "hearing live", title=f"{count} screens, {events:,} events")
    for row in screens.rows(screens.Day(count, events)):
        table.add_row(*row)
    console.print(table)
    say("\n".join(f"- {sentence}" for sentence in screens.ASSUMED))


@bench.command(name="old-system")
@click.option("--orders", default=10_000, show_default=True, type=click.IntRange(min=1), help="How many orders come.")
def move(orders: int) -> None:
    """Measure how long an old system takes to come over to the running Takip, and a second run that finds it there."""
    read_status()
    here, tenant = local(), f"bench-{secrets.token_hex(4)}"
    list(ask(here.aws, ENVIRONMENT, "create tenant", {"id": tenant, "settings": {}}))
    make_admin(here.aws, ENVIRONMENT, PLANNER, secrets.token_urlsafe(12), tenant)
    given = {"tenant": tenant, "by": PLANNER, "planned_timezone": "UTC", "tables": old_system.tables(orders)}
    table = Table("", "seconds", "commands", "orders a second", title=f"{orders:,} orders of two stages, all done")
    for run in ("the first run", "a second run"):
        begun, commands = time.monotonic(), 0
        with ShownProgress() as progress:
            for each in ask(here.aws, ENVIRONMENT, "bring old system", given):
                if "part" in each:
                    progress.begin(each["part"], each["total"])
                    continue
                progress.advance(each["done"])
                commands += each["commands"]
        seconds = time.monotonic() - begun
        table.add_row(run, f"{seconds:,.0f}", f"{commands:,}", f"{orders / seconds:,.0f}")
    console.print(table)
    say(f"They are in the tenant {tenant}: takip.py tenant delete {tenant} removes it.")
