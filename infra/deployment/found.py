"""What `chalice deploy` has made in an AWS so far, found there by names and tags.

No file remembers it. So every computer finds the same, also after a deployment that was interrupted. Chalice itself
records what it made only at the end of a deployment that succeeded.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from infra.aws import Aws
from infra.problem import Problem

APP = "takip"
API = "api_handler"
_CHALICES_TAG = "aws-chalice"
_MOST_ROUTES_A_PAGE = 500

Record = dict[str, str]
"""A resource as Chalice records it: its `name`, its `resource_type`, and the ids of that type."""


@dataclass(frozen=True)
class Found:
    """What of an environment is there, as Chalice would record it, in the order in which it is made.

    Of the APIs, those that answer requests come first. The others are left over from an interrupted deployment.
    """

    records: tuple[Record, ...]
    answering_apis: tuple[str, ...]

    @property
    def api(self) -> str | None:
        """The id of the API with which a deployment goes on."""
        return next((record["rest_api_id"] for record in self.records if record["resource_type"] == "rest_api"), None)

    @property
    def functions(self) -> tuple[str, ...]:
        """The names of the Lambdas."""
        arns = (record["lambda_arn"] for record in self.records if record["resource_type"] == "lambda_function")
        return tuple(arn.rpartition(":")[2] for arn in arns)

    @property
    def rules(self) -> tuple[str, ...]:
        """The names of the schedules."""
        return tuple(record["rule_name"] for record in self.records if record["resource_type"] == "cloudwatch_event")

    def without_callers(self, functions: Iterable[str]) -> tuple[Record, ...]:
        """The records but for what calls these functions, which Chalice shall neither change nor delete."""
        own = re.compile(rf"({'|'.join(functions)})-(event|sqs-event-source)(-\d+)?")
        return tuple(record for record in self.records if not own.fullmatch(record["name"]))


def function_name(environment: str, function: str) -> str:
    """The name in AWS of a Lambda. That of the API is made of app and environment only."""
    return f"{APP}-{environment}" + ("" if function == API else f"-{function}")


def find(aws: Aws, environment: str, functions: Iterable[str]) -> Found:
    """Find what is there of an environment.

    `functions` are those of the application. After an interruption, what belongs to them may be there without them.
    There may also be functions that the application no longer has. Raises Problem if it is in another region.
    """
    there = tuple(_functions(aws, environment))
    names = sorted({*functions, *(record["name"] for record in there)})
    apis, answering = _apis(aws, environment)
    records = (
        *_roles(aws, environment, names),
        *there,
        *_rules(aws, environment, names),
        *_queues(aws, environment, names),
        *(_record("rest_api", "rest_api", rest_api_id=api) for api in apis),
    )
    return Found(tuple(_apart(records)), answering)


def _functions(aws: Aws, environment: str) -> Iterator[Record]:
    """The functions that have a name of Takip's and Chalice's tag. Without the tag they are somebody else's."""
    client, own = aws.client("lambda"), re.compile(rf"{APP}-{environment}(?:-(\w+))?")
    for page in client.get_paginator("list_functions").paginate():
        for each in page["Functions"]:
            name, arn = own.fullmatch(each["FunctionName"]), each["FunctionArn"]
            if name and _is_of(environment, client.list_tags(Resource=arn)["Tags"]):
                yield _record(name[1] or API, "lambda_function", lambda_arn=arn)


def _is_of(environment: str, tags: dict[str, str]) -> bool:
    return {f"stage={environment}", f"app={APP}"} <= set(tags.get(_CHALICES_TAG, "").split(":"))


def _roles(aws: Aws, environment: str, functions: Iterable[str]) -> Iterator[Record]:
    client = aws.client("iam")
    for name in functions:
        role = f"{APP}-{environment}-{name}"
        try:
            found = client.get_role(RoleName=role)["Role"]
        except client.exceptions.NoSuchEntityException:
            continue
        _refuse_other_region(found, aws.region)
        yield _record(f"{name}_role", "iam_role", role_name=role, role_arn=found["Arn"])


def _refuse_other_region(role: dict[str, Any], region: str) -> None:
    """Raise Problem if a role is in use in another region, because all regions of an account share it."""
    other = role.get("RoleLastUsed", {}).get("Region", region)
    if other != region:
        raise Problem(
            f"The role {role['RoleName']} is in use in {other}, so this environment is there and not in {region}.\n"
            f"An account holds each environment once. Name its region: AWS_DEFAULT_REGION={other}"
        )


def _rules(aws: Aws, environment: str, functions: Iterable[str]) -> Iterator[Record]:
    """The schedules of these functions."""
    own = {f"{APP}-{environment}-{name}-event": f"{name}-event" for name in functions}
    for page in aws.client("events").get_paginator("list_rules").paginate(NamePrefix=f"{APP}-{environment}-"):
        for rule in page["Rules"]:
            if name := own.get(rule["Name"]):
                yield _record(name, "cloudwatch_event", rule_name=rule["Name"])


def _queues(aws: Aws, environment: str, functions: Iterable[str]) -> Iterator[Record]:
    """The connections of these functions with queues. The ARN of a function may end with the name of an alias.

    Chalice deletes those of queues only. That of the table's stream is deleted beside it (`callers.py`).
    """
    own = {function_name(environment, name): f"{name}-sqs-event-source" for name in functions}
    for page in aws.client("lambda").get_paginator("list_event_source_mappings").paginate():
        for each in page["EventSourceMappings"]:
            queue, function = each["EventSourceArn"], each["FunctionArn"]
            name = own.get(function.split(":")[6])
            if name and queue.split(":")[2] == "sqs":
                yield _record(
                    name,
                    "sqs_event",
                    event_uuid=each["UUID"],
                    queue_arn=queue,
                    queue=queue.rpartition(":")[2],
                    lambda_arn=function,
                )


def _apis(aws: Aws, environment: str) -> tuple[list[str], tuple[str, ...]]:
    """The ids of the APIs that call the environment's function: all, and those of them that answer requests.

    Every environment's API has the same name. What it calls tells whose it is.
    """
    client, calls = aws.client("apigateway"), re.compile(rf":{function_name(environment, API)}(:\w+)?/invocations$")
    mine = [
        api["id"]
        for page in client.get_paginator("get_rest_apis").paginate()
        for api in page["items"]
        if api["name"] == APP and any(calls.search(address) for address in _addresses(client, api["id"]))
    ]
    answering = tuple(api for api in mine if client.get_stages(restApiId=api)["item"])
    return sorted(mine, key=lambda api: api not in answering), answering


def _addresses(client: Any, api: str) -> Iterator[str]:
    """The addresses that an API calls."""
    size = {"PageSize": _MOST_ROUTES_A_PAGE}
    for page in client.get_paginator("get_resources").paginate(restApiId=api, embed=["methods"], PaginationConfig=size):
        for route in page["items"]:
            for method in route.get("resourceMethods", {}).values():
                yield method.get("methodIntegration", {}).get("uri", "")


def _record(name: str, resource_type: str, **ids: str) -> Record:
    return {"name": name, "resource_type": resource_type, **ids}


def _apart(records: Iterable[Record]) -> Iterator[Record]:
    """The records, each with a name of its own.

    Chalice goes on with the names of the application, and deletes what has another name: the second API of two.
    """
    times = Counter[str]()
    for record in records:
        times[record["name"]] += 1
        nth = times[record["name"]]
        yield record if nth == 1 else record | {"name": f"{record['name']}-{nth}"}
