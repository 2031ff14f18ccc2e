"""What every HTTP door shares: who is calling, body → schema, result → envelope, error → status, headers, one log line.

A door needs a valid token and an action that the caller's role is named for; it is public only where it says so.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, get_origin

from chalice.app import Blueprint, Response
from chalice.app import Request as HttpRequest
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from chalicelib import clock, ids, settings
from chalicelib.domain.errors import BadParameter, FieldError, InvalidFields, StaleVersion, TakipError
from chalicelib.domain.users import Actor
from chalicelib.observability import logger, tracer
from chalicelib.services import users
from chalicelib.services.idempotency import Answer, Request
from chalicelib.tokens import TokenMissing
from functions._response import (
    SECURITY_HEADERS,
    BadJson,
    InternalError,
    NotJson,
    TooLarge,
    cors,
    failure,
    preflight,
    success,
)
from functions._telling import tell

MAX_BODY_BYTES = 256 * 1024
REQUEST_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,128}")
READS, WRITES = ("GET",), ("POST", "PUT", "PATCH")


class Nothing(BaseModel):
    """No body, or no parameters."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Rule:
    """What a door declares: where it stands, the action it asks for (None: public), and what callers bring."""

    method: str
    path: str
    name: str
    says: str
    action: str | None
    body: type[BaseModel] = Nothing
    query: type[BaseModel] = Nothing
    location: str | None = None


@dataclass(frozen=True)
class Visit:
    """A request that has come through a door: when, with what, and how."""

    received_at: datetime
    body: Any
    query: Any
    request: Request


@dataclass(frozen=True)
class Call(Visit):
    """A request of somebody we know."""

    actor: Actor


@dataclass
class Seen:
    """What is known of a request while it is answered, for the log line at its end."""

    rule: Rule
    request_id: str
    began: float = field(default_factory=time.perf_counter)
    actor: Actor | None = None


def listing(items: list[dict[str, Any]], next_cursor: str | None) -> Answer:
    """Answer with a page of a list; without a `next_cursor` it is the last."""
    return Answer({"items": items} | ({"next_cursor": next_cursor} if next_cursor else {}))


Door = Callable[..., Answer]
RULES: list[Rule] = []


class Doors:
    """The doors of one subject, on a Chalice blueprint of their own."""

    def __init__(self, import_name: str) -> None:
        self.blueprint = Blueprint(import_name)
        self._paths: set[str] = set()

    def route(self, method: str, path: str, *, action: str, **brought: Any) -> Callable[[Door], Door]:
        """Open a door for those whose role is named for the action; it is called with a `Call` and the path's ids."""
        return self._open(method, path, action, brought)

    def public(self, method: str, path: str, **brought: Any) -> Callable[[Door], Door]:
        """Open a door for everybody; it is called with a `Visit` and the path's ids."""
        return self._open(method, path, None, brought)

    def _open(self, method: str, path: str, action: str | None, brought: dict[str, Any]) -> Callable[[Door], Door]:
        def opened(door: Door) -> Door:
            rule = Rule(method, path, door.__name__, door.__doc__ or "", action, **brought)
            RULES.append(rule)

            def enter(**places: str) -> Response:
                return _answered(self.blueprint.current_request, rule, door, places)

            # Whatever its content type says: what is not JSON is refused in our own words.
            self.blueprint.route(path, methods=[method], content_types=["*/*"], name=rule.name)(enter)
            if path not in self._paths:
                self._paths.add(path)
                self.blueprint.route(path, methods=["OPTIONS"], content_types=["*/*"], name="preflight")(
                    self._preflight
                )
            return door

        return opened

    def _preflight(self, **_: str) -> Response:
        """Tell a browser whether a page of its origin may call."""
        origin = self.blueprint.current_request.headers.get("origin")
        return preflight(origin, settings.current().allowed_origins)


def _answered(request: HttpRequest, rule: Rule, door: Door, places: Mapping[str, str]) -> Response:
    """Take a request through the door, whatever comes of it, and tell about it in one line."""
    seen = Seen(rule, _request_id(request))
    headers = {**SECURITY_HEADERS, "Cache-Control": "no-store", "X-Request-Id": seen.request_id}
    error = None
    try:
        headers |= cors(request.headers.get("origin"), settings.current().allowed_origins)
        with tracer().provider.in_subsegment(f"## {rule.name}"):
            visit = _admitted(request, seen)
            answer = door(visit, **places)
        matches = request.headers.get("if-none-match") if rule.method in READS else None
        response = success(answer, headers, location=_location(request, rule), matches=matches)
    except TakipError as refusal:
        error = refusal
        response = failure(refusal, headers, request_id=seen.request_id, accept=request.headers.get("accept", ""))
    except Exception:
        logger().exception("a door failed", extra={"door": rule.name, "request_id": seen.request_id})
        error = InternalError("It was logged under this request id; try again, or report it.")
        response = failure(error, headers, request_id=seen.request_id, accept=request.headers.get("accept", ""))
    tell(
        door=rule.name,
        method=rule.method,
        path=rule.path,
        user=seen.actor.user_id if seen.actor else None,
        status=response.status_code,
        code=error.code if error else None,
        duration_ms=round(1000 * (time.perf_counter() - seen.began), 1),
        request_id=seen.request_id,
    )
    return response


def _admitted(request: HttpRequest, seen: Seen) -> Visit:
    """Check who is calling, and with what. Raises everything that a door refuses before it is entered."""
    rule = seen.rule
    if rule.action is not None:
        seen.actor = users.authenticate(_token(request), rule.action)
    given = dict(_parameters(request))
    dry_run = rule.method in WRITES and given.pop("dry_run", ["0"])[-1] not in ("0", "false", "")
    brought: dict[str, Any] = {
        "received_at": clock.now(),
        "query": _query(rule.query, given),
        "body": _body(request, rule.body) if rule.method in WRITES else None,
        "request": Request(_idempotency_key(request), _expected_version(request), dry_run=dry_run),
    }
    return Call(**brought, actor=seen.actor) if seen.actor else Visit(**brought)


def _token(request: HttpRequest) -> str:
    """Find the bearer token. Raises TokenMissing."""
    scheme, _, token = str(request.headers.get("authorization", "")).partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenMissing("Send the header Authorization: Bearer <access_token>, as POST /auth/login gives it.")
    return token.strip()


def _body(request: HttpRequest, shape: type[BaseModel]) -> BaseModel:
    """Read a body as its shape; no body is an empty one. Raises TooLarge, NotJson, BadJson, InvalidFields."""
    raw = request.raw_body
    if len(raw) > MAX_BODY_BYTES:
        raise TooLarge(f"At most {MAX_BODY_BYTES // 1024} KB; send it in parts.")
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if raw and media_type != "application/json" and not media_type.endswith("+json"):
        raise NotJson("Send it as Content-Type: application/json.")
    try:
        return shape.model_validate_json(raw or b"{}")
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
    if any(
        each["type"] in ("json_invalid", "model_type", "model_attributes_type") and not each["loc"] for each in found
    ):
        raise BadJson("The body must be one JSON object in UTF-8.")
    raise InvalidFields([_field_error(each, shape) for each in found])


def _query(shape: type[BaseModel], given: Mapping[str, list[str]]) -> BaseModel:
    """Read the parameters as their shape; only a filter that takes several may repeat. Raises BadParameter."""
    repeatable = {name for name, each in shape.model_fields.items() if get_origin(each.annotation) is tuple}
    try:
        return shape.model_validate(
            {name: values if name in repeatable or len(values) > 1 else values[0] for name, values in given.items()}
        )
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
    errors = [_field_error(each, shape) for each in found]
    raise BadParameter("; ".join(f"{each.field}: {each.message}" for each in errors), errors=errors)


def _field_error(found: ErrorDetails, shape: type[BaseModel]) -> FieldError:
    """Tell one of Pydantic's findings in our words."""
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in found["loc"]).lstrip(".")
    message = found["msg"].removeprefix("Value error, ")
    if found["type"] == "extra_forbidden":
        names = ", ".join(each.alias or name for name, each in shape.model_fields.items()) or "none"
        message = f"is not known here; known are: {names}" if len(found["loc"]) == 1 else "is not known here"
    return FieldError(path or "body", message, found["type"])


def _parameters(request: HttpRequest) -> Mapping[str, list[str]]:
    """The query string as lists of values."""
    given = request.query_params
    return {name: given.getlist(name) for name in given} if given else {}


def _idempotency_key(request: HttpRequest) -> str | None:
    """The request's key, if it brought one. Raises BadParameter."""
    key: str | None = request.headers.get("idempotency-key")
    if key is not None and not IDEMPOTENCY_KEY.fullmatch(key):
        raise BadParameter("Idempotency-Key must be 1 to 128 printable characters without spaces.")
    return key


def _expected_version(request: HttpRequest) -> int | None:
    """The version that If-Match names, if any. Raises StaleVersion for one that no order ever had."""
    wanted = request.headers.get("if-match", "*").strip().removeprefix("W/").strip('"')
    if wanted == "*":
        return None
    if not (wanted.isascii() and wanted.isdigit()):
        raise StaleVersion("If-Match must be an ETag as it was given.")
    return int(wanted)


def _request_id(request: HttpRequest) -> str:
    """The caller's own id of the request, or the gateway's, or a new one."""
    given = request.headers.get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else str(request.context.get("requestId") or ids.new())


def _location(request: HttpRequest, rule: Rule) -> str | None:
    """Where what was created can be read, below the API's stage."""
    stage = request.context.get("stage", "")
    prefix = f"/{stage}" if str(request.context.get("path", "")).startswith(f"/{stage}/") else ""
    return None if rule.location is None else prefix + rule.location
