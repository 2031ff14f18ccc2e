"""Takip's own failures in the logs of its functions, and groups of those that are alike.

A refusal is no failure: it is logged as INFO. Failures are lines of level ERROR, exceptions that Lambda caught, and
runs that Lambda ended.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

PATTERNS = ("ERROR", '"Status:"')
"""What CloudWatch's filter lets through. It lets more through than failures."""

_FRAME = re.compile(r'File "(?:[^"]*/)?((?:chalicelib|functions)/[^"]+|app\.py)", line \d+, in ([^\s"\\]+)')
_UNCAUGHT = re.compile(r"\[ERROR\]\s+(?:\d{4}-\S+\s+\S+\s+)?(\w+)(?:: (.*))?")
_ENDED = re.compile(r"REPORT RequestId: (\S+).*(?:Status: (timeout)|Error Type: (Runtime\.\w+))")
# ULIDs, UUIDs, digests and numbers, whatever letters are around them.
_VARIES = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}|\d+")
_LONGEST = 160


@dataclass(frozen=True)
class Failure:
    """One failure: what failed, why, where in our own code, and for which request (None: for none)."""

    at: datetime
    function: str
    kind: str
    frame: str
    message: str
    request_id: str | None

    @property
    def fingerprint(self) -> str:
        """The same for failures that are alike: function, kind of exception, place in our code, and the message."""
        alike = f"{self.function}\n{self.kind}\n{self.frame}\n{self.message}"
        return sha256(alike.encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Alike:
    """Failures that are alike, oldest first."""

    failures: tuple[Failure, ...]

    @property
    def example(self) -> str | None:
        """The id of the newest request that failed so; None if none did."""
        return next((each.request_id for each in reversed(self.failures) if each.request_id), None)


def read(at: datetime, function: str, line: str) -> Failure | None:
    """The failure that a log line tells of; None if it tells of none."""
    if ended := _ENDED.match(line):
        return Failure(at, function, ended[2] or ended[3], "", "Lambda ended the run", ended[1])
    if uncaught := _UNCAUGHT.match(line):
        return Failure(at, function, uncaught[1], _frame(line), _steady(uncaught[2] or ""), None)
    try:
        told = json.loads(line)
    except ValueError:
        return None
    if not isinstance(told, dict) or told.get("level") not in ("ERROR", "CRITICAL"):
        return None
    return _structured(at, function, told)


def grouped(failures: Iterable[Failure]) -> list[Alike]:
    """Failures by their fingerprint, those that were seen last first.

    A request that failed has a line of its own; it is left out where another line says why.
    """
    known = sorted(failures, key=lambda each: each.at)
    explained = {each.request_id for each in known if each.request_id and each.frame}
    groups: dict[str, list[Failure]] = {}
    for each in known:
        if each.frame or each.kind != "request" or each.request_id not in explained:
            groups.setdefault(each.fingerprint, []).append(each)
    return [Alike(tuple(each)) for each in sorted(groups.values(), key=lambda each: each[-1].at, reverse=True)]


def _structured(at: datetime, function: str, told: dict[str, Any]) -> Failure:
    request_id = told.get("request_id") or next(iter(told.get("request_ids") or ()), None)
    message, trace = str(told.get("message", "")), str(told.get("exception") or "")
    if message == "request":
        return Failure(at, function, "request", "", f"{told.get('door')} {told.get('code')}", request_id)
    kind, place = told.get("exception_name") or "-", str(told.get("location", "")).partition(":")[0]
    reason = trace.strip().rpartition("\n")[2] or str(told.get("reason", ""))
    return Failure(at, function, str(kind), _frame(trace) or place, _steady(f"{message}: {reason}"), request_id)


def _frame(trace: str) -> str:
    """The innermost place of our own code, without the number of its line, which changes with every release."""
    frames = _FRAME.findall(trace)
    return "{} {}".format(*frames[-1]) if frames else ""


def _steady(message: str) -> str:
    """A message without what is of one time only."""
    return _VARIES.sub("#", message)[:_LONGEST].strip().removesuffix(":")
