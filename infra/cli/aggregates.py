"""`takip.py aggregates`: the numbers of past days, computed again."""

import json
from datetime import datetime
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
    """Compute the numbers of days again, from the orders, sessions and issues themselves.

    After an update of Takip that counts something new, days before it get it in this way. What is right already is not
    written. People may work meanwhile. If it is interrupted, run it again: it goes on where it was.
    """
    asked = {"version": __version__, "tenant": tenant, "first": f"{first:%Y-%m-%d}", "last": f"{last:%Y-%m-%d}"}
    state = places.KEPT / f"rebuild-{stage}-{tenant}.json"
    done = {} if again else _standing(state, asked)
    try:
        counts = _rebuilt(aws_of(stage), stage, {**asked, "orders_done": "", "days_done": "", **done}, state)
    except KeyboardInterrupt:
        say("\nStopped. The same command goes on from there.")
        raise SystemExit(INTERRUPTED) from None
    state.unlink(missing_ok=True)
    told = f"{counts['order']:,} orders and {counts['day']:,} days were computed again"
    say(f"{told}; {counts['changed']:,} sums and {counts['issue']:,} issues were not right.")


def _rebuilt(aws: Aws, stage: str, given: dict[str, Any], state: Path) -> dict[str, int]:
    """Rebuild with a bar for each part, and note after each step how far it is. Returns what was done."""
    counts = {"order": 0, "day": 0, "issue": 0, "changed": 0}
    with ShownProgress() as progress:
        for each in ask(aws, stage, "rebuild aggregates", given):
            if "part" in each:
                progress.begin(each["part"], each["total"])
                continue
            progress.advance()
            for name in counts:
                counts[name] += each.get(name, 0) if name == "changed" else name in each
            given["orders_done"] = each.get("order", given["orders_done"])
            given["days_done"] = each.get("day", given["days_done"])
            _note(state, given)
    return counts


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
