"""Throttling: how many attempts may fail before the next ones are refused, and for how long."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.domain.errors import Throttled
from chalicelib.domain.sentences import say

WINDOW = timedelta(minutes=1)
FIRST_BLOCK = timedelta(minutes=1)
LONGEST_BLOCK = timedelta(hours=1)
DOUBLINGS = 6
# After an hour without a new block, the next block has the first length again.
REMEMBERED = timedelta(hours=1)

PER_NAME = 5
# From all addresses together. People do not mistype this often in a minute. An attack from many addresses does.
PER_NAME_EVERYWHERE = 20
PER_DEVICE = 5
# A whole plant uses one address.
PER_ADDRESS = 100
# A terminal is in place of an address. A shift signs in within minutes there, but does not mistype as often.
PER_TERMINAL = 20


class Bounds(NamedTuple):
    """How many failures within a minute block: of a name in a place, of a place, of a name everywhere, of a device."""

    name: int
    address: int
    everywhere: int
    device: int


OF_SIGN_IN = Bounds(PER_NAME, PER_ADDRESS, PER_NAME_EVERYWHERE, PER_DEVICE)
AT_TERMINALS = OF_SIGN_IN._replace(address=PER_TERMINAL)


class TooManyAttempts(Throttled):
    """There were too many attempts within a minute. Each further block lasts twice as long."""

    code = "ERR_AUTH_TOO_MANY_ATTEMPTS"
    title = "Too many attempts"


@dataclass(frozen=True)
class Counter:
    """The failures of one minute, and the blocks after them. `version` 0 is a counter that is not stored yet."""

    failures: int = 0
    window_ends: datetime | None = None
    blocks: int = 0
    blocked_until: datetime | None = None
    version: int = 0

    @property
    def expires_at(self) -> datetime:
        """When the counter is deleted."""
        return max(end for end in (self.window_ends, self.blocked_until) if end is not None) + REMEMBERED

    def is_blocked(self, now: datetime) -> bool:
        """Whether attempts are refused now."""
        return self.blocked_until is not None and now < self.blocked_until

    def after_failure(self, now: datetime, most: int) -> "Counter":
        """The counter after one more failure. `most` failures within a minute block; each block is twice as long."""
        in_window = self.window_ends is not None and now < self.window_ends
        failures = self.failures + 1 if in_window else 1
        window_ends = self.window_ends if in_window else now + WINDOW
        if failures < most:
            return replace(self, failures=failures, window_ends=window_ends, version=self.version + 1)
        lately = self.blocked_until is not None and now < self.blocked_until + REMEMBERED
        blocks = self.blocks if lately else 0
        block = min(FIRST_BLOCK * 2 ** min(blocks, DOUBLINGS), LONGEST_BLOCK)
        return Counter(0, window_ends=now, blocks=blocks + 1, blocked_until=now + block, version=self.version + 1)

    def forgiven(self, now: datetime) -> "Counter":
        """The counter after an attempt that succeeded: its failures are zero."""
        return Counter(window_ends=now, version=self.version + 1)


def refuse_blocked(counters: Iterable[Counter], now: datetime) -> None:
    """Refuse an attempt while any of its counters is blocked. Raises TooManyAttempts."""
    until = max((each.blocked_until for each in counters if each.blocked_until is not None), default=now)
    if until > now:
        seconds = -((now - until) // timedelta(seconds=1))
        raise TooManyAttempts(say("Wait {seconds} seconds, then try again.", seconds=seconds), retry_after=seconds)
