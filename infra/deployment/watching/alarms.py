"""The alarms of an environment: what each looks at, and when it says that something is wrong.

`docs/runbook.md` has a section for each kind of alarm, and `docs/operations.md` tells how the thresholds were chosen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.deployment.found import API, function_name

_MINUTE = 60
_LAMBDA, _QUEUE, _TABLE = "AWS/Lambda", "AWS/SQS", "AWS/DynamoDB"
OWN = "Takip"
_FEWEST = 20  # of fewer requests, or messages, a share says nothing


@dataclass(frozen=True)
class Metric:
    """A metric of CloudWatch: its namespace, name and dimensions, and the statistic of a period of seconds."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    statistic: str = "Sum"
    seconds: int = _MINUTE

    def named(self) -> dict[str, Any]:
        """The metric, as CloudFormation names it."""
        dimensions = [{"Name": name, "Value": value} for name, value in self.dimensions.items()]
        return {"Namespace": self.namespace, "MetricName": self.name, "Dimensions": dimensions}


@dataclass(frozen=True)
class Alarm:
    """An alarm: it goes off when the value was above `above` in `points` of the last `looks` periods.

    `kind` is its section in docs/runbook.md; `of` the function or the queue that it watches, if there is one for each.
    The value is that of the only metric, or of the formula. `below`: it goes off below a value, and where there is
    none. A release that makes one of the `unhealthy` ones go off must not go on.
    """

    kind: str
    says: str
    metrics: Mapping[str, Metric]
    above: float = 0
    formula: str = ""
    of: str = ""
    points: int = 3
    looks: int = 5
    below: float | None = None
    unhealthy: bool = False

    @property
    def name(self) -> str:
        """Its name within the environment."""
        return f"{self.kind}-{self.of}" if self.of else self.kind


@dataclass(frozen=True)
class Watched:
    """What is watched: an environment, its functions with their timeouts in seconds, its queues and its table."""

    environment: str
    timeouts: Mapping[str, int]
    queues: tuple[str, ...]
    table: str

    def of_function(self, function: str, name: str, statistic: str = "Sum") -> Metric:
        """A metric that Lambda writes."""
        dimensions = {"FunctionName": function_name(self.environment, function)}
        return Metric(_LAMBDA, name, dimensions, statistic)

    def of_queue(self, queue: str, name: str) -> Metric:
        """A metric that SQS writes."""
        return Metric(_QUEUE, name, {"QueueName": queue}, "Maximum")

    def of_table(self, name: str) -> Metric:
        """A metric that DynamoDB writes."""
        return Metric(_TABLE, name, {"TableName": self.table})

    def own(self, name: str, statistic: str = "Sum", seconds: int = _MINUTE) -> Metric:
        """A metric that Takip writes, with the service as its only dimension: each further one is paid for."""
        return Metric(OWN, name, {"service": f"takip-{self.environment}"}, statistic, seconds)


def alarms(watched: Watched) -> list[Alarm]:
    """All alarms of an environment."""
    return [*_of_api(watched), *_of_functions(watched), *_of_queues(watched), *_of_table(watched), *_of_work(watched)]


def _of_api(watched: Watched) -> Iterator[Alarm]:
    calls = {"calls": watched.of_function(API, "Invocations")}
    failed = calls | {"failures": watched.own("Failures"), "crashes": watched.of_function(API, "Errors")}
    rate = f"IF(calls > {_FEWEST}, 100 * (FILL(failures, 0) + FILL(crashes, 0)) / calls, 0)"
    slow = calls | {"slow": watched.of_function(API, "Duration", "p95")}
    lasting = f"IF(calls > {_FEWEST}, slow, 0)"
    yield Alarm("api-errors-critical", "More than 5 % of requests fail.", failed, 5, rate, unhealthy=True)
    yield Alarm("api-errors-warning", "More than 1 % of requests fail.", failed, 1, rate)
    yield Alarm("api-slow-critical", "1 of 20 requests takes more than 1 s.", slow, 1000, lasting, unhealthy=True)
    yield Alarm("api-slow-warning", "1 of 20 requests takes more than 0.5 s.", slow, 500, lasting)


def _of_functions(watched: Watched) -> Iterator[Alarm]:
    for name, seconds in watched.timeouts.items():
        throttles = {"throttles": watched.of_function(name, "Throttles")}
        yield Alarm("throttled", "AWS does not run it.", throttles, of=name, points=1, looks=1, unhealthy=name == API)
        longest = {"longest": watched.of_function(name, "Duration", "Maximum")}
        near = 0.95 * 1000 * seconds
        yield Alarm("near-timeout", "A run takes 95 % of its time limit.", longest, near, of=name, points=1, looks=1)
        if name != API:
            errors = {"errors": watched.of_function(name, "Errors")}
            yield Alarm("door-errors", "Runs of the function fail.", errors, of=name, unhealthy=True)


def _of_queues(watched: Watched) -> Iterator[Alarm]:
    for queue in watched.queues:
        of = queue.removeprefix(f"takip-{watched.environment}-")
        if queue.endswith("-dead"):
            dead = {"dead": watched.of_queue(queue, "ApproximateNumberOfMessagesVisible")}
            yield Alarm("dead-letters", "Messages could not be worked on.", dead, of=of, points=1, looks=1)
        else:
            oldest = {"oldest": watched.of_queue(queue, "ApproximateAgeOfOldestMessage")}
            yield Alarm("waiting", "A message has waited for more than 15 minutes.", oldest, 900, of=of)


def _of_table(watched: Watched) -> Iterator[Alarm]:
    throttled = {name.lower(): watched.of_table(f"{name}ThrottleEvents") for name in ("Read", "Write")}
    yield Alarm("table-throttled", "DynamoDB refuses requests.", throttled, formula="FILL(read, 0) + FILL(write, 0)")


def _of_work(watched: Watched) -> Iterator[Alarm]:
    runs = {"runs": watched.own("AggregationBuckets", "SampleCount")}
    yield Alarm("aggregation-stalled", "The clock does not run.", runs, below=1, points=5, unhealthy=True)
    lag = {"lag": watched.own("AggregationLagSeconds", "Maximum")}
    yield Alarm("aggregation-late", "Numbers are more than 10 minutes behind.", lag, 600)
    for subject in ("aggregation", "timers", "events"):
        failed = {"failed": watched.own(f"{subject.title()}Failed")}
        yield Alarm("work-failed", "Pieces of work fail again and again.", failed, of=subject)
    yield from _of_probe(watched)
    five = 5 * _MINUTE
    messages = {
        "wrong": watched.own("IngestedQuarantined", seconds=five),
        "messages": watched.own("IngestedMessages", seconds=five),
    }
    share = f"IF(messages > {_FEWEST}, 100 * wrong / messages, 0)"
    yield Alarm("quarantine", "More than 5 % of messages of machines are wrong.", messages, 5, share, points=2, looks=3)
    refused = {"refused": watched.own("SignInsRefused", seconds=five)}
    yield Alarm("sign-ins-refused", "More than 50 sign-ins in 5 minutes are refused.", refused, 50, points=1, looks=1)


def _of_probe(watched: Watched) -> Iterator[Alarm]:
    """It runs each quarter of an hour. Where it never ran yet, as before a first release, it is not unhealthy."""
    quarter = 15 * _MINUTE
    failed = {"failed": watched.own("ProbeFailed", "Maximum", quarter)}
    yield Alarm("probe-failed", "A day of a plant, tried out, failed.", failed, points=1, looks=1, unhealthy=True)
    runs = {"runs": watched.own("ProbeFailed", "SampleCount", 3 * quarter)}
    yield Alarm("probe-stalled", "Nobody tries whether Takip works.", runs, below=1, points=1, looks=1)
