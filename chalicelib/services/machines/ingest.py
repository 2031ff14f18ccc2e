"""Ingest: messages of machines become chunks and quarantine, then a marker; a crash between any two loses nothing.

Every step may be repeated: chunks and quarantine are keyed by what they hold, and one marker more is harmless.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib import clock, ids
from chalicelib.domain.errors import FieldError
from chalicelib.domain.machines.chunks import pack
from chalicelib.domain.machines.messages import UNKNOWN_TENANT, Message, check, decode
from chalicelib.domain.machines.quarantine import Quarantined, set_aside
from chalicelib.domain.machines.readings import Reading, by_machine_hour
from chalicelib.domain.markers import MachineHour, Marker
from chalicelib.observability import logger
from chalicelib.services import tenants
from chalicelib.services.machines import known_machines
from chalicelib.services.tenants import settings_of
from chalicelib.storage import markers
from chalicelib.storage.machines import chunks, quarantine
from chalicelib.storage.machines.chunks import ChunksRefused, HourChunk

HOURS_A_MARKER = 1_000
REFUSED = FieldError("", "holds readings that storage refuses", "refused_by_storage")


@dataclass(frozen=True)
class Arrived:
    """A message as a queue hands it over."""

    body: str
    sent_at: datetime


@dataclass(frozen=True)
class Ingested:
    """What a batch came to: good readings (repetitions and all), chunks written, messages with something set aside.

    `strays` are those of them that belong to no tenant.
    """

    readings: int
    chunks: int
    quarantined: int
    strays: int = 0


@dataclass
class Opened:
    """A message taken apart: what is good in it, and all that is wrong with it.

    `tenant` is whose it is; None where it belongs to none that is there.
    """

    arrived: Arrived
    message: Message
    tenant: str | None = None
    readings: tuple[Reading, ...] = ()
    problems: list[FieldError] = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    """The readings of a machine and hour in a batch as chunks, and the messages they came in."""

    tenant: str
    hour: MachineHour
    chunks: Sequence[HourChunk]
    sources: Sequence[Opened]


def ingest(batch: Iterable[Arrived]) -> Ingested:
    """Take a batch of messages: write chunks, set aside what is wrong, mark the hours, in this sequence.

    Raises StorageUnavailable: the queue hands the batch over again then.
    """
    opened = _opened(dict.fromkeys(batch))
    groups = _grouped(opened)
    for source in _write_chunks(groups):
        source.problems.append(REFUSED)
    wrong = [each for each in opened if each.problems]
    _set_aside(wrong)
    _mark(groups)
    return Ingested(
        readings=sum(len(each.readings) for each in opened),
        chunks=sum(len(group.chunks) for group in groups),
        quarantined=len(wrong),
        strays=sum(each.tenant is None for each in wrong),
    )


def _opened(batch: Iterable[Arrived]) -> list[Opened]:
    """Decode and check every message, against machines read in one go."""
    opened = [Opened(arrived, decode(arrived.body)) for arrived in batch]
    there = tenants.among(each.message.tenant for each in opened if each.message.tenant is not None)
    for each in opened:
        each.tenant = each.message.tenant if each.message.tenant in there else None
    machines = known_machines.find(
        (each.tenant, each.message.machine_id)
        for each in opened
        if each.tenant is not None and not each.message.problems
    )
    # Only of tenants that have such a machine: a setting is not worth a read where there is nothing to judge by it.
    kept = {tenant: settings_of(tenant).readings_kept for tenant in {tenant for tenant, _ in machines}}
    now = clock.now()
    for each in opened:
        if each.tenant is None:
            each.problems.extend(each.message.problems or [UNKNOWN_TENANT])
            continue
        machine = machines.get((each.tenant, each.message.machine_id))
        checked = check(each.message, machine, now, kept.get(each.tenant))
        each.readings = checked.readings
        each.problems.extend(checked.problems)
    return opened


def _grouped(opened: Iterable[Opened]) -> list[Group]:
    """Put the good readings of all messages together by machine and hour of device time, packed into chunks."""
    found: dict[tuple[str, MachineHour], tuple[list[Reading], list[Opened]]] = {}
    for each in opened:
        if each.tenant is None:
            continue
        for hour, readings in by_machine_hour(each.readings).items():
            together, sources = found.setdefault((each.tenant, hour), ([], []))
            together += readings
            sources.append(each)
    return [
        Group(tenant, hour, [HourChunk(tenant, hour, chunk) for chunk in pack(together)], sources)
        for (tenant, hour), (together, sources) in found.items()
    ]


def _write_chunks(groups: Sequence[Group]) -> list[Opened]:
    """Write all chunks together, or, where storage refuses something among them, group by group.

    Gives the messages of the groups that storage refuses. Raises StorageUnavailable.
    """
    try:
        chunks.write(chunk for group in groups for chunk in group.chunks)
    except ChunksRefused:
        logger().exception("storage refuses something in a batch; trying its machine-hours one by one")
        refused = [group for group in groups if _is_refused(group)]
        return list({id(source): source for group in refused for source in group.sources}.values())
    return []


def _is_refused(group: Group) -> bool:
    try:
        chunks.write(group.chunks)
    except ChunksRefused:
        return True
    return False


def _set_aside(wrong: Iterable[Opened]) -> None:
    """Put messages into quarantine, whole and with every reason."""
    by_tenant: dict[str | None, list[Quarantined]] = {}
    for each in wrong:
        aside = set_aside(each.arrived.body, each.arrived.sent_at, each.message.machine_id, each.problems)
        by_tenant.setdefault(each.tenant, []).append(aside)
    for tenant, messages in by_tenant.items():
        quarantine.write(tenant, messages)


def _mark(groups: Iterable[Group]) -> None:
    """Leave a marker naming the machine-hours touched; more than one only where an item would grow too large."""
    touched: dict[str, list[MachineHour]] = {}
    for group in groups:
        touched.setdefault(group.tenant, []).append(group.hour)
    for tenant, hours in touched.items():
        for start in range(0, len(hours), HOURS_A_MARKER):
            markers.write(Marker(ids.new(), tenant, machine_hours=tuple(hours[start : start + HOURS_A_MARKER])))
