"""Sign-in at a shared terminal: by a PIN or a badge, with the rights of a worker, for a short time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib import clock, settings, tokens
from chalicelib.domain.errors import TakipError
from chalicelib.domain.people.credentials import InactiveAccount
from chalicelib.domain.people.devices import Source
from chalicelib.domain.people.security_events import EventKind
from chalicelib.domain.people.terminal_access import BadTerminalCredentials, PinLocked, TerminalAccess
from chalicelib.domain.people.terminals import Terminal
from chalicelib.domain.people.throttling import AT_TERMINALS
from chalicelib.domain.people.users import Actor, Role, User
from chalicelib.domain.sentences import say
from chalicelib.services import events
from chalicelib.services.people import terminal_access, terminals, throttling
from chalicelib.services.people.sign_in import matching
from chalicelib.services.people.throttling import Attempt
from chalicelib.services.retries import until_won
from chalicelib.services.tenants import refuse_closed, settings_of
from chalicelib.storage.people import terminal_access as storage
from chalicelib.storage.people import users
from chalicelib.storage.people.throttles import Counters, Places
from chalicelib.storage.writes import Write

AT_TERMINAL = "terminal"
NOBODY = "nobody"


@dataclass(frozen=True)
class SignedInAtTerminal:
    """A person who signed in, their access token with its lifetime in seconds, and the terminal."""

    user: User
    access_token: str
    expires_in: int
    terminal_id: str


@dataclass(frozen=True)
class Claim:
    """Who somebody claims to be. `name` is what is counted, `find` reads the person's id and the counters.

    `shows` tells whether the claim is right for a person.
    """

    name: str
    by_pin: bool
    find: Callable[[Places, datetime], tuple[str | None, Counters]]
    shows: Callable[[TerminalAccess], bool]


def by_pin(key: str, username: str, pin: str, source: Source) -> SignedInAtTerminal:
    """Sign in with a username and a PIN. bcrypt checks the PIN once, also for a name that does not exist.

    Raises what `_sign_in` raises.
    """
    tenant, terminal = terminals.authenticate(key, source)
    matches = matching(pin)

    def find(places: Places, now: datetime) -> tuple[str | None, Counters]:
        login, counters, _ = users.find_attempted(tenant, username, places, now)
        return login.user.id if login else None, counters

    claim = Claim(username, by_pin=True, find=find, shows=lambda access: matches(access.pin_hash))
    return _sign_in(tenant, terminal, claim, source)


def by_badge(key: str, code: str, source: Source) -> SignedInAtTerminal:
    """Sign in with a badge. Raises what `_sign_in` raises."""
    tenant, terminal = terminals.authenticate(key, source)
    digest = terminal_access.digest(tenant, code)

    def find(places: Places, now: datetime) -> tuple[str | None, Counters]:
        return storage.find_badge(tenant, digest, places, now)

    claim = Claim(digest, by_pin=False, find=find, shows=lambda access: access.badge == digest)
    return _sign_in(tenant, terminal, claim, source)


def _sign_in(tenant: str, terminal: Terminal, claim: Claim, source: Source) -> SignedInAtTerminal:
    """Sign a person in at a terminal. Failures are counted for the person there, for the terminal and for the person.

    Costs two reads and a transaction; one read more for a terminal or a secret that was not read in the last minute.
    Raises TerminalKeyInvalid, TenantClosed, TooManyAttempts, BadTerminalCredentials; PinLocked and InactiveAccount only
    after what is right.
    """
    refuse_closed(tenant)
    signing, lasts = settings.signing_keys(), settings_of(tenant).terminal_session
    places = throttling.counted(tenant, AT_TERMINAL, claim.name, terminal.id)

    def attempt() -> SignedInAtTerminal:
        now = clock.now()
        user_id, counters = claim.find(places, now)
        tried = throttling.attempt(counters, now, bounds=AT_TERMINALS)
        # A name that does not exist costs the same request.
        user, access = storage.find(tenant, user_id or NOBODY)
        known = _recognised(tenant, terminal, claim, (user, access), tried, source)
        minutes = lasts // timedelta(minutes=1)
        actor = Actor(tenant, known.id, Role.WORKER, terminal_id=terminal.id)
        token = tokens.issue(actor, signing, now, minutes)
        write = tried.passed() + (
            _after_pin(tenant, access, right=True) if claim.by_pin and access.wrong_pins else Write()
        )
        happened = events.event(
            EventKind.SIGNED_IN,
            user_id=known.id,
            actor_id=known.id,
            source=source,
            detail={"terminal_id": terminal.id},
        )
        events.record(tenant, happened, write)
        return SignedInAtTerminal(known, token, minutes * 60, terminal.id)

    return until_won(attempt)


def _recognised(
    tenant: str,
    terminal: Terminal,
    claim: Claim,
    found: tuple[User | None, TerminalAccess],
    tried: Attempt,
    source: Source,
) -> User:
    """The person who may sign in. Otherwise the failure is counted and recorded, and its error raised."""
    user, access = found
    right = claim.shows(access)
    try:
        return _admitted(user, access, claim, right=right)
    except TakipError as refusal:
        detail = {"code": refusal.code, "terminal_id": terminal.id}
        failed = events.event(EventKind.SIGN_IN_FAILED, user_id=user.id if user else None, source=source, detail=detail)
        wrong = claim.by_pin and not right and access.pin_hash is not None
        events.record(tenant, failed, tried.failed() + (_after_pin(tenant, access, right=False) if wrong else Write()))
        raise


def _admitted(user: User | None, access: TerminalAccess, claim: Claim, *, right: bool) -> User:
    """The person, if the claim is right and they may sign in."""
    if user is None or not right:
        raise BadTerminalCredentials(say("Check them, and try again."))
    if claim.by_pin and access.pin_locked:
        raise PinLocked(say("Too many wrong PINs were tried. A planner gives you another one."))
    if not user.active:
        raise InactiveAccount(say("Ask an admin to activate it."))
    return user


def _after_pin(tenant: str, access: TerminalAccess, *, right: bool) -> Write:
    return storage.put(tenant, access.tried(right=right), access)
