"""The dashboards of an environment: pages of CloudWatch with what an admin looks at first."""

from typing import Any

from infra.bench.costs import MEMORY_MB, MILLION, PRICES
from infra.deployment.found import API
from infra.deployment.watching.alarms import Metric, Watched

_COLUMNS, _HEIGHT = 3, 6
_WIDTH = 24 // _COLUMNS
Widget = dict[str, Any]


def dashboards(watched: Watched) -> dict[str, dict[str, Any]]:
    """The bodies of the dashboards by name. `${AWS::Region}` in them is put in by CloudFormation."""
    return {"operations": _page(_operations(watched)), "plant": _page(_plant(watched))}


def _operations(watched: Watched) -> list[Widget]:
    duration = watched.of_function(API, "Duration")
    of_queues = [queue for queue in watched.queues if not queue.endswith("-dead")]
    dead = [queue for queue in watched.queues if queue.endswith("-dead")]
    return [
        _widget("Requests, and those that failed", watched.own("Requests"), watched.own("Failures")),
        _widget("Milliseconds of a request", *((duration, statistic) for statistic in ("p50", "p95", "p99"))),
        _widget("Runs of the API that crashed or ran out of time", watched.of_function(API, "Errors")),
        _widget("Errors of the other functions", *_each(watched, "Errors")),
        _widget("Throttles", watched.of_function(API, "Throttles"), *_each(watched, "Throttles")),
        _widget("Functions at once", *((watched.of_function(API, "ConcurrentExecutions"), "Maximum"),)),
        _widget(
            "Seconds that the oldest message waits",
            *(watched.of_queue(queue, "ApproximateAgeOfOldestMessage") for queue in of_queues),
        ),
        _widget(
            "Messages that could not be worked on",
            *(watched.of_queue(queue, "ApproximateNumberOfMessagesVisible") for queue in dead),
        ),
        _widget("Seconds that numbers are behind", (watched.own("AggregationLagSeconds"), "Maximum")),
        _widget(
            "Units of the table",
            *(watched.of_table(f"Consumed{name}CapacityUnits") for name in ("Read", "Write")),
        ),
        _widget("Refused by the table", *(watched.of_table(f"{name}ThrottleEvents") for name in ("Read", "Write"))),
        _widget("Work that failed", *(watched.own(f"{name}Failed") for name in ("Aggregation", "Timers", "Events"))),
    ]


def _plant(watched: Watched) -> list[Widget]:
    """All plants of the environment together."""

    def standing(name: str) -> tuple[Metric, str]:
        return watched.own(name), "Maximum"

    return [
        _widget("Orders open, and late", standing("OrdersOpen"), standing("OrdersLate")),
        _widget("Issues open", standing("IssuesOpen")),
        _widget("People at work", standing("PeopleAtWork")),
        _widget("Readings", watched.own("IngestedReadings")),
        _widget("Messages of machines, and wrong ones", *map(watched.own, ("IngestedMessages", "IngestedQuarantined"))),
        _cost_of_commands(watched),
    ]


def _cost_of_commands(watched: Watched) -> Widget:
    """What the table and the API's function cost, for 1,000 requests that changed something."""
    parts = {
        "commands": watched.own("Commands"),
        "reads": watched.of_table("ConsumedReadCapacityUnits"),
        "writes": watched.of_table("ConsumedWriteCapacityUnits"),
        "duration": watched.of_function(API, "Duration"),
    }
    gigabytes = MEMORY_MB / 1024
    dollars = (
        f"reads * {PRICES['DynamoDB, a million read units'] / MILLION}"
        f" + writes * {PRICES['DynamoDB, a million write units'] / MILLION}"
        f" + duration * {gigabytes * PRICES['Lambda (arm64), a million GB-seconds'] / MILLION / 1000}"
    )
    shown = _widget("Dollars for 1,000 requests that change something", *parts.values())
    for line, name in zip(shown["metrics"], parts, strict=True):
        line[-1] |= {"id": name, "visible": False}
    return shown | {
        "metrics": [[{"expression": f"1000 * ({dollars}) / commands", "label": "dollars"}], *shown["metrics"]]
    }


def _each(watched: Watched, name: str) -> list[Metric]:
    """A metric of each function that is not the API."""
    return [watched.of_function(function, name) for function in watched.timeouts if function != API]


def _page(widgets: list[Widget]) -> dict[str, Any]:
    """Widgets beside each other in rows."""
    return {
        "widgets": [
            {
                "type": "metric",
                "x": place % _COLUMNS * _WIDTH,
                "y": place // _COLUMNS * _HEIGHT,
                "width": _WIDTH,
                "height": _HEIGHT,
                "properties": properties,
            }
            for place, properties in enumerate(widgets)
        ]
    }


def _widget(title: str, *shown: Metric | tuple[Metric, str]) -> Widget:
    """Lines over time, each of a metric, with a statistic of its own where one is given."""
    lines = []
    for each in shown:
        metric, statistic = each if isinstance(each, tuple) else (each, each.statistic)
        dimensions = [text for pair in metric.dimensions.items() for text in pair]
        lines.append([metric.namespace, metric.name, *dimensions, {"stat": statistic}])
    return {"title": title, "region": "${AWS::Region}", "period": 300, "metrics": lines}
