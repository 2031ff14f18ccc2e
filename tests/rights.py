"""What a Lambda may do, held over all tests: its calls are recorded, and one that its policy forbids is refused.

AWS refuses the same call with the same error. So a right that is missing fails the test that needs it. A right that is
spare is known only after all tests: `python -m tests.rights` compares the policies with what a whole run recorded.
"""

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.handlers import BUILTIN_HANDLERS
from moto.core.botocore_stubber import MockRawResponse

from infra.deployment.botocore_data import OPERATIONS
from infra.places import KEPT
from tests import deploying
from tests.architecture.deployment import functions, policy

Right = tuple[str, str]
"""An action such as "dynamodb:GetItem", and the ARN on which it is allowed."""

_DEPLOYMENTS = "deployments"
RESTORED = "-restored-*"
RECORD = KEPT / "rights.json"
USED: dict[str, set[Right]] = {name: set() for name in functions()}
# Tests also call the one service of a Lambda without its handler. Other modules of `functions` are the API's.
_SERVICES = {
    "chalicelib.services.machines.ingest.ingest": "ingest_readings",
    "chalicelib.services.numbers.aggregation.hand_out": "compute_aggregates",
    "chalicelib.services.numbers.aggregation.aggregate": "aggregate_bucket",
    "chalicelib.services.andon.timers.take_due": "escalate_issues",
    "chalicelib.services.boards.following.just_written": "send_events",
    "chalicelib.services.telling.sending.just_written": "send_events",
    "chalicelib.services.telling.sending.sweep": "sweep_events",
    "chalicelib.services.andon.attachments.finish": "make_thumbnails",
    "chalicelib.services.telling.deliveries.deliver": "deliver_webhook",
    "chalicelib.services.telling.deliveries.hand_out_due": "retry_webhooks",
    "chalicelib.services.probing.found_wrong_by": "probe_plant",
}
# What Lambda itself does with the role of a function: it writes logs and traces, and reads what calls it.
_LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")
_TRACES = ("xray:PutTraceSegments", "xray:PutTelemetryRecords")
_RECEIVES = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
# The Lambda that the table's stream calls, as infra/deployment/callers.py connects it.
_OF_THE_STREAM = "send_events"
_READS = tuple(f"dynamodb:{action}" for action in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"))
_FILES = "arn:aws:s3:::takip-local-files-*"
# What people do with forms and links that the API signs. AWS asks for the rights of who signed.
_SIGNED = {
    "api_handler": {
        ("s3:PutObject", f"{_FILES}/uploads/*"),
        ("s3:GetObject", f"{_FILES}/copies/*"),
        ("s3:GetObject", f"{_FILES}/thumbnails/*"),
    }
}
# Where botocore keeps its description of a service, if it calls it by another name here.
_FOLDERS = {"iot-data-plane": "iot-data"}
# A topic of live messages, by its kind.
_ONE_TOPIC = re.compile(r"takip/[^/]+/live/(issues|orders|board/|user/).*")
_PUBLISHED = (("Publish",), ("Publish", "RetainPublish"))
_PARTS = {"Put": "PutItem", "Delete": "DeleteItem", "Update": "UpdateItem", "ConditionCheck": "ConditionCheckItem"}


def watch() -> None:
    """Look at each request of botocore before it is sent, and before moto answers it."""
    BUILTIN_HANDLERS.insert(0, ("before-send", _seen))
    deploying.watch()


def _seen(event_name: str, request: Any, **_more: object) -> AWSResponse | None:
    function = _function()
    _, service, operation = event_name.split(".")
    service = _FOLDERS.get(service, service)
    if function is None or operation == "GetCallerIdentity":  # everybody may ask who they are
        return None
    if operation not in OPERATIONS[service]:
        return _refusal(request, f"{function} calls {operation}, which infra/deployment/botocore_data.py does not ship")
    needed = set(needs(service, operation, _read(service, request)))
    USED[function] |= needed
    if forbidden := sorted(needed - granted(function)):
        action, resource = forbidden[0]
        return _refusal(request, f"{function} is not authorized to perform: {action} on resource: {resource}")
    return None


def _refusal(request: Any, text: str) -> AWSResponse:
    body = json.dumps({"__type": "AccessDeniedException", "message": text})
    return AWSResponse(request.url, 400, HTTPHeaders(), MockRawResponse(body))


def _function() -> str | None:
    """The Lambda whose handler makes the call. None for a call of a test, also of one that disturbs a handler."""
    frame, is_shared = sys._getframe(1), False
    while frame := frame.f_back:  # type: ignore[assignment]
        module = frame.f_globals.get("__name__", "")
        if function := _SERVICES.get(f"{module}.{frame.f_code.co_name}"):
            return function
        if module.startswith("functions._"):  # what doors share; whose it is stands further out
            is_shared = True
        elif module.startswith("functions."):
            name = module.removeprefix("functions.")
            return name if name in USED else "api_handler"
        elif module.startswith(("tests.", "infra.bench.")):  # what measures a call reads items for it
            break
    return "api_handler" if is_shared else None


def _read(service: str, request: Any) -> dict[str, Any]:
    """The parameters of a request. SNS sends a form; S3 and Lambda name a key and a function in the path."""
    if service == "s3":
        return {"Key": re.sub(r"^/takip-\w+-files-\d+", "", urlsplit(request.url).path)}  # an emulator's path has it
    if service == "iot-data":
        return dict(parse_qsl(urlsplit(request.url).query)) | {"topic": unquote(urlsplit(request.url).path[8:])}
    if service == "lambda":
        return {"FunctionName": unquote(urlsplit(request.url).path.split("/")[3])}
    if service == "iot":
        return {}
    body = request.body if isinstance(request.body, str) else request.body.decode()
    return dict(parse_qsl(body)) if service in ("sns", "sts") else json.loads(body)


def needs(service: str, operation: str, body: dict[str, Any]) -> Iterator[Right]:
    """The rights that a request needs. Names of the tests' environment become those of `local`."""
    if service == "s3":
        yield from _of_files(operation, body["Key"].strip("/").partition("/")[0])
        return
    if service in ("iot", "iot-data", "sts"):
        yield from _of_live(operation, body)
        return
    for action, resource in _actions(service, operation, body):
        yield f"{service}:{action}", f"arn:aws:{service}:*:*:{resource}".replace("takip-test", "takip-local")


def _of_files(operation: str, kind: str) -> Iterator[Right]:
    """The rights on a kind of content. Without ListBucket, AWS says of what is missing that it is forbidden."""
    yield f"s3:{operation.replace('Head', 'Get')}", f"{_FILES}/{kind}/*"
    if operation in ("HeadObject", "GetObject"):
        yield "s3:ListBucket", _FILES


def _of_live(operation: str, body: dict[str, Any]) -> Iterator[Right]:
    """The rights to lend the role of who hears, to ask where live messages are, and to publish them."""
    if operation == "Publish":
        topic = f"arn:aws:iot:*:*:topic/{_ONE_TOPIC.sub(_all_such, body['topic'])}"
        yield from ((f"iot:{action}", topic) for action in _PUBLISHED[body.get("retain") == "true"])
    elif operation == "AssumeRole":
        yield "sts:AssumeRole", f"arn:aws:iam::*:role/{body['RoleArn'].rpartition('/')[2]}".replace("-test-", "-local-")
    else:
        yield f"iot:{operation}", "*"


def _all_such(topic: re.Match[str]) -> str:
    """All topics of one kind, of all tenants."""
    return f"takip/*/live/{topic[1]}" + "*" * topic[1].endswith("/")


def _actions(service: str, operation: str, body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if service == "sqs":
        yield operation.removesuffix("Batch"), body.get("QueueName") or body["QueueUrl"].rpartition("/")[2]
    elif service == "sns":
        yield operation.removesuffix("Batch"), body["TopicArn"].rpartition(":")[2]
    elif service == "lambda":
        yield "InvokeFunction", f"function:{body['FunctionName']}:*"
    elif service == "ssm":
        yield operation, f"parameter{body['Name']}".replace("/test/", "/local/")
    elif operation.startswith("Transact"):
        for part in body["TransactItems"]:
            ((kind, what),) = part.items()
            yield _PARTS[kind], f"table/{what['TableName']}"
    elif "RequestItems" in body:
        yield from ((operation, f"table/{name}") for name in body["RequestItems"])
    else:
        index = f"/index/{body['IndexName']}" if "IndexName" in body else ""
        yield operation, f"table/{body['TableName']}{index}"


@cache
def granted(function: str) -> frozenset[Right]:
    """The rights in a function's policy. All environments grant the same, also on tables that restores made."""
    return frozenset(
        (action, resource)
        for statement in policy("local", function)["Statement"]
        for action in _listed(statement["Action"])
        for resource in _listed(statement["Resource"])
        if RESTORED not in resource
    )


def taken_by_lambda(function: str) -> set[Right]:
    """The rights that Lambda itself needs to run a function."""
    from app import app  # noqa: PLC0415  only a comparison needs the application

    group = "/aws/lambda/takip-local" + ("" if function == "api_handler" else f"-{function}")
    queues = {source.queue for source in app.event_sources if source.name == function and hasattr(source, "queue")}
    streams = ["arn:aws:dynamodb:*:*:table/takip-local/stream/*"] if function == _OF_THE_STREAM else []
    return (
        {(action, stream) for action in _READS for stream in streams}
        | {(action, f"arn:aws:logs:*:*:log-group:{group}:*") for action in _LOGS}
        | {(action, "*") for action in _TRACES}
        | {(action, f"arn:aws:sqs:*:*:{queue}") for action in _RECEIVES for queue in queues}
    )


def compared(function: str, used: set[Right]) -> list[str]:
    """What is wrong with a policy: rights that are spare, and rights that are missing."""
    needed, may = used | taken_by_lambda(function) | _SIGNED.get(function, set()), granted(function)
    spare = [f"{function} never does {action} on {resource}" for action, resource in sorted(may - needed)]
    return spare + [f"{function} may not {action} on {resource}" for action, resource in sorted(needed - may)]


def recorded() -> dict[str, list[Any]]:
    """The rights that each Lambda used, and the actions of deployments, in plain JSON."""
    return {name: sorted(rights) for name, rights in USED.items()} | {_DEPLOYMENTS: sorted(deploying.TAKEN)}


def add(more: dict[str, list[Any]]) -> None:
    """Add what another process recorded."""
    deploying.TAKEN.update(more.pop(_DEPLOYMENTS))
    for function, rights in more.items():
        USED[function] |= {tuple(right) for right in rights}


def keep() -> None:
    """Write what was recorded, for a comparison after the run."""
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(json.dumps(recorded()))


def main() -> None:
    """Compare every policy with the record of the last run; an error names each difference."""
    add(json.loads(RECORD.read_text()))
    wrong = [line for name in sorted(USED) for line in compared(name, USED[name])]
    raise SystemExit("\n".join([*wrong, *deploying.compared(deploying.TAKEN)]) or None)


def _listed(one_or_more: str | list[str]) -> list[str]:
    return [one_or_more] if isinstance(one_or_more, str) else one_or_more


if __name__ == "__main__":
    main()
