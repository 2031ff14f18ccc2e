"""A client that keeps strictly to the contract of the old system's app."""

import re
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.e2e.old_contract import ANSWERS, Refused, checked


class Refusal(AssertionError):
    """The app was refused, and shows a person why."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"{status}: {detail}")
        self.status, self.detail = status, detail


@dataclass
class OldPhone:
    """A phone with the old app. It sends what its contract says and nothing else: no keys, no ETags, no cursors."""

    api: httpx.Client
    used: set[str] = field(default_factory=set)

    def sign_in(self, username: str, password: str) -> None:
        """Sign in with a form; the app keeps the token of the answer."""
        form = {"username": username, "password": password}
        token = self._read("POST /auth/login", self.api.post("/auth/login", data=form))["access_token"]
        self.api.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> Any:
        """Read something."""
        return self._send("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        """Send something."""
        return self._send("POST", path, body)

    def change(self, method: str, path: str, body: Any = None) -> Any:
        """Change something, or take it away."""
        return self._send(method, path, body)

    def taps(self, path: str, body: Any = None) -> Any:
        """Tap twice: the app sends everything again, and nothing says so."""
        first, again = (self._send("POST", path, body) for _ in range(2))
        assert again == first, path
        return first

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.api.request(method, path, json=body)
        return self._read(f"{method} {re.sub(r'/[0-9]+', '/{}', path.partition('?')[0])}", answer)

    def _read(self, call: str, answer: httpx.Response) -> Any:
        assert call in ANSWERS, f"The app does not call {call}."
        self.used.add(call)
        assert answer.headers["Deprecation"], call
        assert "mobile.md" in answer.headers["Link"], call
        if not answer.is_success:
            raise Refusal(answer.status_code, Refused.model_validate(answer.json()).detail)
        checked(call, answer.json())
        return answer.json()
