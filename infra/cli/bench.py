"""`takip.py bench`: measures what things cost, for the figures in the docs."""

import rich_click as click
from rich.table import Table

from infra.bench.sign_in import ONE_CPU_MB, RUNS, measure
from infra.cli.console import console, say
from infra.cli.progress import ShownProgress

COSTS = range(10, 15)
MEMORY_MB = (512, 1024, ONE_CPU_MB)


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
