"""A small plant for tests: people, a client of the API, and builders whose results are valid by default."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalice.test import Client, HTTPResponse

from chalicelib import clock, ids, settings, tokens
from chalicelib.domain.people.credentials import Login
from chalicelib.domain.people.devices import Device
from chalicelib.domain.people.users import Actor, Role, User
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.storage import writes
from chalicelib.storage.people import devices, users
from chalicelib.storage.writes import Write

MORNING = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Reply:
    """An answer of the API, opened."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def data(self) -> Any:
        """The data of a success."""
        assert self.body["status"] == "success", self.body
        return self.body["data"]

    @property
    def error(self) -> Any:
        """The error of a refusal."""
        assert self.body["status"] == "error", self.body
        return self.body["error"]

    @property
    def items(self) -> Any:
        """The items of a list."""
        return self.data["items"]

    def fields(self) -> dict[str, str]:
        """The fields that were refused, and their codes."""
        return {error["field"]: error["code"] for error in self.error["errors"]}


@dataclass(frozen=True)
class Person:
    """Somebody who calls the API; `None` for a user is somebody unknown."""

    client: Client
    user: User | None
    tenant: str = DEFAULT_TENANT
    device_id: str = ""

    @property
    def id(self) -> str:
        """Their id."""
        assert self.user is not None
        return self.user.id

    @property
    def actor(self) -> Actor:
        """Who they are to the rules."""
        assert self.user is not None
        must_change = self.user.must_change_password
        return Actor(self.tenant, self.user.id, self.user.role, self.device_id, must_change)

    def call(self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Reply:
        """Call the API as this person. A body of bytes is sent as it is, any other as JSON."""
        sent = {} if body is None else {"Content-Type": "application/json"}
        sent |= {"Accept": "application/json, application/x-ndjson"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            sent["Idempotency-Key"] = key
        if self.user is not None:
            env = settings.current()
            token = tokens.issue(self.actor, settings.signing_keys(), clock.now(), env.token_minutes)
            sent.setdefault("Authorization", f"Bearer {token}")
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        response: HTTPResponse = self.client.http.request(method, path, headers=sent, body=content)
        text = response.body.decode()
        flat = {name: str(value) for name, value in response.headers.items()}
        return Reply(response.status_code, _opened(text, flat), flat)

    def get(self, path: str, **headers: str) -> Reply:
        """Read something."""
        return self.call("GET", path, None, key=None, **headers)

    def post(self, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Reply:
        """Send something."""
        return self.call("POST", path, {} if body is None else body, key=key, **headers)

    def patch(self, path: str, body: Any, *, key: str | None = None, **headers: str) -> Reply:
        """Change something."""
        return self.call("PATCH", path, body, key=key, **headers)

    def delete(self, path: str) -> Reply:
        """Take something away."""
        return self.call("DELETE", path)

    def put(self, path: str, body: Any, *, key: str | None = None, **headers: str) -> Reply:
        """Put something."""
        return self.call("PUT", path, body, key=key, **headers)


def _opened(text: str, headers: dict[str, str]) -> Any:
    """An answer, opened. Rows in NDJSON are given as the list that they are a page of; CSV and pages stay a text."""
    media_type = headers.get("Content-Type", "").partition(";")[0]
    if media_type.startswith(("text/", "image/")):
        return text
    if media_type != "application/x-ndjson":
        return json.loads(text) if text else None
    more = {"next_cursor": headers["Next-Cursor"]} if "Next-Cursor" in headers else {}
    return {"status": "success", "data": {"items": list(map(json.loads, text.splitlines())), **more}}


@dataclass(frozen=True)
class Plant:
    """Everybody who calls."""

    client: Client
    admin: Person
    planner: Person
    worker: Person
    other: Person
    stranger: Person

    def everybody(self) -> dict[str, Person]:
        """The people by name."""
        return {
            "admin": self.admin,
            "planner": self.planner,
            "worker": self.worker,
            "other": self.other,
            "stranger": self.stranger,
        }

    def hire(self, name: str, role: Role, *, active: bool = True) -> Person:
        """Put somebody into the plant, without the cost of a password."""
        return hire(self.client, name, role, active=active)

    def order(self, *stages: dict[str, Any], **fields: Any) -> Any:
        """Open a work order of two hours around now with a stage for the worker, unless told otherwise."""
        wanted = list(stages) or [{"name": "Montaj", "assignee_ids": [self.worker.id]}]
        return self.planner.post("/workorders", new_order(stages=wanted, **fields)).data


def pages(person: Person, path: str) -> list[Any]:
    """Read a list one by one, page after page. The path ends in `?` or `&`."""
    shown, more = [], ""
    while True:
        page = person.get(f"{path}limit=1{more}").data
        shown += page["items"]
        if "next_cursor" not in page:
            return shown
        more = f"&cursor={page['next_cursor']}"


def hire(
    client: Client,
    name: str,
    role: Role,
    *,
    tenant: str = DEFAULT_TENANT,
    hashed: str = "no password",
    commit: Callable[[Write], None] = writes.commit,
    **fields: Any,
) -> Person:
    """Put somebody into the table as registration would; `hashed` is what bcrypt made of their password."""
    user = User(id=ids.new(), username=name, role=role, created_at=clock.now(), **fields)
    commit(users.creation(tenant, Login(user, hashed)))
    return Person(client, user, tenant)


def on_device(person: Person) -> Person:
    """The same somebody, signed in on a device of theirs."""
    assert person.user is not None
    device = Device(
        id=ids.new(),
        user_id=person.id,
        name="desk",
        signed_in_at=clock.now(),
        last_used_at=clock.now(),
        expires_at=clock.now() + WEEK,
        digest="",
        secret=b"",
        devices_since=person.user.devices_since,
    )
    devices.write(person.tenant, device)
    return replace(person, device_id=device.id)


def new_order(**fields: Any) -> dict[str, Any]:
    """A body that opens a work order: 10 pieces, an hour before now to an hour from now."""
    now = clock.now()
    return {
        "product_code": "P-1",
        "lot_no": "L-1",
        "quantity": 10,
        "planned_start": (now - HOUR).isoformat(),
        "planned_end": (now + HOUR).isoformat(),
    } | fields
