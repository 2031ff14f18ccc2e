"""What the numbers of machines are made of: their calendars, their states, and the sessions that name them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from chalicelib.domain.errors import BadParameter
from chalicelib.domain.intervals import local_day
from chalicelib.domain.machines.joined import MICROSECOND, cut_hours, pieces_of
from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.machines.readings import DEFAULT_SENSOR, hour_of
from chalicelib.domain.machines.rollups import HOUR, Rollup
from chalicelib.domain.machines.timelines import timeline, vague
from chalicelib.domain.markers import MachineHour
from chalicelib.domain.numbers.calendars import DEFAULT, Calendar
from chalicelib.domain.numbers.day_facts import SessionFact
from chalicelib.domain.numbers.machine_oee import Look, Observed, edges
from chalicelib.domain.numbers.machine_time import Worked
from chalicelib.domain.numbers.oee import Booked, Ended
from chalicelib.domain.sentences import say
from chalicelib.services.tenants import settings_of
from chalicelib.storage.machines import chunks, rollups
from chalicelib.storage.numbers import aggregates, calendars
from chalicelib.storage.orders import stages

DAY = timedelta(days=1)
MOST_HOURS = 100
"""The most hours in a request that are read reading by reading."""
_STATE = ("state",)


@dataclass(frozen=True)
class _Sessions:
    """The sessions of a machine: their times, by their id what was made in each, and their parts by day."""

    worked: list[Worked] = field(default_factory=list)
    ended: dict[str, Ended] = field(default_factory=dict)
    facts: list[tuple[str, SessionFact]] = field(default_factory=list)


def observed(tenant: str, machines: Sequence[Machine], look: Look) -> list[Observed]:
    """Read what is known of machines in a window, in their order.

    Costs a request for each 100 calendars, a query for each local day and, with `look.sessions`, one of the stages that
    are worked on; and for each machine a query for each month, one more for each further MB, and one for each hour that
    an end of a shift or a break cuts and whose rollup does not tell when its state changed. Raises BadParameter if
    there are more than 100 such hours.
    """
    known = calendars.find_all(tenant, {DEFAULT, *(machine.id for machine in machines)})
    sessions = _sessions(tenant, look)
    left = MOST_HOURS
    found = []
    for machine in machines:
        calendar = known.get(machine.id) or known.get(DEFAULT)
        pieces, left = _pieces(tenant, machine.id, calendar, look, left)
        own = sessions[machine.id]
        states = timeline(pieces, look.end, settings_of(tenant).max_carry)
        found.append(Observed(machine, calendar, states, own.worked, list(own.ended.values()), own.facts))
    return found


def _pieces(tenant: str, machine_id: str, calendar: Calendar | None, look: Look, left: int) -> tuple[list[Rollup], int]:
    """The pieces of a machine's state up to the end of the window, and how many hours may still be read by reading."""
    since, until = look.window[0] - settings_of(tenant).max_carry, look.end
    if until <= look.window[0]:
        return [], left
    hours = hour_of(since), hour_of(until - MICROSECOND) + HOUR
    whole = list(rollups.between(tenant, machine_id, *hours, (DEFAULT_SENSOR,), _STATE))
    cut = cut_hours(edges(calendar, look))
    by_reading = [made.hour for made in whole if made.hour in cut and vague(made.rollup)]
    if len(by_reading) > left:
        form = (
            "from and to are too far apart: in more than {most} hours the states changed too often for one request, "
            "or were stored by an earlier release."
        )
        raise BadParameter(say(form, most=MOST_HOURS))
    pieces = [made.rollup for made in whole if made.hour not in by_reading]
    for hour in by_reading:
        readings = chunks.readings_of(tenant, MachineHour(machine_id, hour))
        states = [each for each in readings if each.sensor == DEFAULT_SENSOR and each.type in _STATE]
        pieces += pieces_of(states, cut[hour])
    return pieces, left - len(by_reading)


def _sessions(tenant: str, look: Look) -> dict[str, _Sessions]:
    """The sessions of all machines in a window, by machine. Open ones are read only if their time counts."""
    sessions: dict[str, _Sessions] = defaultdict(_Sessions)
    for session_id, fact in _facts(tenant, look):
        if fact.machine_id:
            own = sessions[fact.machine_id]
            own.facts.append((session_id, fact))
            own.worked.append(((fact.started_at, fact.ended_at), fact.kind))
            # The part of its last day is the one with its end and its pieces, and it is read last.
            own.ended[session_id] = (
                fact.ended_at,
                Booked(fact.good, sum((fact.scrap or {}).values(), Decimal(0)), fact.rework, fact.standard),
            )
    for stage in stages.at_work(tenant) if look.sessions else ():
        for session in stage.open_sessions:
            if session.machine_id:
                sessions[session.machine_id].worked.append(((session.started_at, look.end), session.kind))
    return sessions


def _facts(tenant: str, look: Look) -> Iterator[tuple[str, SessionFact]]:
    """The facts of the sessions of the days of a window, by day."""
    day, last = local_day(look.window[0], look.timezone), local_day(look.end, look.timezone)
    while day <= last:
        yield from aggregates.sessions_of(tenant, day)
        day += DAY
