"""What all HTTP doors share: caller, body → schema, result → envelope, error → status, headers, one log line.

A door needs a valid token and a permission that the caller's role has. It is public only if it says so.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Unpack

from chalice.app import Blueprint, Response
from chalice.app import Request as HttpRequest

from chalicelib import clock, settings
from chalicelib.domain.errors import TakipError, UnknownId
from chalicelib.domain.machines.machine_keys import KeyHolder
from chalicelib.domain.people.devices import Source
from chalicelib.domain.people.users import Actor
from chalicelib.observability import logger, tracer
from chalicelib.schemas.base import Out
from chalicelib.schemas.exports import ListExport
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.machines import machine_keys
from chalicelib.services.people import sign_in
from functions import _request
from functions._exported import Form, following, form_of
from functions._response import (
    SECURITY_HEADERS,
    InternalError,
    cors,
    failure,
    page,
    preflight,
    success,
    text,
)
from functions._rules import READS, RULES, WRITES, Declared, Rule
from functions._telling import tell

# An issue's id is the longest: its order's (64), two characters and a ULID.
LONGEST_ID = 128
# Names in paths that are not ids. Their own doors check them.
NO_IDS = frozenset({"product_code", "code"})


@dataclass(frozen=True)
class Visit:
    """A request to a door: time, address, path, body, query and headers. `form`: how rows are wanted."""

    received_at: datetime
    path: str
    source: Source
    body: Any
    query: Any
    request: Request
    request_id: str
    form: Form | None


@dataclass(frozen=True)
class Call(Visit):
    """A request of a known caller."""

    actor: Actor

    @property
    def tenant(self) -> str:
        """The tenant of the caller."""
        return self.actor.tenant


@dataclass(frozen=True)
class MachineCall(Visit):
    """A request of a machine that sent its key."""

    holder: KeyHolder

    @property
    def tenant(self) -> str:
        """The tenant of the machine."""
        return self.holder.tenant


@dataclass
class Seen:
    """What is known about a request while it is answered, for its log line."""

    rule: Rule
    request_id: str
    began: float = field(default_factory=time.perf_counter)
    actor: Actor | None = None
    holder: KeyHolder | None = None

    @property
    def caller(self) -> str | None:
        """The id of the user, or of the machine's key; None for a stranger."""
        if self.holder:
            return self.holder.key_id
        return self.actor.user_id if self.actor else None


def page_of(items: Iterable[Out], next_cursor: str | None = None) -> Answer:
    """Answer with a page of a list. Without a `next_cursor` it is the last page or the whole list."""
    return Answer({"items": [item.plain() for item in items]} | ({"next_cursor": next_cursor} if next_cursor else {}))


Door = Callable[..., Answer]


class Doors:
    """The doors of one subject, on one Chalice blueprint."""

    def __init__(self, import_name: str) -> None:
        self.blueprint = Blueprint(import_name)
        self._paths: set[str] = set()

    def route(self, method: str, path: str, *, action: str, **declared: Unpack[Declared]) -> Callable[[Door], Door]:
        """Open a door for the roles that have the permission. It is called with a `Call` and the ids of the path."""
        return self._open(method, path, action, declared)

    def public(self, method: str, path: str, **declared: Unpack[Declared]) -> Callable[[Door], Door]:
        """Open a door for everybody. It is called with a `Visit` and the ids of the path."""
        return self._open(method, path, None, declared)

    def _open(self, method: str, path: str, action: str | None, declared: Declared) -> Callable[[Door], Door]:
        def opened(door: Door) -> Door:
            rule = Rule(method, path, door.__name__, door.__doc__ or "", action, **declared)
            RULES.append(rule)

            def enter(**places: str) -> Response:
                return _answered(self.blueprint.current_request, rule, door, places)

            # Any content type: a body that is not JSON is refused by Takip, with Takip's error.
            self.blueprint.route(path, methods=[method], content_types=["*/*"], name=rule.name)(enter)
            if path not in self._paths:
                self._paths.add(path)
                self.blueprint.route(path, methods=["OPTIONS"], content_types=["*/*"], name="preflight")(
                    self._preflight
                )
            return door

        return opened

    def answer_preflights_elsewhere(self) -> None:
        """Answer the preflights of paths that no door has, so that a page can read that there is no such path."""
        self.blueprint.route("/{proxy+}", methods=["OPTIONS"], content_types=["*/*"], name="preflight")(self._preflight)

    def _preflight(self, **_: str) -> Response:
        """Tell a browser whether a page of its origin may send requests."""
        origin = self.blueprint.current_request.headers.get("origin")
        return preflight(origin, settings.current().allowed_origins)


def _answered(request: HttpRequest, rule: Rule, door: Door, places: Mapping[str, str]) -> Response:
    """Answer a request, also after an unexpected exception, and write its log line."""
    seen = Seen(rule, _request.request_id(request))
    headers = {**SECURITY_HEADERS, "Cache-Control": "no-store", "X-Request-Id": seen.request_id}
    error = None
    try:
        headers |= cors(request.headers.get("origin"), settings.current().allowed_origins)
        with tracer().provider.in_subsegment(f"## {rule.name}"):
            visit = _admitted(request, seen, places)
            _refuse_impossible_ids(places)
            answer = door(visit, **places)
        response = _success(request, seen, visit, answer, headers)
    except TakipError as refusal:
        error = refusal
        response = failure(refusal, headers, request_id=seen.request_id, accept=request.headers.get("accept", ""))
    except Exception:  # noqa: BLE001  after any exception the caller gets Takip's error
        logger().exception("a door failed", extra={"door": rule.name, "request_id": seen.request_id})
        error = InternalError("The error was logged under this request_id; try again, or report it.")
        response = failure(error, headers, request_id=seen.request_id, accept=request.headers.get("accept", ""))
    tell(
        door=rule.name,
        method=rule.method,
        path=rule.path.format(**places),
        user=seen.caller,
        status=response.status_code,
        code=error.code if error else None,
        duration_ms=round(1000 * (time.perf_counter() - seen.began), 1),
        request_id=seen.request_id,
    )
    return response


def _success(request: HttpRequest, seen: Seen, visit: Visit, answer: Answer, headers: Mapping[str, str]) -> Response:
    """Answer in the envelope, with the rows of an export, or with a text."""
    rule = seen.rule
    if visit.form is not None:
        own = {"Content-Type": visit.form.content_type, **following(request, answer.data.get("next_cursor"))}
        return text(visit.form.written(rule.shape, answer.data["items"]), {**headers, **own})
    matches = request.headers.get("if-none-match") if rule.method in READS else None
    if rule.text_type is not None:
        own = {"Content-Type": rule.text_type, "Cache-Control": "no-cache"}
        return page(answer.data, {**headers, **own}, matches)
    if rule.is_page:
        return page(answer.data.text, {**headers, **answer.data.headers()}, matches)
    return success(answer, headers, seen.actor, location=_location(request, rule), matches=matches)


def _admitted(request: HttpRequest, seen: Seen, places: Mapping[str, str]) -> Visit:
    """Check the caller and the request. Raises every error that does not depend on the door's own code."""
    rule = seen.rule
    _recognise(request, seen, places)
    if rule.versioned:
        _request.refuse_without_version(request)
    given = dict(_request.parameters(request))
    dry_run = rule.method in WRITES and rule.dry_run and _request.dry_run(given.pop("dry_run", ["0"]))
    asked = _request.query(rule.query, given)
    brought: dict[str, Any] = {
        "received_at": clock.now(),
        "path": str(request.context.get("path", request.path)),
        "source": _request.source(request),
        "request_id": seen.request_id,
        "query": asked,
        "form": form_of(request, asked) if isinstance(asked, ListExport) else None,
        "body": _request.body(request, rule.body) if rule.method in WRITES else None,
        "request": Request(_request.idempotency_key(request), _request.expected_versions(request), dry_run=dry_run),
    }
    if seen.holder:
        return MachineCall(**brought, holder=seen.holder)
    return Call(**brought, actor=seen.actor) if seen.actor else Visit(**brought)


def _recognise(request: HttpRequest, seen: Seen, places: Mapping[str, str]) -> None:
    """Find out who calls: a person by their token, or a machine by its key if there is no token."""
    rule, has_token = seen.rule, "authorization" in request.headers
    key = request.headers.get("x-machine-key")
    if rule.machines and key is not None and not has_token:
        seen.holder = machine_keys.authenticate(key, places["machine_id"], _request.source(request))
    elif rule.action is not None and (has_token or not rule.strangers):
        seen.actor = sign_in.authenticate(_request.token(request), rule.action)


def _refuse_impossible_ids(places: Mapping[str, str]) -> None:
    """Refuse ids that are longer than any id of Takip, before they reach the table. Raises UnknownId."""
    if any(len(identity) > LONGEST_ID for place, identity in places.items() if place not in NO_IDS):
        raise UnknownId("Use ids exactly as the API returned them.")


def _location(request: HttpRequest, rule: Rule) -> str | None:
    """The path of what was created, below the API's stage."""
    stage = request.context.get("stage", "")
    prefix = f"/{stage}" if str(request.context.get("path", "")).startswith(f"/{stage}/") else ""
    return None if rule.location is None else prefix + rule.location
