"""A client of Takip's HTTP API: signs in, sends commands that can be repeated, reads whole lists."""

import json
from collections.abc import Generator, Iterator
from http import HTTPStatus
from typing import Any, Self

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from infra.problem import Problem
from infra.replay.plan import content_key

ATTEMPTS = 9
GATEWAY_LIMIT = 29.0  # after this many seconds API Gateway answers without Takip
LONGEST_WAIT = 10.0
EXPIRED = "ERR_AUTH_TOKEN_EXPIRED"
BACKOFF = wait_exponential_jitter(multiplier=0.1, max=LONGEST_WAIT)
AWAY = (httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError)
BUSY_STATUSES = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}


class Refused(Problem):
    """Takip refused a request. Sending it again does not help."""

    def __init__(self, response: httpx.Response) -> None:
        error = _body(response).get("error", {})
        self.status = response.status_code
        self.code = _code(response)
        parts = (str(error.get(part) or "").rstrip(".") for part in ("code", "title", "detail", "errors"))
        said = ". ".join(filter(None, parts))
        request = response.request
        super().__init__(
            f"{request.method} {request.url.path} was answered {self.status}: {said or response.text[:300]}"
        )


class Busy(Exception):
    """An answer, or a missing one, after which the same request may be sent again."""

    def __init__(self, why: str, wait_seconds: float | None = None) -> None:
        super().__init__(why)
        self.wait_seconds = wait_seconds


class Bearer(httpx.Auth):
    """A pair of tokens that refreshes itself. Threads that refresh at the same time get the same next token."""

    requires_response_body = True

    def __init__(self, refreshing: str, pair: dict[str, Any]) -> None:
        self._refreshing = refreshing
        self._pair = pair

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send a request with the access token. If it has expired, refresh it and send the request once more."""
        response = yield self._signed(request)
        if response.status_code == HTTPStatus.UNAUTHORIZED and _code(response) == EXPIRED:
            token = {"refresh_token": self._pair["refresh_token"]}
            renewed = yield httpx.Request("POST", self._refreshing, json=token)
            if renewed.is_success:
                self._pair = _body(renewed)["data"]
                yield self._signed(request)

    def _signed(self, request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {self._pair['access_token']}"
        return request


class Api:
    """A signed-in account of a Takip. Threads may share it. Every POST carries an idempotency key."""

    def __init__(self, url: str, connections: int = 1) -> None:
        self._url = url.rstrip("/")
        self._http = httpx.Client(
            base_url=self._url,
            timeout=httpx.Timeout(GATEWAY_LIMIT + 6, connect=5.0),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def sign_in(self, username: str, password: str, tenant: str | None = None) -> None:
        """Sign in, by default in the default tenant. All later requests use this account. Raises Refused."""
        own = {"tenant": tenant} if tenant else {}
        pair = self._send("POST", "/auth/login", json={"username": username, "password": password, **own})
        self._http.auth = Bearer(f"{self._url}/auth/refresh", pair)

    def get(self, path: str, **filters: str) -> dict[str, Any]:
        """Read one resource, or one page of a list. Raises Refused."""
        return self._send("GET", path, params=filters)

    def items(self, path: str, **filters: str) -> Iterator[dict[str, Any]]:
        """Read a whole list. It ends only with a page without a cursor. Raises Refused."""
        page = self.get(path, limit="100", **filters)
        yield from page["items"]
        while page.get("next_cursor"):
            page = self.get(path, limit="100", cursor=page["next_cursor"], **filters)
            yield from page["items"]

    def rows(self, path: str, media_type: str, filters: dict[str, str]) -> tuple[bytes, str | None]:
        """Read a page of an export as it is, and the cursor of the next one. Raises Refused."""
        response = self._answer("GET", path, params=filters, headers={"Accept": media_type})
        return response.content, response.headers.get("Next-Cursor")

    def post(self, path: str, body: dict[str, Any], key: str | None = None) -> dict[str, Any]:
        """Send a command or a new resource, with the given key or one made from its content. Raises Refused."""
        key = key or content_key(path, json.dumps(body, sort_keys=True))
        return self._send("POST", path, json=body, headers={"Idempotency-Key": key})

    def patch(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Change a resource, whatever its version. Raises Refused."""
        return self._send("PATCH", path, json=body, headers={"If-Match": "*"})

    def put(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Put a resource in the place of what is there, whatever its version. Raises Refused."""
        return self._send("PUT", path, json=body, headers={"If-Match": "*"})

    def _send(self, method: str, path: str, **parts: Any) -> dict[str, Any]:
        """Send a request until it is answered, and return the data of the answer. Raises as `_answer` does."""
        data: dict[str, Any] = _body(self._answer(method, path, **parts))["data"]
        return data

    def _answer(self, method: str, path: str, **parts: Any) -> httpx.Response:
        """Send a request until it is answered. Raises Refused, or Problem if there is never an answer."""
        attempts = Retrying(
            retry=retry_if_exception_type(Busy), wait=_wait, stop=stop_after_attempt(ATTEMPTS), reraise=True
        )
        try:
            return attempts(self._send_once, method, path, **parts)
        except Busy as busy:
            raise Problem(
                f"Takip did not answer {method} {path}, asked {ATTEMPTS} times; at last: {busy}.\n"
                f"It was asked at {self._url}. What was sent stays; the same command goes on from there."
            ) from busy

    def _send_once(self, method: str, path: str, **parts: Any) -> httpx.Response:
        try:
            response = self._http.request(method, path, **parts)
        except AWAY as error:
            raise Busy(f"{type(error).__name__} {error}".strip()) from error
        lost_race = response.status_code == HTTPStatus.CONFLICT and "Retry-After" in response.headers
        if response.status_code in BUSY_STATUSES or lost_race:
            raise Busy(f"{response.status_code} {response.text[:300]}", _retry_after(response))
        if not response.is_success:
            raise Refused(response)
        return response


def _wait(state: RetryCallState) -> float:
    """Wait as long as the answer asks, else longer each time."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, Busy) and error.wait_seconds is not None:
        return min(error.wait_seconds, LONGEST_WAIT)
    return BACKOFF(state)


def _retry_after(response: httpx.Response) -> float | None:
    seconds = response.headers.get("Retry-After", "")
    return float(seconds) if seconds.isdigit() else None


def _code(response: httpx.Response) -> str:
    code: str = _body(response).get("error", {}).get("code", "")
    return code


def _body(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer. Anything else (such as a page of the gateway) counts as empty."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
