"""How long the workers take for one minute of many machines: a simulation from measured run times."""

import heapq
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from chalicelib.domain.markers import MachineHour, Marker
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.storage import markers

WORKERS = 10
"""The concurrency of the workers, as `functions/aggregate_bucket.py` bounds it."""
SENSORS = 8
HOUR = datetime(2026, 1, 5, 10, tzinfo=UTC)
# Requests of one hour of a machine: its rollups, its chunks, and a write for each sensor. 5 ms each are assumed.
REQUEST_SECONDS = 0.005
REQUESTS = 2 + SENSORS


def seconds_of_a_minute(machines: int, hour_cpu_seconds: float, memory_share: float, workers: int = WORKERS) -> float:
    """The seconds until a full hour of every machine is made again, if all are due in the same minute.

    `hour_cpu_seconds` is what one hour takes on a whole vCPU; `memory_share` is the share of one that the Lambda has.
    """
    hour = hour_cpu_seconds / memory_share + REQUESTS * REQUEST_SECONDS
    buckets = Counter(_bucket(f"M{n}") for n in range(machines))
    return makespan([hours * hour for hours in buckets.values()], workers)


def makespan(tasks: Sequence[float], workers: int) -> float:
    """When the last task ends. Each worker that is free takes the next one."""
    free = [0.0] * workers
    for seconds in tasks:
        heapq.heappush(free, heapq.heappop(free) + seconds)
    return max(free)


def _bucket(machine_id: str) -> str:
    """The partition that the markers of a machine are in."""
    return markers.as_item(Marker("m", DEFAULT_TENANT, machine_hours=(MachineHour(machine_id, HOUR),))).PK
