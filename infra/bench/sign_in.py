"""The time to check a password, by bcrypt cost and memory of the Lambda."""

import statistics
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import bcrypt

# "At 1,769 MB, a function has the equivalent of one vCPU", and below it a share in proportion to its memory:
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
ONE_CPU_MB = 1769
RUNS = 7


@dataclass(frozen=True)
class Measured:
    """The time of one check on one whole CPU core, in seconds: the median of several."""

    cost: int
    cpu_seconds: float

    def at(self, memory_mb: int) -> float:
        """The time in seconds with this memory, computed from the share of a core that comes with it."""
        return self.cpu_seconds / min(1.0, memory_mb / ONE_CPU_MB)


def measure(costs: Iterable[int], runs: int = RUNS) -> Iterator[Measured]:
    """Check a password several times at each bcrypt cost, and yield the figure of each cost.

    CPU time is measured, so that a busy machine gives the same figures as an idle one.
    """
    password = b"a password of a usual length"
    for cost in costs:
        password_hash = bcrypt.hashpw(password, bcrypt.gensalt(cost))
        yield Measured(cost, statistics.median(_checked(password, password_hash) for _ in range(runs)))


def _checked(password: bytes, password_hash: bytes) -> float:
    began = time.thread_time()
    bcrypt.checkpw(password, password_hash)
    return time.thread_time() - began
