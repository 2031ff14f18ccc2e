"""The app of the old system for tests: a client that keeps to its contract, and knows ids as numbers only."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import old_ids, tenants
from tests.floor import Person, Reply

FORM = "application/x-www-form-urlencoded"


def let_in(tenant: str = DEFAULT_TENANT, *, on: bool = True) -> None:
    """Let the old app in, or no more."""
    tenants.change(tenant, {"old_app": on})
    tenants.forget_settings()


@dataclass(frozen=True)
class OldPhone:
    """A phone with the old app, in the hands of somebody."""

    person: Person

    def get(self, path: str) -> Reply:
        """Read something."""
        return self.person.call("GET", f"/v0{path}")

    def post(self, path: str, body: Any = None) -> Reply:
        """Send something. What needs no body has none."""
        return self.person.call("POST", f"/v0{path}", body)

    def send(self, method: str, path: str, body: Any = None) -> Reply:
        """Change something."""
        return self.person.call(method, f"/v0{path}", body)

    def sign_in(self, username: str, password: str) -> Reply:
        """Sign in, as a form of a browser does."""
        sent = urlencode({"username": username, "password": password}).encode()
        return self.person.call("POST", "/v0/auth/login", sent, Content_Type=FORM)


def number_of(kind: Any, id_: str, tenant: str = DEFAULT_TENANT) -> int:
    """The number by which the app knows something."""
    return old_ids.number_of(tenant, kind, id_)


def detail(reply: Reply) -> str:
    """What the app shows of an error: the text `detail`, which is all that there is."""
    assert list(reply.body) == ["detail"], reply.body
    assert json.dumps(reply.body["detail"]).startswith('"'), reply.body
    return str(reply.body["detail"])
