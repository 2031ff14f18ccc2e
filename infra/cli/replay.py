"""`takip.py replay`: sends a real factory's data through a running Takip and compares what it computes."""

import json
import random
from pathlib import Path

import rich_click as click

from infra.cli.console import INTERRUPTED, console, say
from infra.cli.progress import ShownProgress
from infra.cli.status import read_status
from infra.local import local
from infra.replay.folders import read_folder
from infra.replay.manner import Manner
from infra.replay.outcome import Outcome, as_differences, as_json, as_table
from infra.replay.plan import Plan, ReadingsPlan
from infra.replay.roads import ROADS
from infra.replay.run import replay as run_replay
from infra.replay.target import Target, target_of

DIFFERENT = 1


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--workers", type=click.IntRange(1, 64), default=4, show_default=True, help="Requests at a time.")
@click.option("--shuffle", is_flag=True, help="Send everything in random order.")
@click.option("--twice", is_flag=True, help="Send everything twice; the answers must stay the same.")
@click.option("--live", is_flag=True, help="Send sessions as they happened, with start, report and pause.")
@click.option(
    "--via",
    type=click.Choice(list(ROADS)),
    default="queue",
    show_default=True,
    help="The road of a machine's readings.",
)
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write every answer to a file.")
@click.option("--username", help="Sign in as this account instead of the admin that `up` made; asks for the password.")
def replay(
    folder: Path,
    *,
    workers: int,
    shuffle: bool,
    twice: bool,
    live: bool,
    via: str,
    file: Path | None,
    username: str | None,
) -> None:
    """Send a real factory's data through the running Takip and compare its numbers with checked answers.

    Accepts the folders of factory data production_log, bottling_line, machine_temperature and valve_rig. People, orders
    and sessions go through the HTTP API, readings by the road that --via names: through the queue, over HTTP, or over
    MQTT as Takip's JSON, by a hub's convention (umh) or by Sparkplug. The answers come from the public endpoints.
    Running it again books nothing twice. The exit code is 1 if any number differs.

    Sessions are booked after they are over. With --live each is started, reported and paused instead, in the order of
    events; only sessions of one worker that overlap on a stage are booked. Both ways open the same orders, and orders
    that came the other way are only read. So `reset` a local Takip before using the other way.
    """
    plan = read_folder(folder)
    if live:
        _check_live(plan, shuffle=shuffle)
    if via != "queue" and not isinstance(plan, ReadingsPlan):
        raise click.UsageError(f"--via is for the readings of a machine; {plan.name} holds what people did.")
    manner = Manner(random.SystemRandom() if shuffle else None, times=2 if twice else 1, live=live, via=via)
    try:
        with ShownProgress() as progress:
            outcome = run_replay(plan, target_for(username), progress, workers, manner)
    except KeyboardInterrupt:
        say("\nStopped. What was sent stays; the same command goes on from there and books nothing twice.")
        raise SystemExit(INTERRUPTED) from None
    show(outcome)
    if file:
        file.write_text(json.dumps(as_json(outcome), indent=1), encoding="utf-8")
    raise SystemExit(DIFFERENT if outcome.differences else 0)


def _check_live(plan: Plan, *, shuffle: bool) -> None:
    """Raise UsageError if there is nothing that can be replayed live."""
    if shuffle:
        raise click.UsageError("--live keeps to the times of what happened: leave --shuffle out.")
    if isinstance(plan, ReadingsPlan):
        raise click.UsageError(f"--live is for what people did; {plan.name} holds the readings of a machine.")


def target_for(username: str | None) -> Target:
    """The running Takip and the account to use: the one given, else the admin that `up` made."""
    status = read_status()
    if username is None:
        return target_of(status, **local().admin())
    return target_of(status, username, click.prompt("Password", hide_input=True))


def show(outcome: Outcome) -> None:
    """Print the result of a comparison."""
    console.print(as_table(outcome))
    for remark in outcome.remarks:
        say(remark)
    differences = as_differences(outcome)
    if differences:
        console.print(differences)
    else:
        say("[green]No difference.[/]")
