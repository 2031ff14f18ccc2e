"""`takip.py logs`: what the functions wrote."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import rich_click as click

from infra.aws import Aws
from infra.cli.console import line
from infra.cli.status import read_status
from infra.deployment.chalice import log_group
from infra.local import ENVIRONMENT, local

FUNCTIONS = ("api_handler", "ingest_readings", "compute_aggregates")
_LOOK_EVERY_SECONDS = 1


@click.command()
@click.argument("function", required=False, type=click.Choice(FUNCTIONS))
@click.option("--follow", is_flag=True, help="Go on showing what comes, until Ctrl-C.")
@click.option("--minutes", type=click.IntRange(1), default=60, show_default=True, help="How far to look back.")
def logs(function: str | None, *, follow: bool, minutes: int) -> None:
    """Show what the functions of the Takip on this machine wrote: all of them, or one FUNCTION.

    What was done from the command line stands with the API's.
    """
    read_status()
    groups = {name: log_group(ENVIRONMENT, name) for name in ([function] if function else FUNCTIONS)}
    since = datetime.now(UTC) - timedelta(minutes=minutes)
    shown: set[str] = set()
    try:
        while True:
            lines = list(_lines(local().aws, groups, since))
            for text in lines:
                if text not in shown:
                    line(text)
            shown.update(lines)
            if not follow:
                return
            time.sleep(_LOOK_EVERY_SECONDS)
    except KeyboardInterrupt:
        return


def _lines(aws: Aws, groups: dict[str, str], since: datetime) -> Iterator[str]:
    """What was written since then, oldest first, with its time and its function."""
    client = aws.client("logs")
    start = int(since.timestamp() * 1000)
    found: list[tuple[int, str, str]] = [
        (event["timestamp"], function, event["message"].rstrip())
        for function, group in groups.items()
        for page in client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=start)
        for event in page["events"]
    ]
    for milliseconds, function, message in sorted(found, key=lambda event: event[0]):
        at = datetime.fromtimestamp(milliseconds / 1000, UTC)
        yield f"{at:%H:%M:%S.%f}"[:12] + f" {function:<18} {message}"
