"""The alias that everything calls: `live` of a function is the version that serves. And who may call it."""

import json
from typing import Any

from infra.aws import Aws

LIVE = "live"


def live(function: str) -> str:
    """The name by which a function is called: that of its alias."""
    return f"{function}:{LIVE}"


def let_call(aws: Aws, function: str, service: str, source: str) -> str:
    """Let a service ("events") call the alias of a function for `source`, an ARN. Returns the ARN of the alias.

    Each service has one statement. It is made anew if it is for another source: an API that was there before.
    """
    client, statement = aws.client("lambda"), f"{service}-{LIVE}"
    alias: dict[str, str] = {"FunctionName": function, "Qualifier": LIVE}
    known = _statements(client, alias)
    if statement in known and source not in json.dumps(known[statement]):
        client.remove_permission(StatementId=statement, **alias)
        del known[statement]
    if statement not in known:
        client.add_permission(
            StatementId=statement,
            Action="lambda:InvokeFunction",
            Principal=f"{service}.amazonaws.com",
            SourceArn=source,
            **alias,
        )
    arn: str = client.get_alias(FunctionName=function, Name=LIVE)["AliasArn"]
    return arn


def _statements(client: Any, alias: dict[str, str]) -> dict[str, Any]:
    """The statements of an alias's policy, by their names."""
    try:
        policy = client.get_policy(**alias)["Policy"]
    except client.exceptions.ResourceNotFoundException:
        return {}
    return {each["Sid"]: each for each in json.loads(policy)["Statement"]}
