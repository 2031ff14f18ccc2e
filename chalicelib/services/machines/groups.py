"""Groups: the readings of a batch of messages by machine and hour, as they become chunks."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.errors import FieldError
from chalicelib.domain.machines.births import Run, read_with
from chalicelib.domain.machines.chunks import expires_at, noted, pack
from chalicelib.domain.machines.messages import Message
from chalicelib.domain.machines.quarantine import Quarantined, set_aside
from chalicelib.domain.machines.readings import Reading, by_machine_hour
from chalicelib.domain.markers import MachineHour
from chalicelib.services.machines.edge_messages import Named
from chalicelib.services.tenants import settings_of
from chalicelib.storage.machines.chunks import HourChunk

BODIES_BYTES = 64 * 1024
"""Of messages that were read with a birth so many are in a chunk, to be read again. One more may be larger: 256 KB."""


@dataclass(frozen=True)
class Arrived:
    """A message from a queue, or from quarantine; then `among` are the places of its readings not yet accepted.

    `requests` are the ids of the requests for which it was sent.
    """

    body: str
    sent_at: datetime
    among: frozenset[str] | None = None
    requests: tuple[str, ...] = field(default=(), compare=False)


@dataclass
class Opened:
    """A decoded message, its valid readings and its errors.

    `tenant` is None if the message belongs to no existing tenant. `to_judge` are the hours in which its readings may
    change an alarm, and when each can be judged. `named` says which births gave its metrics their names (None: it came
    with them). `nulls` and `doubtful` count metrics as `Ingested` does.
    """

    arrived: Arrived
    message: Message
    tenant: str | None = None
    readings: tuple[Reading, ...] = ()
    problems: list[FieldError] = field(default_factory=list)
    to_judge: Mapping[datetime, datetime] = field(default_factory=dict)
    nulls: int = 0
    doubtful: int = 0
    named: Named | None = None

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


def grouped(opened: Iterable[Opened]) -> list[Group]:
    """Group the valid readings of all messages by machine and hour of device time, packed into chunks.

    Readings that were read with a birth are apart, so that they can be read again.
    """
    groups: dict[tuple[str, MachineHour, tuple[Run, int] | None], tuple[list[Reading], list[Opened]]] = {}
    bodies: Counter[tuple[str, str, Run]] = Counter()
    for source in opened:
        if source.tenant is None:
            continue
        how: tuple[Run, int] | None = None
        if source.named is not None:
            births = source.tenant, source.message.machine_id, source.named.run
            how = source.named.run, bodies[births] // BODIES_BYTES
            bodies[births] += len(source.arrived.body)
        for hour, readings in by_machine_hour(source.readings).items():
            together, sources = groups.setdefault((source.tenant, hour, how), ([], []))
            together += readings
            sources.append(source)
    return [
        Group(tenant, hour, _packed(tenant, hour, together, sources), sources)
        for (tenant, hour, _), (together, sources) in groups.items()
    ]


def _packed(tenant: str, hour: MachineHour, readings: Iterable[Reading], sources: Iterable[Opened]) -> list[HourChunk]:
    end = expires_at(hour.hour, settings_of(tenant).readings_kept)
    packed = pack(readings)
    to_read_again = [(source.named, source.arrived) for source in sources if source.named is not None]
    if to_read_again:
        bodies = [(named.sent, arrived.body, arrived.sent_at) for named, arrived in to_read_again]
        packed = noted(packed, read_with(to_read_again[0][0].run.names, bodies))
    return [HourChunk(tenant, hour, chunk, end) for chunk in packed]
