"""Takip's own functions, called by name with the events that API Gateway and the queues make."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import aws, clock, ids, settings

API = "api_handler"
LIVE = "live"
Call = Callable[[str, dict[str, Any]], Any]
"""Calls a function, such as "ingest_readings", with an event. Returns its answer; raises Unexpected if it fails."""


class Unexpected(Exception):
    """A function did not answer as it should. The text says which, and what it answered."""


def by_name(versions: Mapping[str, str]) -> Call:
    """Call functions by their names in AWS: the version that is named for each, else what serves."""
    client = aws.client("lambda")

    def call(function: str, event: dict[str, Any]) -> Any:
        name = f"takip-{settings.current().environment}" + ("" if function == API else f"-{function}")
        try:
            answer = client.invoke(
                FunctionName=name, Qualifier=versions.get(name, LIVE), Payload=json.dumps(event).encode()
            )
            said = answer["Payload"].read().decode()
        except (BotoCoreError, ClientError) as error:
            raise Unexpected(f"The function {function} could not be called: {error}") from error
        if "FunctionError" in answer:
            raise Unexpected(f"The function {function} failed when it was called: {said}")
        return json.loads(said)

    return call


def hand_over(call: Call, function: str, body: Mapping[str, Any]) -> None:
    """Call a function as its queue does, with one message."""
    sent = {"SentTimestamp": str(int(clock.now().timestamp() * 1000))}
    call(function, {"Records": [{"messageId": ids.new(), "body": json.dumps(body), "attributes": sent}]})


class Api:
    """The function of the API, called with the events that API Gateway makes of requests."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._headers = {"Content-Type": "application/json"}

    def sign_in(self, tenant: str, username: str, password: str) -> str:
        """Sign in; later requests are this person's. Returns the id."""
        pair = self.post("/auth/login", {"tenant": tenant, "username": username, "password": password})
        self._headers["Authorization"] = f"Bearer {pair['access_token']}"
        me: str = self.get("/auth/me")["id"]
        return me

    def get(self, path: str, places: dict[str, str] | None = None, query: dict[str, str] | None = None) -> Any:
        """Read something. Returns the data of the answer. Raises Unexpected."""
        return self._send("GET", path, places or {}, query=query or {})

    def post(
        self,
        path: str,
        body: dict[str, Any],
        places: dict[str, str] | None = None,
        accepted: tuple[int, ...] = (HTTPStatus.OK, HTTPStatus.CREATED),
    ) -> Any:
        """Send something. Returns the data of the answer. Raises Unexpected."""
        return self._send("POST", path, places or {}, body=json.dumps(body), accepted=accepted)

    def _send(
        self,
        method: str,
        path: str,
        places: dict[str, str],
        *,
        body: str | None = None,
        query: Mapping[str, str] = {},
        accepted: tuple[int, ...] = (HTTPStatus.OK,),
    ) -> Any:
        whole = path.format(**places)
        headers = self._headers | {"Idempotency-Key": ids.new()}
        event = {
            "resource": path,
            "path": whole,
            "httpMethod": method,
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "pathParameters": places or None,
            "queryStringParameters": dict(query) or None,
            "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": path,
                "httpMethod": method,
                "path": whole,
                "requestId": ids.new(),
                "identity": {"sourceIp": "127.0.0.1"},
            },
            "body": body,
            "isBase64Encoded": False,
        }
        answer = self._call(API, event)
        if answer.get("statusCode") not in accepted:
            raise Unexpected(f"{method} {whole} was answered {answer.get('statusCode')}: {answer.get('body')}")
        return json.loads(answer["body"]).get("data")
