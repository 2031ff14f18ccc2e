"""The log lines of the functions, as CloudWatch Logs has them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.aws import Aws
from infra.deployment.chalice import log_group, setting
from infra.places import PROJECT

_BEGINS = re.compile(r"START RequestId: (\S+)")
_ENDS = re.compile(r"END RequestId: ")
_MOST_STREAMS = 100  # CloudWatch Logs takes no more names of streams in one request
# No run takes longer. The other lines of a run are looked for so long before and after the one that was found.
_LONGEST_RUN = timedelta(minutes=15)


@dataclass(frozen=True)
class Event:
    """A log line: its time, its stream, and the call of the function that wrote it (None: no call)."""

    at: datetime
    function: str
    message: str
    call: str | None

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S.%f}"[:12] + f" {self.function:<18} {self.message}"


def groups_of(environment: str, function: str | None = None) -> dict[str, str]:
    """The log groups of all functions of an environment, or of one, by the function."""
    names = [function] if function else setting(PROJECT, environment, "lambda_functions")
    return {name: log_group(environment, name) for name in names}


def since(aws: Aws, groups: dict[str, str], start: datetime, request: str | None = None) -> list[Event]:
    """The log lines since an instant, oldest first. With a request, only of the streams and the time in which it was.

    Cost by what is read: without a request all lines since then.
    """
    lines = [(name, each) for name, group in groups.items() for each in _of_group(aws, group, start, request)]
    return list(_events(sorted(lines, key=lambda pair: pair[1]["timestamp"])))


def matching(aws: Aws, group: str, start: datetime, pattern: str) -> Iterator[tuple[datetime, str]]:
    """The log lines of a group since an instant that CloudWatch's filter pattern lets through; none without a group."""
    for each in _filtered(aws, group, startTime=_milliseconds(start), filterPattern=pattern):
        yield datetime.fromtimestamp(each["timestamp"] / 1000, UTC), each["message"].rstrip()


def _of_group(aws: Aws, group: str, start: datetime, request: str | None) -> Iterator[dict[str, Any]]:
    began = _milliseconds(start)
    if request is None:
        yield from _filtered(aws, group, startTime=began)
        return
    found = list(_filtered(aws, group, startTime=began, filterPattern=f'"{request}"'))
    streams = sorted({each["logStreamName"] for each in found})[:_MOST_STREAMS]
    if streams:
        times, around = [each["timestamp"] for each in found], _LONGEST_RUN // timedelta(milliseconds=1)
        window = {"startTime": max(began, min(times) - around), "endTime": max(times) + around}
        yield from _filtered(aws, group, logStreamNames=streams, **window)


def _filtered(aws: Aws, group: str, **asked: Any) -> Iterator[dict[str, Any]]:
    """The lines of a group; none if there is no such group, as of a function that a later version of Takip has."""
    client = aws.client("logs")
    try:
        for page in client.get_paginator("filter_log_events").paginate(logGroupName=group, **asked):
            yield from page["events"]
    except client.exceptions.ResourceNotFoundException:
        return


def _events(lines: list[tuple[str, dict[str, Any]]]) -> Iterator[Event]:
    calls: dict[tuple[str, str], str | None] = {}  # each stream belongs to one Lambda, which handles one call at a time
    for function, event in lines:
        message, stream = event["message"].rstrip(), (function, event["logStreamName"])
        if begins := _BEGINS.match(message):
            calls[stream] = begins[1]
        yield Event(datetime.fromtimestamp(event["timestamp"] / 1000, UTC), function, message, calls.get(stream))
        if _ENDS.match(message):
            calls[stream] = None


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
