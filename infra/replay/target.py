"""The Takip and the account of a replay."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Target:
    """A running Takip and the account to use. Without `endpoint` the queue is on Amazon's AWS."""

    url: str
    endpoint: str | None
    region: str
    queue_url: str
    username: str
    password: str = field(repr=False)


def target_of(status: Mapping[str, Any], username: str, password: str) -> Target:
    """The addresses from the output of `takip.py status --json`."""
    return Target(
        url=status["url"],
        endpoint=status["endpoint"],
        region=status["region"],
        queue_url=status["queue_url"],
        username=username,
        password=password,
    )
