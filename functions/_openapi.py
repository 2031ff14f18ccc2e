"""The contract: an OpenAPI 3.1 document, made from what the doors declare and from nothing else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from chalicelib import __version__
from chalicelib.domain.people.permissions import PERMISSIONS
from chalicelib.remembered import cached
from chalicelib.schemas.base import OLD_NAMES
from chalicelib.schemas.contract import Json, Shape, members_of, schemas_of
from chalicelib.schemas.problems import ProblemOut
from functions._exported import OFFERED
from functions._links import links
from functions._response import EVERY_BODY, EVERY_DOOR, PROBLEM, STATUS_OF
from functions._rules import ID, READS, RULES, WRITES, Family, Nothing, Rule

JSON = "application/json"
TOKEN, MACHINE_KEY, SCREEN_KEY = "token", "machine_key", "screen_key"
ABOUT = """Production tracking for a factory floor.

The answer of a success has `status: success` and `data`. The data of a list has `items`, and `next_cursor` if there are
more. The answer of an error has `status: error` and `error`. It is a problem document of RFC 9457 instead if the
request has `Accept: application/problem+json`.

Sign in with `POST /auth/login`, then send `Authorization: Bearer <access_token>`. Every request may also have
`Accept-Language` (`tr`, `en`; see `Content-Language`), `Takip-App-Version` (426: too old) and `X-Request-Id`."""

PARAMETERS: Mapping[str, Json] = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "A request with the same key is done once; a repeated one gets the first answer again.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[ -~]+$"},
    },
    "Prefer": {
        "name": "Prefer",
        "in": "header",
        "description": "`return=minimal`: answer with headers only, and a batch with little of each item.",
        "schema": {"type": "string"},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The ETag on which the change was decided; `*` accepts every version.",
        "schema": {"type": "string"},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag of an answer that the client has. It is answered by 304 if nothing has changed.",
        "schema": {"type": "string"},
    },
    "DryRun": {
        "name": "dry_run",
        "in": "query",
        "description": "1: check everything, answer with the result, and write nothing.",
        "schema": {"type": "string", "enum": ["0", "1", "false", "true"], "default": "0"},
    },
}
HEADERS: Mapping[str, Json] = {
    "X-Request-Id": {"description": "The id of the request, as the logs have it.", "schema": {"type": "string"}},
    "ETag": {"description": "The version of what is shown.", "schema": {"type": "string"}},
    "Location": {"description": "The path of what was created.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Try again after so many seconds.", "schema": {"type": "integer"}},
    "Preference-Applied": {"description": "`return=minimal`: a small answer.", "schema": {"type": "string"}},
    "Deprecation": {
        "description": "The request uses something that is deprecated since then (RFC 9745), such as `@1796083200`.",
        "schema": {"type": "string"},
    },
    "Sunset": {"description": "When what is deprecated will go (RFC 8594).", "schema": {"type": "string"}},
    "Idempotent-Replayed": {"description": "`true`: the first answer again.", "schema": {"type": "string"}},
    "Next-Cursor": {"description": "The cursor of the next page, if there is one.", "schema": {"type": "string"}},
}


@cached
def document() -> Json:
    """The OpenAPI document of all doors that programs use, in the order of their paths."""
    doors = sorted((rule for rule in RULES if not rule.is_page), key=lambda rule: (rule.path, rule.method))
    taken = [shape for rule in doors for shape in (rule.body, rule.query) if shape is not Nothing]
    schemas, references = schemas_of(taken, [*(rule.shape for rule in doors), ProblemOut])
    paths: dict[str, Json] = {}
    for rule in doors:
        paths.setdefault(rule.path, {})[rule.method.lower()] = _Operation(rule, doors, schemas, references).shown()
    queries = {references[rule.query]["$ref"].rpartition("/")[2] for rule in doors if rule.query is not Nothing}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Takip", "version": __version__, "description": ABOUT, "license": {"name": "MIT"}},
        "servers": [{"url": ".", "description": "Beside this document"}],
        "tags": [{"name": tag} for tag in sorted({_tag(rule) for rule in doors})],
        "paths": paths,
        "components": {
            "schemas": {
                **{name: schema for name, schema in schemas.items() if name not in queries},
                "Error": _enveloped("error", error=references[ProblemOut]),
            },
            "responses": _failures(references[ProblemOut]),
            "parameters": dict(PARAMETERS),
            "headers": dict(HEADERS),
            "securitySchemes": {
                TOKEN: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                MACHINE_KEY: {"type": "apiKey", "in": "header", "name": "X-Machine-Key"},
                SCREEN_KEY: {"type": "apiKey", "in": "header", "name": "X-Screen-Key"},
            },
        },
    }


@dataclass(frozen=True)
class _Operation:
    """The operation of a door. `doors` are all doors, `references` those to the schemas, by shape."""

    rule: Rule
    doors: Sequence[Rule]
    schemas: Json
    references: Mapping[Shape, Json]

    def shown(self) -> Json:
        """The operation as the document has it."""
        rule = self.rule
        first, _, rest = rule.says.partition("\n")
        body = {"required": _is_needed(rule.body), "content": {JSON: {"schema": self.references.get(rule.body)}}}
        return {
            "operationId": rule.name,
            "tags": [_tag(rule)],
            "summary": first.rstrip("."),
            "description": "\n\n".join(filter(None, [" ".join(rest.split()), _who(rule)])),
            "security": _security(rule),
            "parameters": [*self._of_path(), *self._of_query(), *self._of_headers()],
            **({"requestBody": body} if rule.body is not Nothing else {}),
            "responses": dict(self._successes()) | _refusals(rule),
        }

    def _of_path(self) -> Iterator[Json]:
        for name in ID.findall(self.rule.path):
            yield {"name": name[1:-1], "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}

    def _of_query(self) -> Iterator[Json]:
        if self.rule.query is not Nothing:
            members, needed = members_of(self.schemas, self.references[self.rule.query])
            for name, schema in members.items():
                old = {"deprecated": True} if schema.get("deprecated") else {}
                yield {"name": name, "in": "query", "required": name in needed, "schema": schema, **old}
        if self.rule.method in WRITES and self.rule.dry_run:
            yield _parameter("DryRun")

    def _of_headers(self) -> Iterator[Json]:
        if self.rule.method in WRITES:
            yield _parameter("IdempotencyKey")
        if self.rule.method in READS and not self.rule.is_export:
            yield _parameter("IfNoneMatch")
        if self.rule.versioned:
            yield _parameter("IfMatch")
        if self.rule.brief:
            yield _parameter("Prefer")

    def _successes(self) -> Iterator[tuple[str, Json]]:
        rule = self.rule
        headers = ["X-Request-Id", "Next-Cursor" if rule.is_export else "ETag"]
        headers += ["Idempotent-Replayed"] if rule.method in WRITES else []
        headers += ["Preference-Applied"] if rule.brief else []
        headers += ["Deprecation", "Sunset"] if self._has_former_names() else []
        for status in rule.statuses:
            located = ["Location"] if status is HTTPStatus.CREATED and rule.location else []
            linked = links(rule, self.doors) if status is HTTPStatus.CREATED else {}
            answer = _response(status.phrase, [*headers, *located], self._content())
            yield str(int(status)), answer | ({"links": linked} if linked else {})
        if rule.brief and HTTPStatus.OK in rule.statuses and not rule.is_batch:
            yield "204", _response(HTTPStatus.NO_CONTENT.phrase, headers)
        if rule.method in READS and not rule.is_export:
            yield "304", _response(HTTPStatus.NOT_MODIFIED.phrase, headers)

    def _has_former_names(self) -> bool:
        """Whether the request may use a former name of a field."""
        taken = [shape for shape in (self.rule.body, self.rule.query) if shape is not Nothing]
        return any(not OLD_NAMES.keys().isdisjoint(shape.model_fields) for shape in taken)

    def _content(self) -> Json:
        """The body of a success, by its media types."""
        rule, shape = self.rule, self.references[self.rule.shape]
        if rule.is_export or rule.text_type:
            media_types = OFFERED if rule.is_export else [rule.text_type]
            return {str(each): {"schema": {"type": "object" if each == JSON else "string"}} for each in media_types}
        data = shape
        if rule.is_list:
            cursor = {"next_cursor": {"type": "string"}} if rule.is_paged else {}
            items = {"items": {"type": "array", "items": shape}}
            data = {"type": "object", "properties": items | cursor, "required": ["items"]}
        return {JSON: {"schema": _enveloped("success", data=data)}}


def _refusals(rule: Rule) -> Json:
    """What a door may refuse, by status."""
    families: set[Family] = {*rule.families, *EVERY_DOOR, *(EVERY_BODY if rule.method in WRITES else ())}
    statuses = sorted({STATUS_OF[family] for family in families})
    return {str(int(status)): {"$ref": f"#/components/responses/{status.name}"} for status in statuses}


def _failures(problem: Json) -> Json:
    """The answers of all errors, by the name of their status."""
    content = {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}, PROBLEM: {"schema": problem}}
    return {
        status.name: _response((family.__doc__ or "").partition("\n")[0], ["X-Request-Id", "Retry-After"], content)
        for family, status in STATUS_OF.items()
    }


def _response(says: str, headers: Iterable[str], content: Json | None = None) -> Json:
    shown = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    return {"description": says, "headers": shown} | ({"content": content} if content else {})


def _enveloped(status: str, **member: Json) -> Json:
    """An answer with its status, and its data or its error."""
    properties = {"status": {"const": status}, **member}
    return {"type": "object", "properties": properties, "required": list(properties)}


def _parameter(name: str) -> Json:
    return {"$ref": f"#/components/parameters/{name}"}


def _tag(rule: Rule) -> str:
    """The subject of a door: the first word of its path."""
    return rule.path.strip("/").split("/")[0] or "takip"


def _who(rule: Rule) -> str:
    """Who may come, in a sentence."""
    if rule.action is None:
        return "For everybody, without a token."
    roles = ", ".join(sorted(PERMISSIONS[rule.action]))
    keys = {" Or a machine with its own key.": rule.machines, " Or a screen with its own key.": rule.screens}
    return f"Roles: {roles}." + "".join(words for words, holds in keys.items() if holds)


def _security(rule: Rule) -> list[Json]:
    """The ways to sign in that a door accepts; an empty one where nobody has to."""
    if rule.action is None:
        return []
    others = {MACHINE_KEY: rule.machines, SCREEN_KEY: rule.screens}
    ways: list[Json] = [{TOKEN: []}, *({way: []} for way, holds in others.items() if holds)]
    return ways + ([{}] if rule.strangers else [])


def _is_needed(body: Shape) -> bool:
    """Whether a body has a field that must be there."""
    return any(field.is_required() for field in body.model_fields.values())
