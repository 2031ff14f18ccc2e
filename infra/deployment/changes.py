"""What a deployment would change: stacks, functions, and the edges. Looking changes nothing that exists."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra import cloudformation, stack
from infra.aws import Aws
from infra.deployment import backups, chalice, edges, watching
from infra.deployment.edges import EdgeWishes
from infra.deployment.found import function_name
from infra.deployment.watching import NO_WISHES, Wishes
from infra.places import PROJECT

_HOLDS_DATA = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::Logs::LogGroup"}
NO_EDGE_WISHES = EdgeWishes()


@dataclass(frozen=True)
class Wanted:
    """What a deployment is asked for: web origins, who is told of alarms, the budget, the domain, the firewall."""

    origins: str = ""
    wishes: Wishes = NO_WISHES
    edges: EdgeWishes = NO_EDGE_WISHES


@dataclass(frozen=True)
class Planned:
    """A change in words, and whether it would lose data."""

    text: str
    loses: bool = False


def planned(aws: Aws, environment: str, functions: tuple[str, ...], wanted: Wanted) -> Iterator[Planned]:
    """All changes of a deployment with these functions, in the order in which they would be made."""
    yield from _of_stack(aws, *stack.request(aws, environment, wanted.origins))
    others = backups.requests(aws, environment) | watching.requests(aws, environment, wanted.wishes)
    for name, request in others.items():
        yield from _of_stack(aws, name, request)
    yield from (Planned(text) for text in _of_functions(aws, environment, functions))
    yield from _of_edges(aws, environment, wanted.edges)


def _of_stack(aws: Aws, name: str, request: Mapping[str, Any]) -> Iterator[Planned]:
    if cloudformation.status_of(aws, name) is None:
        yield Planned(f"the stack {name} would be made")
        return
    for change in cloudformation.changes(aws, name, request):
        loses = change.loses and change.kind in _HOLDS_DATA
        yield Planned(
            f"{change.name} ({change.kind}): {change.action}{', and its data would be lost' if loses else ''}", loses
        )


def _of_functions(aws: Aws, environment: str, functions: tuple[str, ...]) -> Iterator[str]:
    known = aws.client("lambda")
    for name in functions:
        full = function_name(environment, name)
        try:
            known.get_function_configuration(FunctionName=full)
        except known.exceptions.ResourceNotFoundException:
            yield f"the function {full} would be made"
        else:
            yield f"the function {full} would get the code and the settings of this clone"


def _of_edges(aws: Aws, environment: str, wishes: EdgeWishes) -> Iterator[Planned]:
    api = chalice.found(aws, environment).api
    for name in edges.domain.gone(aws, api, wishes.domain):
        yield Planned(f"the domain {name} would be removed")
    if wishes.domain and wishes.domain not in edges.domain.of_api(aws, api):
        yield Planned(f"the domain {wishes.domain} would be made")
    firewall = edges.firewall.stack_name(environment)
    is_there = cloudformation.status_of(aws, firewall) is not None
    if is_there and wishes.firewall is False:
        yield Planned(f"the stack {firewall} would be deleted")
    elif is_there or wishes.firewall:
        stage = chalice.setting(PROJECT, environment, "api_gateway_stage")
        yield from _of_stack(aws, firewall, edges.firewall.request_for(aws, environment, api or "", stage))
