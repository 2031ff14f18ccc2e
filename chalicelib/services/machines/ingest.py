"""Ingest: writes messages of machines as chunks and markers, then into quarantine. A crash in between loses nothing.

Every step may be repeated: the key of a chunk or a message in quarantine is the digest of its content, and a second
marker or timer only repeats work. Quarantine is last: however much of it there is, the numbers of others do not wait.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib import clock
from chalicelib.domain.errors import FieldError
from chalicelib.domain.machines.chunks import expires_at, pack
from chalicelib.domain.machines.excursions import to_judge
from chalicelib.domain.machines.messages import UNKNOWN_TENANT, Message, check, decode
from chalicelib.domain.machines.quarantine import Quarantined, set_aside
from chalicelib.domain.machines.readings import Reading, by_machine_hour
from chalicelib.domain.markers import MachineHour
from chalicelib.domain.timers import Timer, Watched
from chalicelib.observability import logger
from chalicelib.services import tenants
from chalicelib.services.machines import known_machines
from chalicelib.services.tenants import settings_of
from chalicelib.storage import markers, timers
from chalicelib.storage.machines import chunks, quarantine
from chalicelib.storage.machines.chunks import ChunksRefused, HourChunk

REFUSED = FieldError("", "holds readings that storage refuses", "refused_by_storage")


@dataclass(frozen=True)
class Arrived:
    """A message from a queue, or from quarantine; then `among` are the places of its readings not yet accepted."""

    body: str
    sent_at: datetime
    among: frozenset[str] | None = None


@dataclass(frozen=True)
class Ingested:
    """The result of a batch: the numbers of valid readings (with repetitions), chunks, and messages with errors.

    `strays` counts the messages with errors that belong to no tenant.
    """

    readings: int
    chunks: int
    quarantined: int
    strays: int = 0


@dataclass
class Opened:
    """A decoded message, its valid readings and its errors.

    `tenant` is None if the message belongs to no existing tenant. `to_judge` are the hours in which its readings may
    change an alarm, and when each can be judged.
    """

    arrived: Arrived
    message: Message
    tenant: str | None = None
    readings: tuple[Reading, ...] = ()
    problems: list[FieldError] = field(default_factory=list)
    to_judge: Mapping[datetime, datetime] = field(default_factory=dict)

    def aside(self) -> Quarantined:
        """The message as it stands in quarantine."""
        return set_aside(self.arrived.body, self.arrived.sent_at, self.message.machine_id, self.problems)


@dataclass(frozen=True)
class Group:
    """The readings of one machine and hour in a batch, as chunks, and the messages that they came in."""

    tenant: str
    hour: MachineHour
    chunks: Sequence[HourChunk]
    sources: Sequence[Opened]


def ingest(batch: Iterable[Arrived]) -> Ingested:
    """Take in a batch of messages: write chunks, write markers, then timers, put wrong messages into quarantine.

    Raises StorageUnavailable; then the queue delivers the batch again.
    """
    opened = open_all(dict.fromkeys(batch))
    written = store(opened)
    wrong = [source for source in opened if source.problems]
    set_aside_all(wrong)
    return Ingested(
        readings=sum(len(source.readings) for source in opened),
        chunks=written,
        quarantined=len(wrong),
        strays=sum(source.tenant is None for source in wrong),
    )


def store(opened: Sequence[Opened]) -> int:
    """Write the valid readings of messages as chunks, then markers, then timers. Returns the number of chunks.

    A message with readings that storage refuses has one error more. Raises StorageUnavailable.
    """
    groups = _grouped(opened)
    for source in _write_chunks(groups):
        source.problems.append(REFUSED)
    _mark(groups)
    _watch(opened)
    return sum(len(group.chunks) for group in groups)


def open_all(batch: Iterable[Arrived]) -> list[Opened]:
    """Decode and check every message. All machines are read together."""
    opened = [Opened(arrived, decode(arrived.body)) for arrived in batch]
    existing = tenants.among(source.message.tenant for source in opened if source.message.tenant is not None)
    for source in opened:
        source.tenant = source.message.tenant if source.message.tenant in existing else None
    machines = known_machines.find(
        (source.tenant, source.message.machine_id)
        for source in opened
        if source.tenant is not None and not source.message.problems
    )
    # Settings are read only for tenants with a known machine; the other messages do not need them.
    kept = {tenant: settings_of(tenant).readings_kept for tenant in {tenant for tenant, _ in machines}}
    now = clock.now()
    for source in opened:
        if source.tenant is None:
            source.problems.extend(source.message.problems or [UNKNOWN_TENANT])
            continue
        machine = machines.get((source.tenant, source.message.machine_id))
        came = source.arrived
        checked = check(source.message, machine, now, kept.get(source.tenant), sent_at=came.sent_at, among=came.among)
        source.readings = checked.readings
        source.problems.extend(checked.problems)
        if machine is not None:
            source.to_judge = to_judge(machine, checked.readings, now, settings_of(source.tenant))
    return opened


def _grouped(opened: Iterable[Opened]) -> list[Group]:
    """Group the valid readings of all messages by machine and hour of device time, packed into chunks."""
    groups: dict[tuple[str, MachineHour], tuple[list[Reading], list[Opened]]] = {}
    for source in opened:
        if source.tenant is None:
            continue
        for hour, readings in by_machine_hour(source.readings).items():
            together, sources = groups.setdefault((source.tenant, hour), ([], []))
            together += readings
            sources.append(source)
    return [
        Group(tenant, hour, _packed(tenant, hour, together), sources)
        for (tenant, hour), (together, sources) in groups.items()
    ]


def _packed(tenant: str, hour: MachineHour, readings: Iterable[Reading]) -> list[HourChunk]:
    end = expires_at(hour.hour, settings_of(tenant).readings_kept)
    return [HourChunk(tenant, hour, chunk, end) for chunk in pack(readings)]


def _write_chunks(groups: Sequence[Group]) -> list[Opened]:
    """Write all chunks together. If storage refuses a chunk, write group by group.

    Returns the messages of the refused groups. Raises StorageUnavailable.
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


def set_aside_all(wrong: Iterable[Opened]) -> None:
    """Put messages into quarantine, whole and with all errors. Raises StorageUnavailable."""
    by_tenant: dict[str | None, list[Quarantined]] = {}
    for source in wrong:
        by_tenant.setdefault(source.tenant, []).append(source.aside())
    for tenant, messages in by_tenant.items():
        quarantine.write(tenant, messages)


def _mark(groups: Iterable[Group]) -> None:
    """Write markers with the machine-hours of new readings."""
    touched: dict[str, list[MachineHour]] = {}
    for group in groups:
        touched.setdefault(group.tenant, []).append(group.hour)
    for tenant, hours in touched.items():
        markers.write_hours(tenant, hours, clock.now())


def _watch(opened: Iterable[Opened]) -> None:
    """Write the timers with which hours of machines are judged for alarms. Most batches have none."""
    due: dict[tuple[str, str, datetime], datetime] = {}
    for source in opened:
        for hour, due_at in source.to_judge.items():
            place = (source.tenant or "", source.message.machine_id, hour)
            due[place] = max(due_at, due.get(place, due_at))
    if due:
        timers.write_all(
            [
                Timer(tenant, Watched.MACHINE_HOUR, machine_id, due_at, hour=hour)
                for (tenant, machine_id, hour), due_at in due.items()
            ]
        )
