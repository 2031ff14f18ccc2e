"""The process in which `requests` measures one version of Takip, in the folder of its files.

The version may be older than this file. So this file knows of Takip only its HTTP API, its environment variables, and
how its signing keys and its first admin are made. Its argument is the number of orders. It writes the names of its
requests as JSON. For each line that it reads, a request and how often to answer it, it writes the CPU seconds of one.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle
from typing import IO, Any
from unittest.mock import patch
from urllib.parse import parse_qs

import boto3
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber
from moto.dynamodb.models.table import Table as MotoTable

from app import app
from infra.administration import admins
from infra.aws import Aws
from infra.deployment.signing_keys import put_signing_keys

Event = dict[str, Any]
Answers = dict[tuple[str, bytes], list[Any]]

QUEUES = ("READINGS", "AGGREGATES", "PICTURES", "WEBHOOKS")
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "eu-central-1",
    "TAKIP_ENVIRONMENT": "local",
    "TAKIP_TABLE": "takip-bench",
    **{f"TAKIP_{name}_QUEUE": f"takip-bench-{name.lower()}" for name in QUEUES},
    **{f"TAKIP_{name}": f"takip-bench-{name.lower()}" for name in ("EVENTS_TOPIC", "FILES_BUCKET", "LIVE_ROLE")},
    "TAKIP_SIGNING_KEYS": "/takip/local/signing-keys",
    "TAKIP_BCRYPT_COST": "4",
    "TAKIP_TOKEN_MINUTES": "600",
    "POWERTOOLS_SERVICE_NAME": "takip",
    "POWERTOOLS_METRICS_NAMESPACE": "Takip",
    "POWERTOOLS_TRACE_DISABLED": "true",
}
ADMIN = {"username": "bench", "password": "only for this table in memory"}
STAGES, OFFLINE_STAGES = 4, 2
OFFLINE = ("start", "report", "report", "report", "done")
OFFLINE_SHARE = 5  # of so many orders, one is worked on by somebody who is offline


@dataclass(frozen=True)
class Recording:
    """The result of a request, and the answers of the table that were needed for it."""

    result: Event
    answers: Answers


class Table:
    """A table in memory. Its answers to a request are recorded once, and then given again without the table."""

    def __init__(self) -> None:
        self._answer = BotocoreStubber.process_request
        self._recorded: Answers = {}
        self._given: dict[tuple[str, bytes], Iterator[Any]] | None = None

    def answer(self, stubber: BotocoreStubber, request: Any) -> Any:
        """Answer a request of AWS's client, in place of the network."""
        asked = request.headers.get("X-Amz-Target", ""), request.body
        if self._given is not None:
            # Ids and times make every write another one. The answer to a write is empty.
            return next(self._given[asked]) if asked in self._given else (200, {}, b"{}")
        answer = self._answer(stubber, request)
        self._recorded.setdefault(asked, []).append(answer)
        return answer

    def recorded(self, act: Callable[[], Event]) -> Recording:
        """Act, and record the answers that were needed for it."""
        self._recorded = {}
        return Recording(act(), self._recorded)

    def give_again(self, answers: Answers) -> None:
        """From now on, give these answers: those of equal requests in their order, and then from the first one."""
        self._given = {asked: cycle(each) for asked, each in answers.items()}


class Plant:
    """A plant that is prepared through the API, and the requests that are measured."""

    def __init__(self, orders: int) -> None:
        self._orders = orders
        self._headers = {"content-type": "application/json", "user-agent": "bench"}
        signed_in = self._sent("POST", "/auth/login", ADMIN)
        self._headers["authorization"] = f"Bearer {signed_in['access_token']}"
        self._me = signed_in["user"]["id"]

    def requests(self) -> Iterator[tuple[str, Event]]:
        """Each request's name and event, when the plant is ready for it. It is answered before the next is taken."""
        taps = list(self._taps())
        yield f"sync of {len(taps)} commands", self._event("POST", "/sync/commands", {"commands": taps})
        for n in range(self._orders):
            self._open(f"WO-{n}", STAGES)
        listed = self._event("GET", "/workorders", query=f"limit={self._orders}")
        yield f"list of {self._orders} orders", listed
        yield "my work", self._event("GET", "/stages", query="assignee=me&limit=40")
        yield "an order", self._event("GET", "/workorders/{order_id}", order_id="WO-0")
        stage = "WO-0-01"
        yield "start", self._event("POST", "/stages/{stage_id}/start", {}, key="start", stage_id=stage)
        yield "report", self._event("POST", "/stages/{stage_id}/report", {"good": 1}, key="report", stage_id=stage)
        yield "summary", self._event("GET", "/metrics/summary")

    def _open(self, order_id: str, stages: int) -> None:
        now = datetime.now(UTC)
        stage = {"assignee_ids": [self._me], "standard_seconds_per_unit": 30}
        self._sent(
            "POST",
            "/workorders",
            {
                "id": order_id,
                "number": f"N-{order_id}",
                "product_code": "P-100",
                "lot_no": "L-2026-01",
                "customer": "Anadolu",
                "quantity": 500,
                "planned_start": (now - timedelta(hours=1)).isoformat(),
                "planned_end": (now + timedelta(hours=7)).isoformat(),
                "stages": [{"name": f"Montaj {position}", **stage} for position in range(stages)],
            },
        )

    def _taps(self) -> Iterator[dict[str, Any]]:
        """Open orders, and work on them offline."""
        for n in range(max(1, self._orders // OFFLINE_SHARE)):
            self._open(f"OFF-{n}", OFFLINE_STAGES)
            for position in range(1, 1 + OFFLINE_STAGES):
                target = f"OFF-{n}-{position:02d}"
                for number, command in enumerate(OFFLINE):
                    payload = {"good": 1} if number else {}
                    yield {"id": f"{target}-{number}", "command": command, "target": target, "payload": payload}

    def _event(
        self, method: str, route: str, body: object = None, *, key: str | None = None, query: str = "", **ids: str
    ) -> Event:
        """The event that API Gateway makes of a request."""
        return {
            "requestContext": {
                "httpMethod": method,
                "resourcePath": route,
                "path": route.format(**ids),
                "stage": "local",
                "identity": {"sourceIp": "127.0.0.1"},
            },
            "headers": self._headers | ({"idempotency-key": key} if key else {}),
            "pathParameters": ids,
            "multiValueQueryStringParameters": parse_qs(query) or None,
            "stageVariables": {},
            "body": None if body is None else json.dumps(body),
            "isBase64Encoded": False,
        }

    def _sent(self, method: str, path: str, body: object) -> Any:
        return json.loads(answered(self._event(method, path, body))["body"])["data"]


def answered(event: Event) -> Event:
    """Answer an event as the Lambda does. Raises RuntimeError for a refusal."""
    answer = app(event, None)
    if answer["statusCode"] >= 300:  # noqa: PLR2004  no redirect is expected either
        raise RuntimeError(f"{event['requestContext']['path']}: {answer['body']}")
    return answer


def cpu_seconds(event: Event, times: int) -> float:
    """The CPU seconds of one answer."""
    began = time.process_time()
    for _ in range(times):
        answered(event)
    return (time.process_time() - began) / times


def furnish() -> None:
    """Make the table, the signing keys and an admin."""
    parts = {"PK": "HASH", "SK": "RANGE"}
    table, *indexes = (
        [{"AttributeName": index + part, "KeyType": kind} for part, kind in parts.items()]
        for index in ("", "GSI1", "GSI2")
    )
    make_table: Any = boto3.client("dynamodb").create_table
    make_table(
        TableName=ENVIRONMENT["TAKIP_TABLE"],
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": key["AttributeName"], "AttributeType": "S"} for keys in (table, *indexes) for key in keys
        ],
        KeySchema=table,
        GlobalSecondaryIndexes=[
            {"IndexName": f"GSI{n}", "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}}
            for n, keys in enumerate(indexes, 1)
        ],
    )
    put_signing_keys(Aws(ENVIRONMENT["AWS_DEFAULT_REGION"]), "local")
    list(admins.create({"tenant": "default", **ADMIN}))


def main(orders: int) -> None:
    """Record the requests, then answer them as often as asked."""
    spoken = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # log lines are written, and nobody reads them
    table = Table()

    def answer(stubber: BotocoreStubber, request: Any) -> Any:
        return table.answer(stubber, request)

    with (
        mock_aws(),
        patch.object(BotocoreStubber, "process_request", answer),
        # Moto copies the table for each write, to go back to the copy if a transaction fails. None fails here.
        patch.object(MotoTable, "__deepcopy__", lambda whole, _: whole, create=True),
    ):
        furnish()
        requests = {name: (event, table.recorded(partial(answered, event))) for name, event in Plant(orders).requests()}
        gc.collect()
        gc.freeze()  # the table in memory is not the collector's business in a Lambda
        _say(spoken, list(requests))
        for line in sys.stdin:
            name, times = json.loads(line)
            event, recording = requests[name]
            table.give_again(recording.answers)
            if _marks(answered(event)) != _marks(recording.result):
                raise RuntimeError(f"{name}: another answer than the one that was recorded")
            _say(spoken, cpu_seconds(event, times))


def _say(spoken: IO[str], said: object) -> None:
    spoken.write(json.dumps(said) + "\n")


def _marks(answer: Event) -> int:
    """The number of quotation marks in an answer: the same for the same fields and words, whatever the numbers."""
    return str(answer["body"]).count('"')


if __name__ == "__main__":
    os.environ |= ENVIRONMENT
    main(int(sys.argv[1]))
