"""`takip.py errors`: what failed in Takip itself, grouped."""

import json
import re
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import rich_click as click

from chalicelib.domain.instants import wire
from infra import failures, log_events
from infra.cli.console import line, say
from infra.cli.environments import aws_of, stage_option
from infra.cli.progress import ShownProgress
from infra.failures import Alike, Failure
from infra.log_events import groups_of

MOST = 10_000
"""Lines that are read of each function and pattern, at most. The oldest come first."""

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def _span(_context: click.Context, _parameter: click.Parameter, value: str) -> timedelta:
    if not re.fullmatch(r"[1-9]\d{0,3}[mhd]", value):
        raise click.BadParameter("write a number with m, h or d, such as 30m, 24h or 7d")
    return int(value[:-1]) * _UNITS[value[-1]]


@click.command()
@click.option("--since", default="24h", show_default=True, callback=_span, help="How far to look back: 30m, 24h, 7d.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@stage_option
def errors(stage: str, *, since: timedelta, as_json: bool) -> None:
    """Show what failed in Takip itself, grouped: how often, when first and last, and the id of a request.

    `takip.py logs --request ID` shows everything that was done for that request. Refusals are not here: a wrong
    password, or a command that is not allowed, is no failure of Takip.
    """
    found, cut = _read(stage, datetime.now(UTC) - since, quiet=as_json)
    groups = failures.grouped(found)
    if as_json:
        line(json.dumps({"errors": [_facts(each) for each in groups], "complete": not cut}))
        return
    if cut:
        say(f"Only the first {MOST:,} lines were read of: {', '.join(cut)}. A shorter --since shows the rest.")
    if not groups:
        say("No failure of Takip itself.")
    for each in groups:
        _show(_facts(each))


def _read(stage: str, start: datetime, *, quiet: bool) -> tuple[list[Failure], list[str]]:
    """The failures since then, and the functions that wrote more lines than are read."""
    aws, groups = aws_of(stage), groups_of(stage)
    found: list[Failure] = []
    cut: list[str] = []
    with ShownProgress(shown=not quiet) as progress:
        progress.begin("logs of functions", len(groups))
        for function, group in groups.items():
            seen: set[tuple[datetime, str]] = set()
            for pattern in failures.PATTERNS:
                lines = list(islice(log_events.matching(aws, group, start, pattern), MOST))
                seen.update(lines)
                if len(lines) == MOST and function not in cut:
                    cut.append(function)
            found += [each for at, text in seen if (each := failures.read(at, function, text))]
            progress.advance()
    return found, cut


def _facts(alike: Alike) -> dict[str, Any]:
    """What is told of failures that are alike."""
    newest = alike.failures[-1]
    return {
        "fingerprint": newest.fingerprint,
        "count": len(alike.failures),
        "first": wire(alike.failures[0].at),
        "last": wire(newest.at),
        "function": newest.function,
        "kind": newest.kind,
        "place": newest.frame,
        "message": newest.message,
        "request_id": alike.example,
    }


def _show(facts: dict[str, Any]) -> None:
    line(f"{facts['fingerprint']}  {facts['count']:>6,} ×  {facts['first']} … {facts['last']}")
    line(f"          {facts['function']}: {facts['kind']} {facts['place']}".rstrip())
    line(f"          {facts['message']}")
    if facts["request_id"]:
        line(f"          request {facts['request_id']}")
