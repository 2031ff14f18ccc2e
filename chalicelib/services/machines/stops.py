"""Stops of machines: listing them, and explaining them afterwards."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib import clock, ids
from chalicelib.domain.intervals import Interval
from chalicelib.domain.machines.joined import MICROSECOND
from chalicelib.domain.machines.readings import DEFAULT_SENSOR, hour_of
from chalicelib.domain.machines.rollups import HOUR, Rollup
from chalicelib.domain.machines.stops import ExplainStop, Explanation, StopPart, explained, parts, stopped
from chalicelib.domain.machines.windows import ends, refuse_wrong
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.machines import known_machines
from chalicelib.services.pages import ListPage, part_of
from chalicelib.services.tenants import settings_of
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage import cursors
from chalicelib.storage.machines import rollups
from chalicelib.storage.machines import stops as storage

USUAL, LONGEST, LONGEST_OF_ALL = timedelta(days=1), timedelta(days=31), timedelta(days=1)
STATE = ("state",)


@dataclass(frozen=True)
class StopFilters:
    """What is asked for: the stops of a machine (None: of all), those with a reason or without (None: both), a window.

    The window has 31 days at most for one machine, 24 hours for all.
    """

    machine_id: str | None = None
    with_reason: bool | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class _Told:
    """What is known of a machine: the rollups of its state, and the explanations of its stops."""

    pieces: list[Rollup]
    explanations: list[Explanation]


def explain(
    actor: Actor, machine_id: str, wanted: ExplainStop, request: Request, present: Callable[[Explanation], Any]
) -> Answer:
    """Say why a machine was stopped in a time. What was said before about this time does not hold any more.

    Costs a transaction, and a read each for the machine and the settings if they were not read in the last minute.
    Raises MachineNotFound, InvalidFields.
    """

    def prepare() -> Prepared:
        machine = known_machines.get(actor.tenant, machine_id)
        settings = settings_of(actor.tenant)
        made = explained(wanted, machine.id, ids.new(), actor.user_id, clock.now(), settings)
        return Prepared(Answer(present(made), created=True), storage.creation(actor.tenant, made))

    return carry_out(actor, "explain_stop", wanted, request, prepare, target=machine_id)


def page(actor: Actor, filters: StopFilters, *, limit: int, cursor: str | None) -> ListPage[StopPart]:
    """A page of the stops that touch a window, by their start; by default the last 24 hours.

    Each page reads the whole window, and what came before it for as long as a state holds. Costs one query of the
    explanations, and one for each month (of a machine) or each day (of all); one more for each further MB.
    Raises BadParameter, BadCursor.
    """
    now, settings = clock.now(), settings_of(actor.tenant)
    since, until = ends(filters.since, filters.until, now, USUAL)
    refuse_wrong(since, until, LONGEST if filters.machine_id else LONGEST_OF_ALL)
    asked = filters.machine_id, filters.with_reason, filters.since, filters.until
    bound = cursors.list_id("stops", actor.tenant, *asked)
    found = _stops(actor.tenant, filters, (since, min(until, now)), now, settings)
    in_order = sorted(found, key=lambda part: part.place)
    return part_of(in_order, lambda part: part.place, bound, limit=limit, cursor=cursor)


def touching(tenant: str, machine_id: str | None, window: Interval) -> list[StopPart]:
    """The stops of a machine, or of all, that touch a window that is over. Costs as a page of them."""
    return list(_stops(tenant, StopFilters(machine_id), window, clock.now(), settings_of(tenant)))


def stops_of(tenant: str, machine_id: str, pieces: list[Rollup], hours: Interval, end: datetime) -> list[StopPart]:
    """The stops of a machine up to `end`, from the pieces of its state in these hours. Costs one query."""
    settings = settings_of(tenant)
    told = _Told(pieces, list(storage.of_machine(tenant, machine_id, *hours)))
    return list(_parts(machine_id, told, end, settings))


def _parts(machine_id: str, told: _Told, end: datetime, settings: TenantSettings) -> Iterator[StopPart]:
    """The stops of a machine up to `end`, and what was said about them."""
    times = stopped(told.pieces, end, settings.max_carry)
    return parts(machine_id, times, told.explanations, end, settings.stop_reason_after)


def _stops(
    tenant: str, filters: StopFilters, window: Interval, now: datetime, settings: TenantSettings
) -> Iterator[StopPart]:
    """The stops that touch a window, as the filters want them."""
    since, until = window
    if until <= since:
        return
    hours = hour_of(since - settings.max_carry), hour_of(until - MICROSECOND) + HOUR
    end = min(hours[1], now)
    for machine_id, told in _told(tenant, filters.machine_id, hours).items():
        for part in _parts(machine_id, told, end, settings):
            touches = part.started_at < until and (part.ended_at or end) > since
            if touches and filters.with_reason in (None, part.explanation is not None):
                yield part


def _told(tenant: str, machine_id: str | None, hours: Interval) -> dict[str, _Told]:
    """What is known of a machine in these hours, or of each machine that told its state in them."""
    if machine_id is not None:
        of_hours = rollups.between(tenant, machine_id, *hours, (DEFAULT_SENSOR,), STATE)
        pieces = [made.rollup for made in of_hours]
        return {machine_id: _Told(pieces, list(storage.of_machine(tenant, machine_id, *hours)))}
    told: dict[str, _Told] = defaultdict(lambda: _Told([], []))
    for made in rollups.of_states(tenant, *hours):
        told[made.machine_id].pieces.append(made.rollup)
    for explanation in storage.of_all(tenant, *hours):
        told[explanation.machine_id].explanations.append(explanation)
    return told
