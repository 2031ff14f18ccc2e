"""`takip.py logs`: the logs of the functions."""

import re
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import rich_click as click

from infra import log_events
from infra.cli.console import line
from infra.cli.environments import aws_of, stage_option
from infra.local import ENVIRONMENT
from infra.log_events import Event, groups_of

FUNCTIONS = tuple(groups_of(ENVIRONMENT))
_LOOK_EVERY_SECONDS = 1
# Lines that Lambda writes around every call (except errors), and metrics, which CloudWatch reads.
_NOISE = re.compile(r"(START|END|INIT_START|REPORT(?!.*(Status|Error Type): )) |\{\"_aws\":")


@click.command()
@click.argument("function", required=False, type=click.Choice(FUNCTIONS))
@click.option("--request", metavar="ID", help="Only what was done for the request with this request_id.")
@click.option("--follow", is_flag=True, help="Show new lines until Ctrl-C.")
@click.option("--minutes", type=click.IntRange(1), default=60, show_default=True, help="How far to look back.")
@click.option("--all", "everything", is_flag=True, help="Also Lambda's own START, END and REPORT lines, and metrics.")
@stage_option
def logs(
    function: str | None, stage: str, *, request: str | None, follow: bool, minutes: int, everything: bool
) -> None:
    """Show the logs of the functions, oldest first: all of them, or one FUNCTION.

    A request has its id in all functions that work for it: readings on the queue until they are in a rollup, events of
    a command until a webhook has them. Every answer of the API has the id in the header X-Request-Id, and every error
    also has it as request_id. Actions of the command line are in the log of the API.
    """
    aws, groups = aws_of(stage), groups_of(stage, function)
    since = datetime.now(UTC) - timedelta(minutes=minutes)
    shown: set[Event] = set()
    try:
        while True:
            recent = log_events.since(aws, groups, since, request)
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
    known, written = list(events), f'"{request}"'
    calls = {event.call for event in known if request and event.call and written in event.message}
    for event in known:
        is_of_request = request is None or event.call in calls or written in event.message
        if is_of_request and (everything or not _NOISE.match(event.message)):
            yield event
