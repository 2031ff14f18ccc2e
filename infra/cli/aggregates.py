"""`takip.py aggregates`: the numbers of past days, computed again."""

import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import rich_click as click

from chalicelib import __version__
from infra import places
from infra.administration import ask
from infra.aws import Aws
from infra.cli.console import INTERRUPTED, say
from infra.cli.environments import aws_of, stage_option, tenant_option
from infra.cli.progress import ShownProgress

_day = click.DateTime(["%Y-%m-%d"])
# What a step did, and where it is noted how far it is.
_DONE = {"order": "orders_done", "day": "days_done", "hours_of": "hours_done"}


@click.group()
def aggregates() -> None:
    """The numbers of past days."""


@aggregates.command()
@click.option("--from", "first", type=_day, required=True, help="The first local day of the plant.")
@click.option("--to", "last", type=_day, required=True, help="The last local day, included.")
@tenant_option
@stage_option
@click.option("--again", is_flag=True, help="Begin anew, also if an earlier run was interrupted.")
def rebuild(*, first: datetime, last: datetime, tenant: str, stage: str, again: bool) -> None:
    """Compute the numbers of days again, from the orders, sessions, issues and readings themselves.

    After an update of Takip that counts something new, days before it get it in this way. What is right already is not
    written. People may work meanwhile. If it is interrupted, run it again: it goes on where it was.
    """
    try:
        counts = rebuilt(aws_of(stage), stage, tenant, (first, last), again=again)
    except KeyboardInterrupt:
        say("\nStopped. The same command goes on from there.")
        raise SystemExit(INTERRUPTED) from None
    say(told(counts))


def rebuilt(
    aws: Aws, stage: str, tenant: str, days: tuple[date, date], *, table: str | None = None, again: bool = False
) -> Counter[str]:
    """Rebuild the days from the first to the last, with a bar for each part. Returns what was done, for `told`.

    It acts on a table, by default on the one that serves. After each step it notes how far it is, so that the next run
    goes on there, unless it is to begin `again`. Raises Problem.
    """
    first, last = (f"{day:%Y-%m-%d}" for day in days)
    asked = {"version": __version__, "tenant": tenant, "first": first, "last": last}
    state = places.KEPT / f"rebuild-{table or stage}-{tenant}.json"
    given: dict[str, Any] = {**asked, **dict.fromkeys(_DONE.values(), "")}
    given |= {} if again else _standing(state, asked)
    counts = Counter[str]()
    with ShownProgress() as progress:
        for each in ask(aws, stage, "rebuild aggregates", given, table):
            if "part" in each:
                progress.begin(each["part"], each["total"])
                continue
            progress.advance()
            counts.update({name: value if isinstance(value, int) else 1 for name, value in each.items()})
            given |= {done: each[what] for what, done in _DONE.items() if what in each}
            _note(state, given)
    state.unlink(missing_ok=True)
    return counts


def told(counts: Counter[str]) -> str:
    """What was done, in a sentence."""
    done = f"{counts['order']:,} orders and {counts['day']:,} days were computed again"
    wrong = f"{counts['changed']:,} sums, {counts['rollups']:,} rollups and {counts['issue']:,} issues"
    return f"{done}; {wrong} were not right."


def _standing(state: Path, asked: dict[str, str]) -> dict[str, str]:
    """How far an interrupted run of the same days is; nothing if there is none, or if another release began it."""
    try:
        standing: dict[str, str] = json.loads(state.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return standing if standing.items() >= asked.items() else {}


def _note(state: Path, given: dict[str, Any]) -> None:
    """Write how far it is. Whoever reads it finds the old state or the new one, whole."""
    state.parent.mkdir(parents=True, exist_ok=True)
    made = state.with_suffix(".new")
    made.write_text(json.dumps(given), encoding="utf-8")
    made.replace(state)
