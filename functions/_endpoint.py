"""What all HTTP doors share: caller, body → schema, result → envelope, error → status, headers, one log line.

A door needs a valid token and a permission that the caller's role has. It is public only if it says so.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Unpack

from chalice.app import Blueprint, Response
from chalice.app import Request as HttpRequest

from chalicelib import settings
from chalicelib.domain.errors import TakipError
from chalicelib.domain.sentences import say
from chalicelib.observability import for_requests, logger, tracer
from chalicelib.schemas.base import Out
from chalicelib.schemas.old_app import OldBody, OldFilters
from chalicelib.services.idempotency import Answer
from chalicelib.services.telling import live
from functions import _deprecated, _old, _pages, _request
from functions._admission import Call, MachineCall, ScreenCall, Seen, Visit, admitted, refuse_impossible_ids
from functions._exported import following
from functions._response import (
    SECURITY_HEADERS,
    InternalError,
    cors,
    failure,
    in_language_of,
    page,
    preflight,
    success,
    text,
    varying,
)
from functions._rules import OLD_RULES, READS, RULES, Declared, Rule
from functions._telling import tell

__all__ = ["Call", "Doors", "MachineCall", "ScreenCall", "Visit", "page_of"]


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

    def old(
        self, method: str, path: str, *, action: str | None, **declared: Unpack[Declared]
    ) -> Callable[[Door], Door]:
        """Open a door for the app of the old system, in its form (`_old`). Without an action it is for everybody.

        What the path names, such as `{stage}`, are numbers of that kind. The door is called with Takip's ids.
        """
        lenient: Declared = {"body": OldBody, "query": OldFilters, "dry_run": False, **declared}
        return self._open(method, path, action, lenient, old=True)

    def _open(
        self, method: str, path: str, action: str | None, declared: Declared, *, old: bool = False
    ) -> Callable[[Door], Door]:
        def opened(door: Door) -> Door:
            rule = Rule(method, path, door.__name__, door.__doc__ or "", action, **declared, old=old)
            (OLD_RULES if old else RULES).append(rule)

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
    """Answer a request, also after an unexpected exception, and write its log line. What is done for it has its id."""
    reader = _request.reader(request)
    seen = Seen(rule, _old.reader_of(reader) if rule.old else reader)
    with for_requests((seen.request_id,)):
        return _followed(request, seen, door, places)


def _followed(request: HttpRequest, seen: Seen, door: Door, places: Mapping[str, str]) -> Response:
    rule = seen.rule
    headers = {**SECURITY_HEADERS, "Cache-Control": "no-store", "X-Request-Id": seen.request_id}
    error = None
    try:
        headers |= cors(request.headers.get("origin"), settings.current().allowed_origins)
        headers |= _deprecated.of_old_app() if rule.old else _deprecated.told(request)
        if rule.page is not None:
            headers["Vary"] = varying(headers, "Accept")
        with tracer().provider.in_subsegment(f"## {rule.name}"):
            response = _page(request, rule, headers) or _served(request, seen, door, places, headers)
    except TakipError as refusal:
        error = refusal
        response = _refused(request, seen, refusal, headers)
    except Exception:  # noqa: BLE001  after any exception the caller gets Takip's error
        logger().exception("a door failed", extra={"door": rule.name, "request_id": seen.request_id})
        error = InternalError(say("The error was logged under this request_id; try again, or report it."))
        response = _refused(request, seen, error, headers)
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


def _refused(request: HttpRequest, seen: Seen, error: TakipError, headers: Mapping[str, str]) -> Response:
    """Answer with an error, in the form that the door has."""
    if seen.rule.old:
        return _old.failure(error, headers, seen.reader)
    return failure(error, headers, reader=seen.reader, accept=request.headers.get("accept", ""))


def _page(request: HttpRequest, rule: Rule, headers: Mapping[str, str]) -> Response | None:
    """The page of a door, for a browser that opens its path; None for everybody else."""
    if rule.page is None or not _request.is_opened_in_browser(request):
        return None
    _request.query(rule.page.query, dict(_request.parameters(request)))
    shown = _pages.page(rule.page.name, _request.path(request), hears=live.origin())
    return page(shown.text, {**headers, **shown.headers()}, request.headers.get("if-none-match"))


def _served(
    request: HttpRequest, seen: Seen, door: Door, places: Mapping[str, str], headers: Mapping[str, str]
) -> Response:
    """Let somebody in, and answer them. Raises every refusal."""
    visit = admitted(request, seen, places)
    refuse_impossible_ids(places)
    if seen.rule.old:
        own = _old.ids_of(seen.actor.tenant, places) if seen.actor else {}
        return _old.success(seen.rule, door(visit, **own), headers)
    return _success(request, seen, visit, door(visit, **places), headers)


def _success(request: HttpRequest, seen: Seen, visit: Visit, answer: Answer, headers: Mapping[str, str]) -> Response:
    """Answer in the envelope, with the rows of an export, or with a text."""
    rule = seen.rule
    if rule.tells_errors:
        headers = {**headers, **in_language_of(seen.reader, headers)}
    if visit.form is not None:
        own = {"Content-Type": visit.form.content_type, **following(request, answer.data.get("next_cursor"))}
        return text(visit.form.written(rule.shape, answer.data["items"]), {**headers, **own})
    matches = request.headers.get("if-none-match") if rule.method in READS else None
    if rule.text_type is not None:
        own = {"Content-Type": rule.text_type, "Cache-Control": "no-cache"}
        return page(answer.data, {**headers, **own}, matches)
    if rule.is_page:
        return page(answer.data.text, {**headers, **answer.data.headers()}, matches)
    brief = rule.brief and _request.wants_little(request)
    return success(answer, headers, seen.actor, location=_location(request, rule), matches=matches, brief=brief)


def _location(request: HttpRequest, rule: Rule) -> str | None:
    """The path of what was created, below the API's stage."""
    stage = request.context.get("stage", "")
    prefix = f"/{stage}" if str(request.context.get("path", "")).startswith(f"/{stage}/") else ""
    return None if rule.location is None else prefix + rule.location
