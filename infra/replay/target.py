"""Where to send and as whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Target:
    """A running Takip and the account to use there; without `endpoint` the queue is on AWS itself."""

    url: str
    endpoint: str | None
    region: str
    queue_url: str
    username: str
    password: str = field(repr=False)


def target_of(status: Mapping[str, Any], username: str, password: str) -> Target:
    """Take the addresses from what `takip.py status --json` shows."""
    return Target(
        url=status["url"],
        endpoint=status["endpoint"],
        region=status["region"],
        queue_url=status["queue_url"],
        username=username,
        password=password,
    )
