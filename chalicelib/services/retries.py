"""Retries: a write that lost a race is attempted again, for as long as a caller can wait."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from chalicelib import clock, ids
from chalicelib.domain.errors import LostRace
from chalicelib.domain.sentences import say
from chalicelib.storage.conflicts import Collision, ConditionFailed

PATIENCE = timedelta(seconds=10)
Result = TypeVar("Result")

FIRST_WAIT_SECONDS = 0.05
LONGEST_WAIT_SECONDS = 1.0


def until_won(attempt: Callable[[], Result]) -> Result:
    """Attempt again, after a random wait, while others write first. Raises LostRace after 10 seconds."""
    give_up, longest = clock.now() + PATIENCE, FIRST_WAIT_SECONDS
    while True:
        try:
            return attempt()
        except (ConditionFailed, Collision):
            if clock.now() >= give_up:
                raise LostRace(say("Send the request again with the same Idempotency-Key."), retry_after=1) from None
        time.sleep(ids.jitter(longest))
        longest = min(2 * longest, LONGEST_WAIT_SECONDS)
