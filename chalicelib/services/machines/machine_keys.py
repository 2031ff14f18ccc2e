"""Machine keys: making, listing and revoking them, and the machine that sends one."""

from collections.abc import Callable, Iterable
from typing import Any

from chalicelib import clock
from chalicelib.domain.machines.machine_keys import (
    ASK_FOR_ANOTHER,
    MACHINE,
    KeyHolder,
    MachineKey,
    MachineKeyInvalid,
    MachineKeyNotFound,
    MachineKeyOfAnother,
    NewMachineKey,
    read,
)
from chalicelib.domain.people.devices import Source
from chalicelib.domain.people.security_events import EventKind, SecurityEvent
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.remembered import Known
from chalicelib.services import events
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.machines import machines
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.people import issued_keys
from chalicelib.services.retries import until_won
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage.machines import machine_keys as storage


def create(
    actor: Actor,
    machine_id: str,
    new: NewMachineKey,
    request: Request,
    source: Source,
    present: Callable[[MachineKey], Any],
) -> Answer:
    """Make a key for a machine. It is in this answer only: a repeated request is answered without it.

    Costs a read and a transaction. Raises MachineNotFound.
    """

    def prepare() -> Prepared:
        machine = machines.read(actor, machine_id)
        text = issued_keys.new_text(MACHINE, actor.tenant, machine.id)
        key = MachineKey(
            id=text.key_id,
            machine_id=machine.id,
            name=new.name,
            digest=text.digest,
            created_at=clock.now(),
            created_by=actor.user_id,
        )
        shown = {} if request.dry_run else {"key": str(text)}
        happened = _event(EventKind.MACHINE_KEY_CREATED, key, source, actor)
        answer = Answer(present(key), created=True, shown_once=shown)
        return Prepared(answer, storage.put(actor.tenant, key), happened)

    return carry_out(actor, "create_machine_key", new, request, prepare, target=machine_id)


def page(actor: Actor, machine_id: str, *, limit: int, cursor: str | None) -> ListPage[MachineKey]:
    """A page of a machine's keys, oldest first, revoked ones too. Costs one query, and one read if there are none.

    Raises MachineNotFound, BadCursor.
    """
    found = storage.page(actor.tenant, machine_id, limit=limit, cursor=cursor)
    if not found.items:
        machines.read(actor, machine_id)
    return page_of(found, MachineKey)


def revoke(actor: Actor, machine_id: str, key_id: str, source: Source) -> MachineKey:
    """Revoke a key; it is refused everywhere within a minute. A key that is revoked already stays as it is.

    Costs a read and a transaction. Raises MachineKeyNotFound.
    """

    def attempt() -> MachineKey:
        key = storage.find_all(actor.tenant, [(machine_id, key_id)]).get((machine_id, key_id))
        if key is None:
            raise MachineKeyNotFound(say("GET /machines/{{id}}/keys lists the keys of a machine."))
        if key.revoked_at is None:
            key = key.revoked(clock.now())
            happened = _event(EventKind.MACHINE_KEY_REVOKED, key, source, actor)
            events.record(actor.tenant, happened, storage.put(actor.tenant, key))
            _known.forget()
        return key

    return until_won(attempt)


def authenticate(text: str, machine_id: str, source: Source) -> KeyHolder:
    """The machine that sent a key, for a request about a machine.

    A right key is never blocked by the failures of others, because nobody can guess one. Failures are counted and
    recorded like those of a sign-in. Costs no request if the key was read in the last minute, and one write a day.
    Raises MachineKeyInvalid, TooManyAttempts, MachineKeyOfAnother.
    """
    sent = read(text)
    name = sent.tenant, _joined(sent.holder_id, sent.key_id)
    key = _known.find([name]).get(name)
    if key is None or not key.is_shown_by(sent):
        refused = _event(EventKind.MACHINE_KEY_REFUSED, key, source) if key else None
        issued_keys.count_failure(sent, source, refused)
        raise MachineKeyInvalid(ASK_FOR_ANOTHER)
    if key.machine_id != machine_id:
        form = "Send the readings of {machine_id} to its own path, or make another key."
        raise MachineKeyOfAnother(say(form, machine_id=key.machine_id))
    if issued_keys.note_use(key, lambda after: storage.put(sent.tenant, after)):
        _known.forget()
    return KeyHolder(sent.tenant, key.machine_id, key.id)


def _event(kind: EventKind, key: MachineKey, source: Source, actor: Actor | None = None) -> SecurityEvent:
    detail = {"machine_id": key.machine_id, "key_id": key.id}
    return events.event(kind, actor_id=actor.user_id if actor else None, source=source, detail=detail)


def _joined(machine_id: str, key_id: str) -> str:
    return f"{machine_id}/{key_id}"


def _read(tenant: str, names: Iterable[str]) -> dict[str, MachineKey]:
    """Read keys by their joined names."""
    parts = [name.split("/") for name in names]
    found = storage.find_all(tenant, [(machine_id, key_id) for machine_id, key_id in parts])
    return {_joined(*name): key for name, key in found.items()}


_known = Known(_read)
