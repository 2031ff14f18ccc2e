"""What plants cost in dollars a month: with Takip on AWS, and on two servers with a managed PostgreSQL.

The units are those of docs/data-model.md. The measured constants name the command or the test that prints them. All
prices are assumed: those of us-east-1 on demand, without free tiers. Nobody has paid such a bill for Takip yet.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.bench.operations import Operation, documented
from infra.bench.plants import EVERY, HOURS_A_MONTH, LARGE, MANY, SMALL, Plants
from infra.bench.sign_in import ONE_CPU_MB

MILLION = 1_000_000
GIGABYTE = 1024**3
TEN = 10
IDLE, AGGREGATE = "aggregate when nothing changed", "aggregate an order and its two days"

# ---- measured: CPU milliseconds of a request (`bench requests`, `bench sign-in`), the nearest one for each operation
COMMAND_MS = 6.1
CPU_MS = {
    "my work": 14.3,
    "a page of orders": 12.9,
    "read a stage": 3.6,
    "sum up the plant": 4.3,
    "sign in": 230.0,
    IDLE: 2.0,
}
# ---- measured (tests/infra/test_bench_costs.py): an hour of a machine with one sensor at 1 Hz, its chunks, markers,
# rollups and latest values together; read units of lists that are as long as in a plant; what stays in the table and
# its indexes
MACHINE_HOUR_READS, MACHINE_HOUR_WRITES = 202, 216
READ_UNITS = {"a page of orders": 5.5, "my work": 10.5}
BYTES_AN_ORDER, BYTES_A_MACHINE_HOUR = 80_000, 33_000
# ---- measured (`bench ingest`): readings a CPU second at the door, the CPU milliseconds to make a full hour of 5,760
# readings again, and how often an hour is made again while it fills, half full on average
READINGS_A_CPU_SECOND, FULL_HOUR_MS, READINGS_OF_FULL_HOUR, TIMES_MADE = 92_500, 67, 5_760, 17
READINGS_AN_HOUR = 3_600
MACHINE_HOUR_MS = (
    1_000 * READINGS_AN_HOUR / READINGS_A_CPU_SECOND
    + TIMES_MADE * FULL_HOUR_MS * READINGS_AN_HOUR / READINGS_OF_FULL_HOUR / 2
)

# ---- counted (tests/infra/test_watching.py): what an environment has in CloudWatch
METRICS, ALARMS, DASHBOARDS = 26, 62, 2
# ---- measured (tests/infra/test_bench_costs.py): what the table does for a day of the probe, and its requests
PROBE_READS, PROBE_WRITES, PROBE_CALLS, PROBES_AN_HOUR = 50, 130, 13, 4

# ---- assumed: a function, and what is kept
MEMORY_MB = 1024
READ_MS, WRITE_MS = 5, 15
LOG_BYTES_A_CALL = 1200
ANSWER_BYTES = 4000
MESSAGES_A_CALL = 10
QUEUES, POLLS_A_MINUTE = 2, 15
MOST_BUCKETS_OF_ORDERS, MOST_BUCKETS_OF_MACHINES = 4, 16
MONTHS_KEPT, MONTHS_READINGS_KEPT = 12, 3

ASSUMED = (
    (
        f"A function has {MEMORY_MB} MB. Its core is as fast as the one that was measured. A read takes {READ_MS} ms, a"
        f" write {WRITE_MS} ms. Starts are not included."
    ),
    (
        f"The table holds the orders of {MONTHS_KEPT} months and the readings of {MONTHS_READINGS_KEPT}, as "
        "the tenant's retention says."
    ),
    (
        "Work waits in every bucket at each minute, day and night. Lambda asks each of "
        f"{QUEUES} queues {POLLS_A_MINUTE} times a minute."
    ),
    (
        "The servers and the database were chosen by hand. Nothing of that was built or measured."
        " The work of keeping servers and a database up to date and of moving to larger ones is not included."
    ),
)

PRICE_LIST: Mapping[str, Any] = json.loads(Path(__file__).with_name("prices.json").read_text(encoding="utf-8"))
PRICES: Mapping[str, float] = PRICE_LIST["prices"]

Bill = Mapping[str, float]
"""Dollars a month, by service."""


def takip(plants: Plants) -> Bill:
    """The bill of Takip for these plants, in one environment."""
    table, ticks, hours = documented(), HOURS_A_MONTH * 60, plants.machine_hours
    work = {**plants.requests, AGGREGATE: plants.aggregations, IDLE: ticks}
    each = max(1, plants.rate)  # each minute costs a chunk and its markers, with one reading in it or with sixty
    writes = sum(table[name].write * times for name, times in work.items()) + hours * MACHINE_HOUR_WRITES * each
    reads = sum(READ_UNITS.get(name, table[name].read) * times for name, times in work.items())
    reads += hours * MACHINE_HOUR_READS * each
    batches, handed_out = plants.messages / MESSAGES_A_CALL, ticks * buckets(plants)
    seconds = sum(_seconds(name, table[name]) * times for name, times in work.items())
    seconds += on_lambda(MACHINE_HOUR_MS) * hours * each + batches * (READ_MS + 2 * WRITE_MS) / 1000
    seconds += handed_out * (on_lambda(CPU_MS[IDLE]) + 2 * READ_MS / 1000)
    asked = sum(plants.requests.values())
    calls = asked + ticks + batches + handed_out
    queued = plants.messages + handed_out
    polled = (batches + handed_out) * 2 + QUEUES * POLLS_A_MINUTE * ticks
    return {
        "API Gateway": _price("API Gateway, a million requests", asked / MILLION),
        "Lambda": _price("Lambda, a million calls", calls / MILLION)
        + _price("Lambda (arm64), a million GB-seconds", seconds * MEMORY_MB / 1024 / MILLION),
        "DynamoDB": _price("DynamoDB, a million write units", writes / MILLION)
        + _price("DynamoDB, a million read units", reads / MILLION),
        "storage": _price("DynamoDB, a GB-month with point-in-time recovery", _kept_gb(plants, BYTES_A_MACHINE_HOUR)),
        "SQS": _price("SQS, a million requests", (queued + polled) / MILLION),
        "IoT Core": _price("IoT Core, a million messages with a rule and its action", plants.by_iot / MILLION),
        "logs": _price("CloudWatch, a GB of logs", calls * LOG_BYTES_A_CALL / GIGABYTE),
        **_watching(),
        "data out": _price("data out, a GB", asked * ANSWER_BYTES / GIGABYTE),
    }


def _watching() -> Bill:
    """What it costs to watch an environment, however many plants it has."""
    return {
        "metrics": _price("CloudWatch, a metric", METRICS),
        "alarms": _price("CloudWatch, an alarm", ALARMS) + _price("CloudWatch, an alarm of alarms", 1),
        "dashboards": _price("CloudWatch, a dashboard", DASHBOARDS),
        "probe": PROBES_AN_HOUR * HOURS_A_MONTH * _probe(),
    }


def _probe() -> float:
    """What one day of the probe costs. Its own function waits as long as those that it calls run."""
    seconds = on_lambda(CPU_MS["sign in"] * 2 + COMMAND_MS * PROBE_CALLS) + PROBE_WRITES * WRITE_MS / 1000
    return (
        _price("DynamoDB, a million write units", PROBE_WRITES / MILLION)
        + _price("DynamoDB, a million read units", PROBE_READS / MILLION)
        + _price("Lambda, a million calls", (1 + PROBE_CALLS) / MILLION)
        + _price("Lambda (arm64), a million GB-seconds", 2 * seconds * MEMORY_MB / 1024 / MILLION)
        + _price("CloudWatch, a GB of logs", PROBE_CALLS * LOG_BYTES_A_CALL / GIGABYTE)
    )


def buckets(plants: Plants) -> int:
    """In how many buckets work waits at each minute, at most; each is handed to a worker."""
    return min(MOST_BUCKETS_OF_ORDERS, plants.count) + min(MOST_BUCKETS_OF_MACHINES, plants.count * plants.machines)


def _seconds(name: str, operation: Operation) -> float:
    """How long a function runs: its CPU time on its share of a core, and the time that DynamoDB takes."""
    waits = operation.requests * READ_MS + (WRITE_MS - READ_MS if operation.write else 0)
    return on_lambda(CPU_MS.get(name, COMMAND_MS)) + waits / 1000


def on_lambda(cpu_ms: float) -> float:
    """The seconds that a function needs for so much CPU time."""
    return cpu_ms / 1000 * ONE_CPU_MB / MEMORY_MB


def _kept_gb(plants: Plants, bytes_a_machine_hour: float) -> float:
    orders = plants.orders * MONTHS_KEPT * BYTES_AN_ORDER
    return (orders + plants.machine_hours * plants.rate * MONTHS_READINGS_KEPT * bytes_a_machine_hour) / GIGABYTE


# The servers and the database for each size.
SERVERS: Mapping[Plants, tuple[str, str]] = {
    SMALL: ("2 × t4g.small", "PostgreSQL on db.t4g.small with a standby"),
    LARGE: ("2 × t4g.medium", "PostgreSQL on db.t4g.medium with a standby"),
    MANY: ("2 × c7g.large", "PostgreSQL on db.r6g.2xlarge with a standby"),
}
LEAST_DISK_GB = 20
BYTES_A_ROW = 90  # a reading as a row of a partitioned table, with its index


def servers(plants: Plants) -> Bill:
    """The bill of two servers with a managed PostgreSQL that keep as much."""
    machines, database = SERVERS[plants]
    asked = sum(plants.requests.values())
    return {
        "servers": _price(f"{machines}, an hour", HOURS_A_MONTH),
        "load balancer": _price("load balancer with one capacity unit, an hour", HOURS_A_MONTH),
        "PostgreSQL": _price(f"{database}, an hour", HOURS_A_MONTH),
        "disk": _price(
            "disk of a database with a standby (gp3), a GB-month",
            LEAST_DISK_GB + _kept_gb(plants, BYTES_A_ROW * READINGS_AN_HOUR),
        ),
        "logs": _price("CloudWatch, a GB of logs", asked * LOG_BYTES_A_CALL / GIGABYTE),
        "data out": _price("data out, a GB", asked * ANSWER_BYTES / GIGABYTE),
    }


def _price(name: str, amount: float) -> float:
    return PRICES[name] * amount


def rows() -> list[list[str]]:
    """The table: what each service costs the plants of each size, Takip first, then the servers."""
    return [
        *_rows("Takip", [takip(plants) for plants in EVERY]),
        *_rows("servers", [servers(plants) for plants in EVERY]),
    ]


def _rows(title: str, bills: list[Bill]) -> list[list[str]]:
    lines = [[f"{title}: {name}", *(dollars(bill[name]) for bill in bills)] for name in bills[0]]
    return [*lines, [f"{title}, together", *(dollars(sum(bill.values())) for bill in bills)]]


def dollars(amount: float) -> str:
    """An amount of dollars as text, with cents while it is small."""
    return f"{amount:,.2f}" if amount < TEN else f"{amount:,.0f}"
