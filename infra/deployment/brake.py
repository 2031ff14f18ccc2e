"""The brake: what calls a function can be stopped, and let go again. Nothing is lost meanwhile.

Messages wait in their queue for as long as it keeps them. What the clock does is done a minute after it goes again.
Deployments leave a brake as it is.
"""

from collections.abc import Collection
from dataclasses import dataclass

from infra.aws import Aws
from infra.deployment.callers import connections


@dataclass(frozen=True)
class Caller:
    """What calls a function: a queue, the stream of a table or the clock, with its name in AWS."""

    function: str
    kind: str
    name: str
    is_stopped: bool


def callers(aws: Aws, functions: Collection[str], rules: Collection[str]) -> list[Caller]:
    """What calls these functions beside the API, by function. `rules` are the schedules that are there."""
    found = [
        Caller(each.function, "queue", each.source.rpartition(":")[2], not each.is_on)
        if ":sqs:" in each.source
        else Caller(each.function, "stream", each.source.split("/")[1], not each.is_on)
        for each in connections(aws, functions)
    ]
    events = aws.client("events")
    found += [
        Caller(rule.removesuffix("-event"), "clock", rule, events.describe_rule(Name=rule)["State"] == "DISABLED")
        for rule in rules
    ]
    return sorted(found, key=lambda each: each.function)


def stop(aws: Aws, functions: Collection[str], rules: Collection[str], *, stopped: bool) -> None:
    """Stop what calls these functions, or let it go again. Runs that have begun end as usual."""
    for each in connections(aws, functions):
        if each.is_on == stopped:
            aws.client("lambda").update_event_source_mapping(UUID=each.id, Enabled=not stopped)
    events = aws.client("events")
    for rule in rules:
        (events.disable_rule if stopped else events.enable_rule)(Name=rule)
