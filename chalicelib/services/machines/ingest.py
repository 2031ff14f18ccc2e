"""Ingest: writes messages of machines as chunks and markers, then into quarantine. A crash in between loses nothing.

Every step may be repeated: the key of a chunk or a message in quarantine is the digest of its content, and a second
marker or timer only repeats work. Quarantine is last: however much of it there is, the numbers of others do not wait.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib import clock
from chalicelib.domain.errors import FieldError
from chalicelib.domain.machines.excursions import to_judge
from chalicelib.domain.machines.machines import Machine, MachineStatus
from chalicelib.domain.machines.messages import CLOSED_TENANT, UNKNOWN_TENANT, check, decode
from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.domain.markers import MachineHour
from chalicelib.domain.sentences import say
from chalicelib.domain.timers import Timer, Watched
from chalicelib.observability import logger
from chalicelib.services import tenants
from chalicelib.services.machines import edge_messages, known_machines
from chalicelib.services.machines.edge_messages import EdgeMessage
from chalicelib.services.machines.groups import Arrived, Group, Opened, grouped
from chalicelib.services.tenants import settings_of
from chalicelib.storage import markers, timers
from chalicelib.storage.machines import chunks, quarantine
from chalicelib.storage.machines.chunks import ChunksRefused

REFUSED = FieldError("", say("holds readings that storage refuses"), "refused_by_storage")


@dataclass(frozen=True)
class Ingested:
    """The result of a batch: the numbers of valid readings (with repetitions), chunks, and messages with errors.

    `strays` counts the messages with errors that belong to no tenant. `nulls` and `doubtful` count the metrics of edge
    nodes that are no readings: those without a value, and those whose quality is not good.
    """

    readings: int
    chunks: int
    quarantined: int
    strays: int = 0
    nulls: int = 0
    doubtful: int = 0


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
        nulls=sum(source.nulls for source in opened),
        doubtful=sum(source.doubtful for source in opened),
    )


def store(opened: Sequence[Opened]) -> int:
    """Write the valid readings of messages as chunks, then markers, then timers. Returns the number of chunks.

    A message with readings that storage refuses has one error more. Raises StorageUnavailable.
    """
    groups = grouped(opened)
    for source in _write_chunks(groups):
        source.problems.append(REFUSED)
    _mark(groups)
    _watch(opened)
    return sum(len(group.chunks) for group in groups)


def open_all(batch: Iterable[Arrived]) -> list[Opened]:
    """Decode and check every message. All machines are read together."""
    opened = [Opened(arrived, decode(arrived.body)) for arrived in batch]
    existing = tenants.among(source.message.tenant for source in opened if source.message.tenant is not None)
    closed = tenants.closed_among(existing)
    for source in opened:
        source.tenant = source.message.tenant if source.message.tenant in existing else None
    machines = known_machines.find(
        (source.tenant, source.message.machine_id)
        for source in opened
        if source.tenant is not None and source.tenant not in closed and not source.message.problems
    )
    # Settings are read only for tenants with a known machine; the other messages do not need them.
    kept = {tenant: settings_of(tenant).readings_kept for tenant in {tenant for tenant, _ in machines}}
    _sort_out(opened, machines)
    now = clock.now()
    for source in opened:
        if source.tenant is None:
            source.problems.extend(source.message.problems or [UNKNOWN_TENANT])
            continue
        if source.tenant in closed:
            source.problems.append(CLOSED_TENANT)
            continue
        machine = machines.get((source.tenant, source.message.machine_id))
        came = source.arrived
        checked = check(source.message, machine, now, kept.get(source.tenant), sent_at=came.sent_at, among=came.among)
        source.readings = checked.readings
        source.problems.extend(checked.problems)
        if machine is not None:
            source.to_judge = to_judge(machine, checked.readings, now, settings_of(source.tenant))
    return opened


def _sort_out(opened: Iterable[Opened], machines: Mapping[tuple[str, str], Machine]) -> None:
    """Make readings of what edge nodes published of machines in use. Births are stored first."""
    ours: list[Opened] = []
    messages: list[EdgeMessage] = []
    for source in opened:
        published, name = source.message.published, (source.tenant or "", source.message.machine_id)
        if published is not None and name in machines and machines[name].status is not MachineStatus.RETIRED:
            ours.append(source)
            messages.append(EdgeMessage(*name, published, source.arrived.sent_at))
    for source, (found, named) in zip(ours, edge_messages.read_all(messages), strict=True):
        source.message = replace(source.message, parts=found.parts, places=found.places)
        source.problems.extend(found.problems)
        source.nulls, source.doubtful, source.named = found.nulls, found.doubtful, named


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
    """Write markers with the machine-hours of new readings, and with the requests that brought them."""
    touched: dict[str, dict[MachineHour, list[str]]] = {}
    for group in groups:
        brought = touched.setdefault(group.tenant, {}).setdefault(group.hour, [])
        brought += [each for source in group.sources for each in source.arrived.requests]
    for tenant, hours in touched.items():
        markers.write_hours(tenant, hours, clock.now(), hours)


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
