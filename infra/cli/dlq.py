"""`takip.py dlq`: messages that no function could take, and putting them back."""

import json

import rich_click as click

from infra import dead_letters
from infra.cli.console import INTERRUPTED, line, say
from infra.cli.environments import aws_of, stage_option
from infra.cli.progress import ShownProgress
from infra.dead_letters import DeadQueue
from infra.problem import Problem

EVERY = 1_000_000


@click.group()
def dlq() -> None:
    """Dead letters: messages that a function died of, several times in a row. They are kept for 14 days.

    Repair the cause first; the log of the function has it. Then put them back with `redrive`.
    """


@dlq.command(name="list")
@stage_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_queues(stage: str, *, as_json: bool) -> None:
    """Show how many messages wait in each queue of dead letters. The numbers are approximate."""
    found = dead_letters.every(aws_of(stage), stage)
    if as_json:
        line(json.dumps([{"name": dead.name, "waiting": dead.waiting} for dead in found]))
        return
    for dead in found:
        line(f"{dead.name:<12} {dead.waiting:>8,}")


@dlq.command()
@click.argument("queue", required=False)
@click.option("--limit", type=click.IntRange(1, EVERY), default=EVERY, help="How many messages to move, at most.")
@click.option("--dry-run", is_flag=True, help="Say what would be moved, and move nothing.")
@stage_option
def redrive(queue: str | None, limit: int, stage: str, *, dry_run: bool) -> None:
    """Put the dead letters of QUEUE (`readings`, `pictures` …) back, or those of all queues.

    If it is interrupted, run it again. A message may come twice then; readings, deliveries and pictures count once all
    the same.
    """
    aws = aws_of(stage)
    chosen = [dead for dead in _chosen(dead_letters.every(aws, stage), queue) if dead.waiting]
    if not chosen:
        say("No dead letter waits.")
    if dry_run:
        for dead in chosen:
            line(f"{dead.name}: {min(dead.waiting, limit):,} messages would go back")
        return
    try:
        with ShownProgress() as progress:
            for dead in chosen:
                progress.begin(dead.name, min(dead.waiting, limit))
                for moved in dead_letters.redrive(aws, dead, limit):
                    progress.advance(moved)
    except KeyboardInterrupt:
        say("\nStopped. The same command moves the rest.")
        raise SystemExit(INTERRUPTED) from None


def _chosen(found: list[DeadQueue], name: str | None) -> list[DeadQueue]:
    """The queue with this name, or all. Raises Problem if there is none."""
    chosen = [dead for dead in found if name in (None, dead.name)]
    if not chosen and name:
        raise Problem(f"There is no queue {name} with dead letters. Choose one of {', '.join(d.name for d in found)}.")
    return chosen
