"""Helpers for tests of quarantine: asking for messages to be taken in again, the worker's runs, what still waits."""

from datetime import timedelta

from chalicelib.domain.machines import quarantine as rules
from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.machines import waiting
from chalicelib.services.numbers.aggregation import Outcome, aggregate
from chalicelib.storage import markers
from tests.conftest import SetClock
from tests.floor import MINUTE
from tests.machines import standing, standing_rollups


def ask(machine_id: str = "M1") -> None:
    """Ask for messages to be taken in again."""
    waiting.take_in_of(DEFAULT_TENANT, [machine_id])


def work(*seconds: int) -> Outcome:
    """Let a worker clear quarantine. The time that is left to it is one of these seconds each time it asks."""
    left = [*seconds] or [60]
    return aggregate(lambda: timedelta(seconds=left.pop(0) if len(left) > 1 else left[0]), [markers.QUARANTINE_BUCKET])


def settle(clock: SetClock) -> None:
    """Let a worker clear quarantine each minute, until no marker waits."""
    while markers.pending([markers.QUARANTINE_BUCKET]):
        assert not work().failed
        clock.forward(MINUTE)


def waits() -> list[set[str]]:
    """The codes of each message in quarantine."""
    return [set(rules.codes(each.read(Quarantined))) for each in standing("quarantined")]


def counts() -> dict[str, int]:
    """How many readings the rollups of each machine have, once they are made."""
    aggregate(lambda: timedelta(minutes=1), markers.waiting_buckets())
    return {machine_id: rollup.count for (machine_id, *_), rollup in standing_rollups().items()}
