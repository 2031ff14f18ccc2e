"""Answers over HTTP: the envelope, the problem document, the headers, and the status of each family of errors."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from chalice.app import Response

from chalicelib.domain import errors
from chalicelib.domain.digests import digest
from chalicelib.domain.errors import TakipError
from chalicelib.domain.people.users import Actor
from chalicelib.schemas.minimal import minimal
from chalicelib.schemas.problems import ProblemOut, Reader, problem_out
from chalicelib.services.idempotency import Answer

PROBLEM = "application/problem+json"
ALLOWED_HEADERS = (
    "Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Prefer, "
    "Takip-App-Version, X-Request-Id"
)
EXPOSED_HEADERS = (
    "Content-Language, Date, Deprecation, ETag, Idempotent-Replayed, Link, Location, Next-Cursor, Preference-Applied, "
    "Retry-After, Sunset, X-Request-Id"
)
PROBLEM_BASE = "https://takip.dev/problems/"

# The status of an error is that of the nearest family among its base classes.
STATUS_OF: dict[type[TakipError], HTTPStatus] = {
    errors.Unreadable: HTTPStatus.BAD_REQUEST,
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Stale: HTTPStatus.PRECONDITION_FAILED,
    errors.Unversioned: HTTPStatus.PRECONDITION_REQUIRED,
    errors.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Outdated: HTTPStatus.UPGRADE_REQUIRED,
    errors.Throttled: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}

SECURITY_HEADERS = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class TooLarge(TakipError):
    """The body is larger than one request may be (256 KB)."""

    code = "ERR_REQUEST_TOO_LARGE"
    title = "The body is too large"


class NotJson(TakipError):
    """The Content-Type of the body is not application/json."""

    code = "ERR_REQUEST_NOT_JSON"
    title = "The body must be JSON"


class NotOffered(TakipError):
    """The Accept header names no form in which the endpoint can answer."""

    code = "ERR_REQUEST_NOT_ACCEPTABLE"
    title = "The answer cannot be given in this form"


class BadJson(errors.Unreadable):
    """The body is not valid JSON, or not a JSON object."""

    code = "ERR_REQUEST_BAD_JSON"
    title = "The body cannot be read"


class InternalError(TakipError):
    """Takip had an internal error."""

    code = "ERR_INTERNAL"
    title = "Takip had an internal error"


STATUS_OF |= {
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    NotJson: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    NotOffered: HTTPStatus.NOT_ACCEPTABLE,
    InternalError: HTTPStatus.INTERNAL_SERVER_ERROR,
}

# The errors of every door: wrong parameters and headers, an If-Match without an ETag, old apps, internal errors.
EVERY_DOOR = (errors.Unreadable, errors.Stale, errors.Outdated, errors.Unavailable, InternalError)
# The errors of every door with a body, before the body is read.
EVERY_BODY = (TooLarge, NotJson)


def success(
    answer: Answer,
    headers: Mapping[str, str],
    reader: Actor | None,
    *,
    location: str | None,
    matches: str | None,
    brief: bool,
) -> Response:
    """Answer with a resource or a list: 200, 201 or 202. Answers 304 if the reader has the same answer already.

    A `brief` answer has nothing but headers, one of a batch has little of each item. What was created is always shown.
    """
    etag = _etag(answer, reader)
    out = dict(headers)
    if etag:
        out |= {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": varying(out, "Authorization")}
    if answer.replayed:
        out["Idempotent-Replayed"] = "true"
    if etag and _is_known(etag, matches):
        return _response("", HTTPStatus.NOT_MODIFIED, out)
    if answer.created and location is not None:
        texts = {name: quote(value, safe="") for name, value in answer.data.items() if isinstance(value, str)}
        out["Location"] = location.format(**texts)
    done = HTTPStatus.CREATED if answer.created else HTTPStatus.OK
    status = HTTPStatus.ACCEPTED if answer.queued else done
    data = {**answer.data, **answer.shown_once} if answer.shown_once else answer.data
    if brief and not answer.created:
        out["Preference-Applied"] = "return=minimal"
        if "items" not in data:
            return _response("", HTTPStatus.NO_CONTENT, out)
        data = data | {"items": minimal(data["items"])}
    return as_json({"status": "success", "data": data}, status, out)


def text(body: str, headers: Mapping[str, str]) -> Response:
    """Answer with a text that is not JSON. Its Content-Type is among the headers."""
    return _response(body, HTTPStatus.OK, headers)


def page(body: str, headers: Mapping[str, str], matches: str | None) -> Response:
    """Answer with a text that is the same for everybody until the next release; 304 if the reader has it already.

    Its Content-Type and Cache-Control are among the headers.
    """
    etag = f'"{digest(body.encode())}"'
    out = {**headers, "ETag": etag}
    return _response("", HTTPStatus.NOT_MODIFIED, out) if _is_known(etag, matches) else text(body, out)


def failure(error: TakipError, headers: Mapping[str, str], *, reader: Reader, accept: str) -> Response:
    """Answer with an error, in the envelope or as a problem document, in the language of its reader."""
    status, problem = status_of(type(error)), problem_of(error, reader).plain()
    out = refusing(error, headers, reader)
    if PROBLEM in accept:
        return as_json(problem | {"status": int(status)}, status, out | {"Content-Type": PROBLEM})
    return as_json({"status": "error", "error": problem}, status, out)


def refusing(error: TakipError, headers: Mapping[str, str], reader: Reader) -> dict[str, str]:
    """The headers of the answer that tells an error. `headers` are its others."""
    wait = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    asks = {"WWW-Authenticate": "Bearer"} if status_of(type(error)) is HTTPStatus.UNAUTHORIZED else {}
    return {**headers, **in_language_of(reader, headers), **wait, **asks}


def problem_of(error: TakipError, reader: Reader) -> ProblemOut:
    """An error with the members of RFC 9457, in the language of its reader."""
    return problem_out(error, PROBLEM_BASE + error.code.removeprefix("ERR_").lower().replace("_", "-"), reader)


def in_language_of(reader: Reader, headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of an answer with sentences in the language of its reader. `headers` are its others."""
    return {"Content-Language": reader.language.value, "Vary": varying(headers, "Accept-Language")}


def varying(headers: Mapping[str, str], name: str) -> str:
    """The header Vary of an answer with these headers that depends on one more header of the request."""
    return ", ".join(filter(None, [headers.get("Vary"), name]))


def status_of(error: type[TakipError]) -> HTTPStatus:
    """The status of an error, by its family."""
    return STATUS_OF[family_of(error)]


def family_of(error: type[TakipError]) -> type[TakipError]:
    """The family of an error: the nearest of its base classes that has a status."""
    return next(family for family in error.__mro__ if family in STATUS_OF)


def cors(origin: str | None, allowed: frozenset[str]) -> dict[str, str]:
    """The headers that let a browser page of an allowed origin read an answer."""
    if not origin or origin not in allowed:
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": EXPOSED_HEADERS,
        "Vary": "Origin",
    }


def preflight(origin: str | None, allowed: frozenset[str]) -> Response:
    """Answer a browser that asks whether a page of its origin may send requests."""
    headers = cors(origin, allowed)
    if headers:
        headers |= {
            "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
            "Access-Control-Allow-Headers": ALLOWED_HEADERS,
            "Access-Control-Max-Age": "600",
        }
    return _response("", HTTPStatus.NO_CONTENT, SECURITY_HEADERS | headers)


def _timeless(shown: Any) -> Any:
    """What is shown, without the instants at which it was read."""
    if isinstance(shown, dict):
        return {name: _timeless(each) for name, each in shown.items() if name != "as_of"}
    return [_timeless(each) for each in shown] if isinstance(shown, list) else shown


def _is_known(etag: str, matches: str | None) -> bool:
    """Whether If-None-Match names the ETag."""
    return matches is not None and etag in (each.strip().removeprefix("W/") for each in matches.split(","))


def as_json(body: Any, status: HTTPStatus, headers: Mapping[str, str]) -> Response:
    """Answer with JSON, as it is."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return _response(text, status, {"Content-Type": "application/json"} | dict(headers))


def _response(body: str, status: HTTPStatus, headers: Mapping[str, str]) -> Response:
    return Response(body=body, status_code=int(status), headers={**headers})


def _etag(answer: Answer, reader: Actor | None) -> str | None:
    """A digest of the answer and its reader. For an order, its version comes first, for If-Match.

    Planners and admins of a tenant see the same answer. Each worker sees their own.
    """
    is_list = isinstance(answer.data, dict) and "items" in answer.data
    if answer.version is None and not (is_list or answer.polled):
        return None
    seen = _timeless(answer.data) if answer.polled else answer.data
    scope = [reader.tenant, reader.role, "" if reader.plans else reader.user_id] if reader else []
    shown = json.dumps([scope, seen], sort_keys=True).encode()
    tag = digest(shown)
    return f'"{tag}"' if answer.version is None else f'"{answer.version}-{tag}"'
