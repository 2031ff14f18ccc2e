"""The client of the API, on the API in this process."""

from typing import Any
from urllib.parse import urlencode

import httpx

from infra.replay.api import Api, Refused
from tests.floor import Person


class InThisProcess(Api):
    """The API in this process, as somebody uses it."""

    def __init__(self, person: Person) -> None:
        super().__init__("http://takip")
        self._person = person

    def _send_once(self, method: str, path: str, **parts: Any) -> httpx.Response:
        query = urlencode(parts.get("params", {}))
        headers = {name.replace("-", "_"): value for name, value in parts.get("headers", {}).items()}
        reply = self._person.call(method, f"{path}?{query}", parts.get("json"), **headers)
        request = httpx.Request(method, f"http://takip{path}")
        response = httpx.Response(reply.status, json=reply.body, request=request)
        if not response.is_success:
            raise Refused(response)
        return response

    def sign_in(self, username: str, password: str, tenant: str | None = None) -> None:
        """It is signed in as its person already."""
