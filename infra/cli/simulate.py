"""`takip.py simulate`: a plant that sends by one of five roads, and a comparison with what Takip computes."""

import rich_click as click
from rich.live import Live
from rich.table import Table

from infra.cli.console import INTERRUPTED, console, say
from infra.cli.replay import DIFFERENT, show, target_for
from infra.simulate.messages import ROADS
from infra.simulate.run import Board
from infra.simulate.run import simulate as run_simulation
from infra.simulate.schedule import FAULTS, Wish

SECONDS_A_MINUTE = 60
MOST_SHOWN = 20


def _faults(_context: click.Context, _parameter: click.Parameter, given: str) -> frozenset[str]:
    """The faults of a list with commas. Raises BadParameter."""
    named = [name.strip() for name in given.split(",") if name.strip()]
    strange = [name for name in named if name not in FAULTS]
    if strange:
        raise click.BadParameter(f"{strange[0]} is not one of {', '.join(FAULTS)}.")
    return frozenset(named)


@click.command()
@click.option("--machines", type=click.IntRange(1, 99), default=3, show_default=True, help="How many machines.")
@click.option(
    "--rate",
    type=click.FloatRange(0.1, 1000),
    default=10.0,
    show_default=True,
    help="Readings a second, of all machines together.",
)
@click.option("--via", type=click.Choice(list(ROADS)), default="sqs", show_default=True, help="The road.")
@click.option("--faults", default="", callback=_faults, help=f"With commas: {', '.join(FAULTS)}.")
@click.option("--seconds", type=click.FloatRange(1), help="How long it sends.  [default: 60]")
@click.option("--minutes", type=click.FloatRange(0.1), help="The same in minutes.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same values and faults.")
@click.option("--username", help="Sign in as this admin instead of the one that `up` made; asks for the password.")
def simulate(
    *,
    machines: int,
    rate: float,
    via: str,
    faults: frozenset[str],
    seconds: float | None,
    minutes: float | None,
    seed: int,
    username: str | None,
) -> None:
    """Simulate a plant against the running Takip, and compare its numbers with what was sent.

    Each machine has a temperature, a counter and a state. The machines are registered for this run, and retired after
    it. At the end every hour is compared: count, sum, min, max, pieces, restarts, seconds in each state; and what is in
    quarantine. The exit code is 1 if anything differs.
    """
    if seconds is not None and minutes is not None:
        raise click.UsageError("Give --seconds or --minutes, not both.")
    lasting = seconds or SECONDS_A_MINUTE * (minutes or 1.0)
    wish = Wish(machines, rate, lasting, faults, seed)
    target = target_for(username)
    try:
        with Live(console=console, auto_refresh=False) as live:
            outcome = run_simulation(target, via, wish, lambda board: live.update(as_table(board), refresh=True))
    except KeyboardInterrupt:
        say("\nStopped. What was sent stays; the machines are retired.")
        raise SystemExit(INTERRUPTED) from None
    say("")
    show(outcome)
    raise SystemExit(DIFFERENT if outcome.differences else 0)


def as_table(board: Board) -> Table:
    """The live table: what each machine sent and what became of it. The last row has the sums."""
    table = Table(title=board.doing, title_justify="left")
    table.add_column("Machine")
    for heading in ("Readings sent", "In the numbers", "Messages in quarantine", "Refused"):
        table.add_column(heading, justify="right")
    rows = [
        (name, (tally.sent, tally.accepted, tally.quarantined, tally.refused)) for name, tally in board.tallies.items()
    ]
    for name, numbers in rows[:MOST_SHOWN]:
        table.add_row(name, *(f"{number:,}" for number in numbers))
    sums = [sum(column) for column in zip(*(numbers for _, numbers in rows), strict=True)]
    table.add_row(f"{len(rows)} machines", *(f"{number:,}" for number in sums), style="bold")
    return table
