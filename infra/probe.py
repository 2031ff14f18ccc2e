"""A day of a plant in a minute, sent to functions by name: whether a release that nobody uses yet works.

It is a company of its own, the tenant `probe`: nobody else sees what it does, and it sees nobody. The functions are
called as API Gateway and the queues call them, because the API still leads to the release before.
"""

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from infra.problem import Problem

TENANT = "probe"
MACHINE = "probe"
# The bucket of the markers of this machine of this tenant. Other machines have a part of it too.
_BUCKET = "hours-15"
Call = Callable[[str, dict[str, Any]], Any]
"""Calls a function, such as "ingest_readings", with an event. Returns its answer; raises Problem if it fails."""


def run(call: Call, username: str, password: str) -> None:
    """Do the day as an admin of the tenant: sign in, open an order, work on it, send a reading, ask for numbers.

    Raises Problem with the first answer that is not as it should be.
    """
    api = _Api(call)
    me = api.sign_in(username, password)
    api.switch_off_others(me)
    _work(api, me)
    _read(api, call)


def _work(api: "_Api", me: str) -> None:
    now = datetime.now(UTC)
    stage = {"name": "probe", "assignee_ids": [me]}
    order = {"product_code": "probe", "lot_no": "probe", "quantity": 10, "stages": [stage]}
    times = {"planned_start": now.isoformat(), "planned_end": (now + timedelta(hours=1)).isoformat()}
    opened = api.post("/workorders", order | times)
    path = {"stage_id": opened["stages"][0]["id"]}
    api.post("/stages/{stage_id}/start", {}, path)
    api.post("/stages/{stage_id}/report", {"good": 6, "scrap": 1}, path)
    done = api.post("/stages/{stage_id}/done", {"good": 3}, path)
    _expect("the stage that was reported and done", (done["status"], done["good"], done["scrap"]), ("done", 9, 1))
    numbers = api.get("/stages/{stage_id}/metrics", path)
    _expect("the quality of that stage", numbers["metrics"]["quality"]["value"], 90)
    read = api.get("/workorders/{order_id}", {"order_id": opened["id"]})
    _expect("the order of that stage", read["status"], "done")


def _read(api: "_Api", call: Call) -> None:
    """Send a reading through the functions of the queues, and find it in the rollup of its hour."""
    machine = {"id": MACHINE, "name": "Probe", "sensors": [{"sensor": "probe", "type": "temperature"}]}
    api.post("/machines", machine, accepted=(HTTPStatus.CREATED, HTTPStatus.CONFLICT))
    at = datetime.now(UTC)
    before = _rolled_up(api, at)
    reading = {"sensor": "probe", "type": "temperature", "value": 20.5, "at": at.isoformat()}
    body = {"tenant": TENANT, "machine_id": MACHINE, "readings": [reading]}
    _hand_over(call, "ingest_readings", body)
    _hand_over(call, "aggregate_bucket", {"bucket": _BUCKET})
    _expect("the readings in the rollup of this hour", _rolled_up(api, at), before + 1)


def _hand_over(call: Call, function: str, body: dict[str, Any]) -> None:
    sent = str(int(datetime.now(UTC).timestamp() * 1000))
    record = {"messageId": secrets.token_hex(8), "body": json.dumps(body), "attributes": {"SentTimestamp": sent}}
    call(function, {"Records": [record]})


def _rolled_up(api: "_Api", at: datetime) -> int:
    """How many readings the rollups of the machine count in the hour of this time."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    between = {"from": hour.isoformat(), "to": (hour + timedelta(minutes=59)).isoformat()}
    found = api.get("/machines/{machine_id}/rollups", {"machine_id": MACHINE}, between)
    return sum(each["count"] for each in found["items"])


def _expect(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise Problem(f"The probe found {found!r} for {what}, and expected {wanted!r}.")


class _Api:
    """The function of the API, called with the events that API Gateway makes of requests."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._headers = {"Content-Type": "application/json"}

    def sign_in(self, username: str, password: str) -> str:
        """Sign in; later requests are this person's. Returns the id."""
        pair = self.post("/auth/login", {"tenant": TENANT, "username": username, "password": password})
        self._headers["Authorization"] = f"Bearer {pair['access_token']}"
        me: str = self.get("/auth/me")["id"]
        return me

    def switch_off_others(self, me: str) -> None:
        """Let the admins of earlier probes sign in no more. Nobody knows their passwords."""
        for user in self.get("/auth/users", query={"active": "true", "limit": "100"})["items"]:
            if user["id"] != me:
                self._send("PATCH", "/auth/users/{user_id}", {"user_id": user["id"]}, body={"active": False})

    def get(self, path: str, places: dict[str, str] | None = None, query: dict[str, str] | None = None) -> Any:
        """Read something."""
        return self._send("GET", path, places, query=query)

    def post(
        self,
        path: str,
        body: dict[str, Any],
        places: dict[str, str] | None = None,
        accepted: tuple[int, ...] = (HTTPStatus.OK, HTTPStatus.CREATED),
    ) -> Any:
        """Send something."""
        return self._send("POST", path, places, body=body, accepted=accepted)

    def _send(
        self,
        method: str,
        path: str,
        places: dict[str, str] | None = None,
        *,
        body: dict[str, Any] | None = None,
        query: dict[str, str] | None = None,
        accepted: tuple[int, ...] = (HTTPStatus.OK, HTTPStatus.CREATED),
    ) -> Any:
        """Call the function for a request. Returns the data of the answer. Raises Problem."""
        asked = f"{method} {path.format(**places or {})}"
        headers = self._headers | {"Idempotency-Key": secrets.token_hex(8)}
        event = {
            "resource": path,
            "path": path.format(**places or {}),
            "httpMethod": method,
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "pathParameters": places or None,
            "queryStringParameters": query,
            "multiValueQueryStringParameters": {name: [value] for name, value in (query or {}).items()} or None,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": path,
                "httpMethod": method,
                "path": path.format(**places or {}),
                "requestId": secrets.token_hex(8),
                "identity": {"sourceIp": "127.0.0.1"},
            },
            "body": None if body is None else json.dumps(body),
            "isBase64Encoded": False,
        }
        answer = self._call("api_handler", event)
        if answer.get("statusCode") not in accepted:
            raise Problem(f"The probe's {asked} was answered {answer.get('statusCode')}: {answer.get('body')}")
        return json.loads(answer["body"]).get("data")
