"""Alarms as issues: what stands in the issue of an alarm, in its notes, and in the event."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from chalicelib.domain.instants import wire
from chalicelib.domain.machines.alarms import Told
from chalicelib.domain.machines.excursions import AlarmKind, Cause, Excursion
from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.machines.readings import moment
from chalicelib.domain.orders.issues import IssueType, NewIssue
from chalicelib.domain.people.users import TAKIP, Actor, Role
from chalicelib.domain.priorities import Priority
from chalicelib.domain.telling.events import Event, EventType

ISSUE_TYPE = IssueType.MACHINE_FAILURE
"""The type of every issue of an alarm. A machine has one open issue of a type at most."""


def nobody(tenant: str) -> Actor:
    """Who reports an alarm and writes its notes."""
    return Actor(tenant, TAKIP, Role.PLANNER)


def reported(machine: Machine, excursion: Excursion) -> NewIssue:
    """The report of values beyond a limit."""
    cause = excursion.cause
    sign, unit = (">" if cause.kind is AlarmKind.ABOVE else "<"), unit_of(machine, cause)
    values = f"{excursion.value:.15g} {sign} {cause.limit:.15g} {unit or ''}".rstrip()
    return NewIssue(ISSUE_TYPE, f"{_series(cause)}: {values}, {span(excursion.since, excursion.until)}", Priority.HIGH)


def silent(since: datetime) -> NewIssue:
    """The report of a machine that sends nothing."""
    return NewIssue(ISSUE_TYPE, f"No readings since {wire(since)}", Priority.HIGH)


def taken_back(told: Told) -> str:
    """The note on an alarm that late readings disprove."""
    about = "silence" if told.cause.kind is AlarmKind.SILENT else f"{_series(told.cause)} {told.cause.kind} its limit"
    return f"No alarm any more: {about}, {span(told.since, told.until)}. Readings that arrived late disprove it"


def told_to_others(machine: Machine, told: Told, value: float | None, tenant: str, identity: str) -> Event:
    """The event of an alarm. `value` is the farthest one, if there is one."""
    cause, since = told.cause, moment(told.since)
    data: dict[str, Any] = {
        "machine_id": machine.id,
        "alarm": cause.kind.value,
        "sensor": cause.sensor or None,
        "reading_type": cause.type or None,
        "limit": None if cause.kind is AlarmKind.SILENT else _decimal(cause.limit),
        "value": _decimal(value),
        "unit": unit_of(machine, cause),
        "since": wire(since),
        "until": wire(moment(told.until)),
        "issue_id": told.issue_id,
        "by": None,
        "reason": None,
    }
    return Event(identity, EventType.MACHINE_ALARM, tenant, since, machine.id, data)


def unit_of(machine: Machine, cause: Cause) -> str | None:
    """The unit of the values of a sensor with limits; None if they have none."""
    units = {(sensor.sensor, sensor.type): sensor.measured_in for sensor in machine.sensors}
    return units.get((cause.sensor, cause.type))


def span(since: int, until: int) -> str:
    """Two instants of microseconds since 1970, as text."""
    return f"{wire(moment(since))} – {wire(moment(until))}"


def _series(cause: Cause) -> str:
    return f"{cause.sensor} {cause.type}"


def _decimal(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(f"{number:.15g}")
