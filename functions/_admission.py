"""Who comes to a door and with what: the caller and the request, checked before the door's own code sees them."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalice.app import Request as HttpRequest

from chalicelib import clock, settings
from chalicelib.domain.errors import UnknownId
from chalicelib.domain.machines.machine_keys import KeyHolder
from chalicelib.domain.people.app_versions import refuse_older
from chalicelib.domain.people.devices import Source
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.schemas.exports import ListExport
from chalicelib.schemas.problems import Reader
from chalicelib.services import tenants
from chalicelib.services.boards import boards
from chalicelib.services.boards.boards import Opened
from chalicelib.services.idempotency import Request
from chalicelib.services.machines import machine_keys
from chalicelib.services.people import old_app, sign_in
from functions import _old, _request
from functions._exported import Form, form_of
from functions._rules import WRITES, Rule

# An issue's id is the longest: its order's (64), two characters and a ULID.
LONGEST_ID = 128
APP_VERSION = "takip-app-version"
# Names in paths that are not ids. Their own doors check them.
NO_IDS = frozenset({"product_code", "code"})


@dataclass(frozen=True)
class Visit:
    """A request to a door: time, address, path, body, query, headers and its reader. `form`: how rows are wanted."""

    received_at: datetime
    path: str
    source: Source
    body: Any
    query: Any
    request: Request
    reader: Reader
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


@dataclass(frozen=True)
class ScreenCall(Visit):
    """A request of a screen that sent its key."""

    opened: Opened


@dataclass
class Seen:
    """What is known about a request while it is answered, for its log line."""

    rule: Rule
    reader: Reader
    began: float = field(default_factory=time.perf_counter)
    actor: Actor | None = None
    holder: KeyHolder | None = None
    opened: Opened | None = None

    @property
    def request_id(self) -> str:
        """The id of the request."""
        return self.reader.request_id

    @property
    def tenant(self) -> str | None:
        """The tenant of the caller, if it is known."""
        known = self.actor or self.holder or self.opened
        return known.tenant if known else None

    @property
    def caller(self) -> str | None:
        """The id of the user, or of the key of a machine or a screen; None for a stranger."""
        if self.holder:
            return self.holder.key_id
        if self.opened:
            return self.opened.screen.id
        return self.actor.user_id if self.actor else None


def admitted(request: HttpRequest, seen: Seen, places: Mapping[str, str]) -> Visit:
    """Check the caller and the request. Raises every error that does not depend on the door's own code."""
    rule = seen.rule
    _refuse_old_apps(request, seen, settings.current().minimum_app_version)
    _recognise(request, seen, places)
    if seen.tenant is not None:
        tenants.refuse_closed(seen.tenant)
    if rule.old and seen.actor is not None:
        old_app.refuse_off(seen.actor.tenant)
        old_app.noted(seen.actor)
    if seen.tenant is not None and APP_VERSION in request.headers:
        _refuse_old_apps(request, seen, tenants.settings_of(seen.tenant).minimum_app_version)
    if rule.versioned:
        _request.refuse_without_version(request)
    given = dict(_request.parameters(request))
    dry_run = rule.method in WRITES and rule.dry_run and _request.dry_run(given.pop("dry_run", ["0"]))
    asked = _request.query(rule.query, given)
    now = clock.now()
    brought: dict[str, Any] = {
        "received_at": now,
        "path": _request.path(request),
        "source": _request.source(request),
        "reader": seen.reader,
        "query": asked,
        "form": form_of(request, asked) if isinstance(asked, ListExport) else None,
        "request": Request(_request.idempotency_key(request), _request.expected_versions(request), dry_run=dry_run),
        "body": _request.body(request, rule.body, form=rule.form) if rule.method in WRITES else None,
    }
    if rule.old:
        body = brought["body"]
        sent = body.model_dump(mode="json", exclude=_old.SECRETS) if body else None
        brought["request"] = _old.tap(seen.actor, brought["path"], sent, now) if rule.method == "POST" else Request()
    if seen.holder:
        return MachineCall(**brought, holder=seen.holder)
    if seen.opened:
        return ScreenCall(**brought, opened=seen.opened)
    return Call(**brought, actor=seen.actor) if seen.actor else Visit(**brought)


def _refuse_old_apps(request: HttpRequest, seen: Seen, least: str | None) -> None:
    """Refuse an app that is older than allowed. A page in a browser is always the newest. Raises AppOutdated."""
    if not (seen.rule.any_version or seen.rule.is_page or seen.rule.text_type):
        refuse_older(request.headers.get(APP_VERSION), least)


def _recognise(request: HttpRequest, seen: Seen, places: Mapping[str, str]) -> None:
    """Find out who calls: a person by their token, or a machine or a screen by its key if there is no token."""
    rule, has_token = seen.rule, "authorization" in request.headers
    key, screen_key = request.headers.get("x-machine-key"), request.headers.get("x-screen-key")
    if rule.machines and key is not None and not has_token:
        seen.holder = machine_keys.authenticate(key, places["machine_id"], _request.source(request))
    elif rule.screens and screen_key is not None and not has_token:
        seen.opened = boards.authenticate(screen_key, _request.source(request))
    elif rule.action is not None and (has_token or not rule.strangers):
        seen.actor = sign_in.authenticate(_request.token(request), rule.action)


def refuse_impossible_ids(places: Mapping[str, str]) -> None:
    """Refuse ids that are longer than any id of Takip, before they reach the table. Raises UnknownId."""
    if any(len(identity) > LONGEST_ID for place, identity in places.items() if place not in NO_IDS):
        raise UnknownId(say("Use ids exactly as the API returned them."))
