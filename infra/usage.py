"""What an environment used in a month, as CloudWatch counted it, and what that costs at the prices of the list."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from infra.aws import Aws
from infra.bench.costs import GIGABYTE, MILLION, PRICES
from infra.deployment import tables
from infra.deployment.found import function_name
from infra.deployment.watching import watched
from infra.deployment.watching.alarms import Metric, Watched
from infra.places import PROJECT

_DAY = 86_400
_MOST_QUERIES = 500
_MB_OF_A_GB = 1024


@dataclass(frozen=True)
class Used:
    """One thing, what CloudWatch counted of it, and its dollars. None: CloudWatch has no value of it."""

    thing: str
    amount: float | None
    unit: str
    dollars: float | None


@dataclass(frozen=True)
class _Asked:
    thing: str
    unit: str
    metric: Metric
    price: float


def usage(aws: Aws, environment: str, since: datetime, until: datetime) -> list[Used]:
    """What was used in [since, until): by function, queue and table, and the bytes of logs."""
    asked = [*_asked(watched(environment, tables.serving(aws, environment)))]
    sums = _sums(aws, [each.metric for each in asked], since, until)
    return [
        Used(each.thing, amount, each.unit, None if amount is None else amount * each.price)
        for each, amount in zip(asked, sums, strict=True)
    ]


def _asked(watched_: Watched) -> Iterator[_Asked]:
    environment = watched_.environment
    per_ms = PRICES["Lambda (arm64), a million GB-seconds"] / MILLION / 1000
    for name, memory in _memory().items():
        calls, milliseconds = (watched_.of_function(name, what) for what in ("Invocations", "Duration"))
        yield _Asked(f"function {name}", "calls", calls, PRICES["Lambda, a million calls"] / MILLION)
        yield _Asked(f"function {name}", "ms", milliseconds, per_ms * memory / _MB_OF_A_GB)
    for kind in ("read", "write"):
        units = watched_.of_table(f"Consumed{kind.title()}CapacityUnits")
        yield _Asked("table", f"{kind} units", units, PRICES[f"DynamoDB, a million {kind} units"] / MILLION)
    for queue in watched_.queues:
        for what in ("NumberOfMessagesSent", "NumberOfMessagesDeleted", "NumberOfEmptyReceives"):
            metric = Metric("AWS/SQS", what, {"QueueName": queue})
            unit = what.removeprefix("NumberOf")
            yield _Asked(f"queue {queue}", unit, metric, PRICES["SQS, a million requests"] / MILLION)
    for name in watched_.timeouts:
        group = {"LogGroupName": f"/aws/lambda/{function_name(environment, name)}"}
        price = PRICES["CloudWatch, a GB of logs"] / GIGABYTE
        yield _Asked(f"logs of {name}", "bytes", Metric("AWS/Logs", "IncomingBytes", group), price)


def _memory() -> dict[str, int]:
    """The megabytes of each function."""
    config = json.loads((PROJECT / ".chalice" / "config.json").read_text(encoding="utf-8"))
    usual, functions = config["lambda_memory_size"], config["lambda_functions"]
    return {name: own.get("lambda_memory_size", usual) for name, own in functions.items()}


def _sums(aws: Aws, metrics: list[Metric], since: datetime, until: datetime) -> list[float | None]:
    """The sum of each metric over the time; None where there is no value."""
    queries = [
        {
            "Id": f"m{n}",
            "MetricStat": {"Metric": metric.named(), "Period": _DAY, "Stat": "Sum"},
        }
        for n, metric in enumerate(metrics)
    ]
    found: dict[str, float] = {}
    pages = aws.client("cloudwatch").get_paginator("get_metric_data")
    for start in range(0, len(queries), _MOST_QUERIES):
        part = queries[start : start + _MOST_QUERIES]
        for page in pages.paginate(MetricDataQueries=part, StartTime=since, EndTime=until):
            for each in page["MetricDataResults"]:
                if each["Values"]:
                    found[each["Id"]] = found.get(each["Id"], 0) + sum(each["Values"])
    return [found.get(f"m{n}") for n in range(len(metrics))]
