"""Readings over HTTP: sent ones are checked at once and go to the queue of all machines; stored ones are read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib import clock
from chalicelib.domain.errors import FieldError, InvalidFields
from chalicelib.domain.instants import parse, wire
from chalicelib.domain.machines.messages import MAPPED_LATER, check, encode, unfold
from chalicelib.domain.machines.quarantine import set_aside
from chalicelib.domain.machines.readings import Reading
from chalicelib.domain.machines.windows import LONGEST, place_of, window
from chalicelib.domain.markers import MachineHour
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.outbound import queue
from chalicelib.services.machines import known_machines, machines
from chalicelib.services.pages import ListPage
from chalicelib.services.tenants import settings_of
from chalicelib.storage import cursors
from chalicelib.storage.machines import chunks, quarantine

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Sent:
    """The result of a message: how many readings were accepted, how many went to quarantine, and why."""

    accepted: int
    quarantined: int
    errors: tuple[FieldError, ...]


@dataclass(frozen=True)
class ReadingFilters:
    """What is asked for: a machine, sensors and types (empty: all), and a window of device time of 24 hours at most."""

    machine_id: str
    sensors: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None


def page(actor: Actor, filters: ReadingFilters, *, limit: int, cursor: str | None) -> ListPage[Reading]:
    """A page of a machine's readings as they were sent, each once, by device time.

    Costs one query for each hour until the page is full, 25 at most, and one read if the machine was not read in the
    last minute. A query reads the whole hour. Raises MachineNotFound, BadParameter, BadCursor.
    """
    machine_id = known_machines.get(actor.tenant, filters.machine_id).id
    bound = cursors.list_id("readings", actor.tenant, *(_asked(filters)))
    place = cursors.opened(cursor, bound) if cursor else None
    # Every page has the window of the first, also if it was the last hour then.
    since, until = (parse(place["since"]), parse(place["until"])) if place else (filters.since, filters.until)
    wanted = window(since, until, clock.now(), filters.sensors, filters.types)
    after = tuple(json.loads(place["after"])) if place else None
    found: list[Reading] = []
    for hour in wanted.hours(after):
        found += wanted.among(chunks.readings_of(actor.tenant, MachineHour(machine_id, hour)), after)
        if len(found) > limit:
            last = json.dumps(place_of(found[limit - 1]))
            ended = {"since": wire(wanted.since), "until": wire(wanted.until), "after": last}
            return ListPage(found[:limit], cursors.sealed(ended, bound))
    return ListPage(found, None)


def newest(actor: Actor, machine_id: str, limit: int) -> list[Reading]:
    """The newest readings of a machine, newest first, of 24 hours.

    They are the last 24 hours, or if it sent nothing in them, those up to its newest reading.

    Costs one request, and one query for each hour until there are enough, 25 at most. Raises MachineNotFound.
    """
    now = clock.now()
    last = machines.read_with_latest(actor, machine_id).latest.last_at or now
    until = (now if now - LONGEST < last <= now else last) + MICROSECOND
    wanted = window(until - LONGEST, until, now, (), ())
    found: list[Reading] = []
    for hour in reversed(list(wanted.hours(None))):
        found += reversed(wanted.among(chunks.readings_of(actor.tenant, MachineHour(machine_id, hour)), None))
        if len(found) >= limit:
            break
    return found[:limit]


def _asked(filters: ReadingFilters) -> tuple[object, ...]:
    """Everything that decides which readings are listed."""
    return filters.machine_id, sorted(filters.sensors), sorted(filters.types), filters.since, filters.until


def send(tenant: str, machine_id: str, body: Mapping[str, object], *, dry_run: bool = False) -> Sent:
    """Accept a machine's message: wrong readings go to quarantine, valid ones to the queue.

    Raises MachineNotFound, StorageUnavailable, ReadingsUnavailable, and InvalidFields if no reading can be used, and
    none waits until its tag is mapped.
    """
    machine = known_machines.get(tenant, machine_id)
    spoken_for = {"tenant": tenant, "machine_id": machine_id}
    strange = [name for name, own in spoken_for.items() if body.get(name, own) != own]
    if strange:
        raise InvalidFields(
            [FieldError(name, say("must be the machine_id of the path, or be left out"), "other") for name in strange]
        )
    message, now = unfold({**body, **spoken_for}), clock.now()
    checked = check(message, machine, now, settings_of(tenant).readings_kept)
    if not checked.readings and not any(problem.code in MAPPED_LATER for problem in checked.problems):
        raise InvalidFields(checked.problems)
    sent = Sent(len(checked.readings), len(message.parts) - len(checked.readings), checked.problems)
    if dry_run:
        return sent
    if checked.readings:
        queue.send(encode(tenant, machine_id, checked.readings))
    if checked.problems:  # last: of what is in quarantine, the good readings were accepted
        # Without an escape or a blank it is not larger than it was sent, so it is never too large to be taken in later.
        original = json.dumps({**body, **spoken_for}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        quarantine.write(tenant, [set_aside(original, now, machine_id, checked.problems)])
    return sent
