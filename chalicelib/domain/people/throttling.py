"""Throttling: how often somebody may be wrong before they have to wait, and for how long."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.errors import Throttled

WINDOW = timedelta(minutes=1)
FIRST_BLOCK = timedelta(minutes=1)
LONGEST_BLOCK = timedelta(hours=1)
DOUBLINGS = 6
# An hour without a new block, and the next one begins at the first length again.
REMEMBERED = timedelta(hours=1)

PER_NAME = 5
# From all addresses together. Nobody mistypes this often in a minute, but somebody with many addresses guesses so.
PER_NAME_EVERYWHERE = 20
PER_DEVICE = 5
# A whole plant sits behind one address.
PER_ADDRESS = 100


class TooManyAttempts(Throttled):
    """There were too many attempts within a minute. Each further block lasts twice as long."""

    code = "ERR_AUTH_TOO_MANY_ATTEMPTS"
    title = "Too many attempts"


@dataclass(frozen=True)
class Counter:
    """The failures of one minute, and the blocks they led to. `version` 0 is a counter that is not kept yet."""

    failures: int = 0
    window_ends: datetime | None = None
    blocks: int = 0
    blocked_until: datetime | None = None
    version: int = 0

    @property
    def expires_at(self) -> datetime:
        """When it is forgotten."""
        return max(end for end in (self.window_ends, self.blocked_until) if end is not None) + REMEMBERED

    def is_blocked(self, now: datetime) -> bool:
        """Whether attempts are refused now."""
        return self.blocked_until is not None and now < self.blocked_until

    def after_failure(self, now: datetime, most: int) -> "Counter":
        """Count a failure; the one that makes `most` of them within a minute blocks, each time twice as long."""
        goes_on = self.window_ends is not None and now < self.window_ends
        failures = self.failures + 1 if goes_on else 1
        window_ends = self.window_ends if goes_on else now + WINDOW
        if failures < most:
            return replace(self, failures=failures, window_ends=window_ends, version=self.version + 1)
        lately = self.blocked_until is not None and now < self.blocked_until + REMEMBERED
        blocks = self.blocks if lately else 0
        block = min(FIRST_BLOCK * 2 ** min(blocks, DOUBLINGS), LONGEST_BLOCK)
        return Counter(0, window_ends=now, blocks=blocks + 1, blocked_until=now + block, version=self.version + 1)

    def forgiven(self, now: datetime) -> "Counter":
        """The counter after somebody was right."""
        return Counter(window_ends=now, version=self.version + 1)


def refuse_blocked(counters: Iterable[Counter], now: datetime) -> None:
    """Refuse an attempt while any of its counters is blocked. Raises TooManyAttempts."""
    until = max((each.blocked_until for each in counters if each.blocked_until is not None), default=now)
    if until > now:
        seconds = -((now - until) // timedelta(seconds=1))
        raise TooManyAttempts(f"Wait {seconds} seconds, then try again.", retry_after=seconds)
