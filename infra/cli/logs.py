"""`takip.py logs`: the logs of the functions."""

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import rich_click as click

from infra.aws import Aws
from infra.cli.console import line
from infra.cli.status import read_status
from infra.deployment.chalice import log_group, setting
from infra.local import ENVIRONMENT, local
from infra.places import PROJECT

FUNCTIONS = tuple(setting(PROJECT, ENVIRONMENT, "lambda_functions"))
_LOOK_EVERY_SECONDS = 1
_BEGINS = re.compile(r"START RequestId: (\S+)")
_ENDS = re.compile(r"END RequestId: ")
# Lines that Lambda writes around every call (except errors), and metrics, which CloudWatch reads.
_NOISE = re.compile(r"(START|END|INIT_START|REPORT(?!.*(Status|Error Type): )) |\{\"_aws\":")


@dataclass(frozen=True)
class Event:
    """A log line: its time, its stream, and the call of the function that wrote it (None: no call)."""

    at: datetime
    function: str
    message: str
    call: str | None

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S.%f}"[:12] + f" {self.function:<18} {self.message}"


@click.command()
@click.argument("function", required=False, type=click.Choice(FUNCTIONS))
@click.option("--request", metavar="ID", help="Only the lines of the request with this request_id.")
@click.option("--follow", is_flag=True, help="Show new lines until Ctrl-C.")
@click.option("--minutes", type=click.IntRange(1), default=60, show_default=True, help="How far to look back.")
@click.option("--all", "everything", is_flag=True, help="Also Lambda's own START, END and REPORT lines, and metrics.")
def logs(function: str | None, *, request: str | None, follow: bool, minutes: int, everything: bool) -> None:
    """Show the logs of the functions on this machine: all of them, or one FUNCTION.

    Actions of the command line are in the log of the API. Every answer of the API has the id of its request in the
    header X-Request-Id, and every error also has it as request_id.
    """
    read_status()
    groups = {name: log_group(ENVIRONMENT, name) for name in ([function] if function else FUNCTIONS)}
    since = datetime.now(UTC) - timedelta(minutes=minutes)
    shown: set[Event] = set()
    try:
        while True:
            recent = list(_events(local().aws, groups, since))
            for event in wanted(recent, request=request, everything=everything):
                if event not in shown:
                    line(str(event))
            shown.update(recent)
            if not follow:
                return
            time.sleep(_LOOK_EVERY_SECONDS)
    except KeyboardInterrupt:
        return


def wanted(events: Iterable[Event], *, request: str | None, everything: bool) -> Iterator[Event]:
    """The events to show: of one request or of all, with or without Lambda's own lines."""
    known = list(events)
    calls = {event.call for event in known if request and event.call and request in event.message}
    for event in known:
        is_of_request = request is None or event.call in calls or request in event.message
        if is_of_request and (everything or not _NOISE.match(event.message)):
            yield event


def _events(aws: Aws, groups: dict[str, str], since: datetime) -> Iterator[Event]:
    """The log lines since an instant, oldest first."""
    client = aws.client("logs")
    start = int(since.timestamp() * 1000)
    lines = [
        (function, event)
        for function, group in groups.items()
        for page in client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=start)
        for event in page["events"]
    ]
    calls: dict[tuple[str, str], str | None] = {}  # each stream belongs to one Lambda, which handles one call at a time
    for function, event in sorted(lines, key=lambda pair: pair[1]["timestamp"]):
        message, stream = event["message"].rstrip(), (function, event["logStreamName"])
        if begins := _BEGINS.match(message):
            calls[stream] = begins[1]
        yield Event(datetime.fromtimestamp(event["timestamp"] / 1000, UTC), function, message, calls.get(stream))
        if _ENDS.match(message):
            calls[stream] = None
