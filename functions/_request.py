"""Reading a request: its token, body, parameters and headers. One answer holds all field errors."""

import ipaddress
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TypeVar, get_origin
from urllib.parse import parse_qsl, unquote

from chalice.app import Request as HttpRequest
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from chalicelib import ids
from chalicelib.domain import plain_json, text
from chalicelib.domain.errors import BadParameter, InvalidFields, StaleVersion, VersionRequired, told
from chalicelib.domain.people.devices import Source
from chalicelib.domain.sentences import say
from chalicelib.observability import REQUEST_ID
from chalicelib.schemas.findings import accepted, field_errors
from chalicelib.schemas.languages import preferred
from chalicelib.schemas.problems import Reader
from chalicelib.tokens import TokenMissing
from functions._response import BadJson, NotJson, TooLarge
from functions._rules import words_of_paths

Shape = TypeVar("Shape", bound=BaseModel)

MAX_BODY_BYTES = 256 * 1024
LONGEST_WHOLE = 100
LONGEST_QUERY = 4_000  # characters, decoded
IDEMPOTENCY_KEY = re.compile(r"[\x20-\x7e]{1,128}")
# An ETag as `_response` makes it, or the version alone, as earlier releases gave it. `W/` is what a proxy that
# compresses puts before it (CloudFront does); the version behind it is as true.
VERSIONED_TAG = re.compile(r"([1-9][0-9]{0,18})(?:-[0-9a-f]{32})?")
TAG = re.compile(r'(?:W/)?(?:"([^"]*)"|([^\s",*]+))')
LIST_OF_TAGS = re.compile(rf"[\s,]*{TAG.pattern}(?:\s*,[\s,]*{TAG.pattern})*[\s,]*")  # may hold empty places
FORM = "application/x-www-form-urlencoded"
CREDENTIALS = ("authorization", "x-machine-key", "x-screen-key")
LONGEST_AGENT = 200
IPV6, ALIKE = 6, 64
UNREADABLE = say("The body must be one JSON object in UTF-8, in which no name stands twice.")
NO_OBJECT = ("model_type", "model_attributes_type", "string_unicode")
DRY_RUN = {"1": True, "true": True, "0": False, "false": False}


def token(request: HttpRequest) -> str:
    """The bearer token. Raises TokenMissing."""
    scheme, _, token = str(request.headers.get("authorization", "")).partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenMissing(say("Send the header Authorization: Bearer <access_token>, as POST /auth/login gives it."))
    return token.strip()


def body(request: HttpRequest, shape: type[BaseModel], *, form: bool = False) -> BaseModel:
    """Read a body as its shape; where it may be, also a form of a browser. An empty body counts as `{}`.

    Raises TooLarge, NotJson, BadJson, InvalidFields.
    """
    raw = request.raw_body
    if len(raw) > MAX_BODY_BYTES:
        raise TooLarge(say("At most {most} KB; send it in parts.", most=MAX_BODY_BYTES // 1024))
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if form and media_type == FORM:
        return read(_filled_in(raw), shape)
    if raw and media_type != "application/json" and not media_type.endswith("+json"):
        raise NotJson(say("Send the body with Content-Type: application/json."))
    try:
        decoded = plain_json.decode(raw or b"{}", _fraction, _whole)
    except ValueError:
        raise BadJson(UNREADABLE) from None
    return read(decoded, shape)


def _filled_in(raw: bytes | str) -> dict[str, str]:
    """The fields of a form of a browser."""
    written = raw if isinstance(raw, str) else raw.decode(errors="replace")
    return dict(parse_qsl(written, keep_blank_values=True))


def read(decoded: object, shape: type[Shape]) -> Shape:
    """Read decoded JSON, a body or a part of it, as a shape. Raises BadJson, InvalidFields."""
    try:
        return shape.model_validate(decoded, context=words_of_paths())
    except ValidationError as error:
        findings = error.errors(include_url=False)
    if any(finding["type"] in NO_OBJECT and not finding["loc"] for finding in findings) or any(map(_lost, findings)):
        raise BadJson(UNREADABLE)
    raise InvalidFields(field_errors(findings, shape))


def _whole(written: str) -> int | Decimal:
    """Read a whole number. One with too many digits becomes a decimal, which its field refuses."""
    return int(written) if len(written) <= LONGEST_WHOLE else _fraction(written)


def _fraction(written: str) -> Decimal:
    """Read a number exactly. One with too large an exponent becomes infinite, which every field refuses."""
    try:
        return Decimal(written)
    except InvalidOperation:
        return Decimal("Infinity")


def _lost(finding: ErrorDetails) -> bool:
    """Whether an unknown field contains half a character, in its name or its value. Then its meaning is not known."""
    texts = [part for part in (*finding["loc"], finding.get("input")) if isinstance(part, str)]
    return finding["type"] in ("extra_forbidden", "string_unicode") and any(map(text.halved, texts))


def query(shape: type[Shape], given: Mapping[str, list[str]]) -> Shape:
    """Read the parameters as their shape. Only a filter of several values may repeat. Raises BadParameter."""
    repeatable = _repeatable(shape)
    try:
        return shape.model_validate(
            {name: values if name in repeatable or len(values) > 1 else values[0] for name, values in given.items()}
        )
    except ValidationError as error:
        findings = error.errors(include_url=False, include_input=False)
    errors = field_errors(findings, shape)
    raise BadParameter(told(errors), errors=errors)


def named(shape: type[Shape], **places: str) -> Shape:
    """Read what stands in a path as its shape, percent-encoded once as API Gateway hands it over.

    Raises BadParameter for what nothing could be called.
    """
    return query(shape, {name: [unquote(place)] for name, place in places.items()})


def parameters(request: HttpRequest) -> Mapping[str, list[str]]:
    """The query string as lists of values. Raises BadParameter if it is too long."""
    given = request.query_params
    lists = {name: given.getlist(name) for name in given} if given else {}
    if sum(len(name) + len(value) for name, values in lists.items() for value in values) > LONGEST_QUERY:
        form = "The query string may have at most {most} characters; ask in several requests."
        raise BadParameter(say(form, most=LONGEST_QUERY))
    return lists


def dry_run(given: list[str]) -> bool:
    """Whether only the answer is wanted. Raises BadParameter if the value is not a yes or a no."""
    wanted = DRY_RUN.get(given[0]) if len(given) == 1 else None
    if wanted is None:
        raise BadParameter(say("dry_run must be one of {allowed}, and be given once.", allowed=list(DRY_RUN)))
    return wanted


def idempotency_key(request: HttpRequest) -> str | None:
    """The request's idempotency key, if it has one. Raises BadParameter."""
    key: str | None = request.headers.get("idempotency-key")
    if key is not None and not IDEMPOTENCY_KEY.fullmatch(key):
        form = "Idempotency-Key must be {least} to {most} printable ASCII characters."
        raise BadParameter(say(form, least=1, most=128))
    return key


def expected_versions(request: HttpRequest) -> frozenset[int] | None:
    """The versions that If-Match names: a list of ETags; None for any. Raises StaleVersion where it names none."""
    given = request.headers.get("if-match", "*").strip()
    if given == "*":
        return None
    tags = TAG.findall(given) if LIST_OF_TAGS.fullmatch(given) else []
    matches = (VERSIONED_TAG.fullmatch(quoted or bare) for quoted, bare in tags)
    versions = frozenset(int(match[1]) for match in matches if match)
    if not versions:
        raise StaleVersion(say("If-Match must be an ETag that the API returned, a list of them, or *."))
    return versions


def refuse_without_version(request: HttpRequest) -> None:
    """Refuse a change without If-Match. Raises VersionRequired."""
    if "if-match" not in request.headers:
        raise VersionRequired(say("Read it first, then send its ETag as If-Match; * accepts any version."))


def reader(request: HttpRequest) -> Reader:
    """Who reads the answer."""
    return Reader(request_id(request), preferred(request.headers.get("accept-language", "")))


def wants_little(request: HttpRequest) -> bool:
    """Whether the client prefers a small answer (RFC 7240)."""
    preferences = request.headers.get("prefer", "").lower().replace(" ", "").replace('"', "")
    return "return=minimal" in re.split("[,;]", preferences)


def path(request: HttpRequest) -> str:
    """The path as it was asked for, with the API's stage where the address has it."""
    return str(request.context.get("path", request.path))


def is_opened_in_browser(request: HttpRequest) -> bool:
    """Whether a browser opens a page, as nobody who has signed in: a script that does asks for JSON."""
    return "text/html" in request.headers.get("accept", "") and not any(name in request.headers for name in CREDENTIALS)


def request_id(request: HttpRequest) -> str:
    """The id that the caller gave the request, else the gateway's, else a new one."""
    given = request.headers.get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else str(request.context.get("requestId") or ids.new())


def source(request: HttpRequest) -> Source:
    """Where a request comes from: its address as the gateway saw it, and the name of its client.

    A household or a phone has a whole /64 of IPv6, so a /64 counts as one address.
    """
    seen = str(request.context.get("identity", {}).get("sourceIp", ""))
    agent = "".join(character for character in request.headers.get("user-agent", "") if character.isprintable())
    try:
        address = ipaddress.ip_address(seen)
    except ValueError:
        return Source("unknown", agent[:LONGEST_AGENT])
    alike = ipaddress.ip_network((seen, ALIKE), strict=False) if address.version == IPV6 else address
    return Source(str(alike), agent[:LONGEST_AGENT])


def _repeatable(shape: type[BaseModel]) -> set[str]:
    """The names of the filters that take several values."""
    return {name for name, field in accepted(shape).items() if get_origin(field.annotation) is tuple}
