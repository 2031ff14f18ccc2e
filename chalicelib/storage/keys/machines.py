"""Keys of machines, their latest values, births and alarms, chunks, rollups, and messages in quarantine."""

from datetime import datetime

from chalicelib.domain.instants import parse, wire
from chalicelib.storage.keys.shape import Key, month_of, of, time_key

STRAYS = "STRAYS"
"""The partition, and the GSI2 partition, of messages that belong to no tenant; nobody's but the operator's."""


def machines(tenant: str) -> str:
    """The partition of all machines."""
    return of(tenant, "MACHINES")


def machine(tenant: str, machine_id: str) -> Key:
    """One machine."""
    return Key(machines(tenant), f"MACHINE#{machine_id}")


def machine_changes(tenant: str, machine_id: str) -> Key:
    """The partition of a machine's own items, and the beginning of the sort keys of its changes."""
    return Key(of(tenant, "MACHINE", machine_id), "CHANGE#")


def machine_change(tenant: str, machine_id: str, version: int) -> Key:
    """The change that led to a version of a machine; changes are sorted by version."""
    partition, prefix = machine_changes(tenant, machine_id)
    return Key(partition, f"{prefix}{version:010d}")


def alarms(tenant: str, machine_id: str) -> Key:
    """The alarms of a machine of which people were told."""
    return Key(of(tenant, "MACHINE", machine_id), "ALARMS")


def latest(tenant: str, machine_id: str) -> Key:
    """The latest values of a machine."""
    return Key(of(tenant, "MACHINE", machine_id), "LATEST")


def machine_keys(tenant: str, machine_id: str) -> Key:
    """The partition of a machine's own items, and the beginning of the sort keys of its keys."""
    return Key(of(tenant, "MACHINE", machine_id), "KEY#")


def machine_key(tenant: str, machine_id: str, key_id: str) -> Key:
    """A key of a machine."""
    partition, prefix = machine_keys(tenant, machine_id)
    return Key(partition, f"{prefix}{key_id}")


def births(tenant: str, machine_id: str) -> Key:
    """The births of a machine that count, in one item."""
    return Key(of(tenant, "MACHINE", machine_id), "BIRTHS")


def birth(tenant: str, machine_id: str, at: datetime, names: str) -> Key:
    """A birth of a machine, by the time it was sent and the digest of what it says."""
    return Key(of(tenant, "MACHINE", machine_id), f"BIRTH#{time_key(at, names)}")


def births_between(first: datetime, last: datetime) -> tuple[str, str]:
    """The range of the sort keys of births from one instant to another, both included. `~` sorts after every digest."""
    return f"BIRTH#{time_key(first, '')}", f"BIRTH#{time_key(last, '~')}"


def metric_names(tenant: str, digest: str) -> Key:
    """What births say of their metrics, by a digest of it: machines of one make share it."""
    return Key(of(tenant, "METRIC_NAMES"), digest)


def chunks(tenant: str, machine_id: str, hour: datetime) -> str:
    """The partition of the chunks of a machine and hour of device time."""
    return of(tenant, "MACHINE", machine_id, _hour(hour))


def machine_of_chunks(partition: str) -> str:
    """The machine of a partition of chunks."""
    return partition.split("#")[3]


def chunk(tenant: str, machine_id: str, hour: datetime, first_at: datetime, digest: str) -> Key:
    """A chunk of readings. Its key is a digest of its content, so writing it again changes nothing."""
    return Key(chunks(tenant, machine_id, hour), f"CHUNK#{wire(first_at)}#{digest}")


def other_hours(tenant: str, machine_id: str) -> str:
    """GSI2 partition: the chunks of a machine that were read with births and sent in another hour than their own."""
    return of(tenant, "MACHINE", machine_id, "OTHER_HOURS")


def other_hour_at(sent_at: datetime, hour: datetime) -> str:
    """The sort key of such a chunk: when its last payload was sent, and its hour."""
    return time_key(sent_at, wire(hour))


def other_hour(sort_key: str) -> datetime:
    """The hour of such a chunk."""
    return parse(sort_key.rpartition("#")[2])


def rollups(tenant: str, machine_id: str, hour: datetime) -> str:
    """The partition of a machine's rollups in the month of this hour."""
    return of(tenant, "ROLLUP", machine_id, month_of(hour))


def rollup(tenant: str, machine_id: str, hour: datetime, sensor: str, type_name: str) -> Key:
    """The rollup of a sensor and type in an hour."""
    return Key(rollups(tenant, machine_id, hour), f"{rollups_from(hour)}{sensor}#{type_name}")


def rollups_from(hour: datetime) -> str:
    """The prefix of the sort keys of an hour's rollups. The keys of later hours sort after it."""
    return f"{_hour(hour)}#"


def states(tenant: str, hour: datetime) -> str:
    """GSI1 partition: the hours of a day in which machines told their state."""
    return of(tenant, "STATES", wire(hour)[:10])


def state(tenant: str, machine_id: str, hour: datetime) -> Key:
    """The place in GSI1 of the state of a machine in an hour."""
    return Key(states(tenant, hour), f"{rollups_from(hour)}{machine_id}")


def explanations(tenant: str, machine_id: str) -> str:
    """The partition of the explanations of a machine's stops: its own items."""
    return of(tenant, "MACHINE", machine_id)


def explanation(tenant: str, machine_id: str, started_at: datetime, identity: str) -> Key:
    """An explanation of a machine's stop, by its start."""
    return Key(explanations(tenant, machine_id), f"{explanations_from(started_at)}{identity}")


def explanations_from(instant: datetime) -> str:
    """The prefix of the sort keys of explanations that start at an instant. Those of later ones sort after it."""
    return f"STOP#{wire(instant)}#"


def all_explanations(tenant: str) -> str:
    """GSI1 partition: the explanations of all machines' stops, by their start."""
    return of(tenant, "STOPS")


def quarantined(tenant: str, sent_at: datetime, digest: str) -> Key:
    """A message in quarantine, by the day it was sent and a digest of it, so that redelivery changes nothing."""
    return quarantined_on(tenant, wire(sent_at)[:10], digest)


def quarantined_on(tenant: str, day: str, digest: str) -> Key:
    """A message in quarantine, by the day it was sent and a digest of it."""
    return Key(of(tenant, "QUARANTINE", day), digest)


def quarantine(tenant: str) -> str:
    """GSI2 partition: all messages in quarantine, by the time they were sent."""
    return of(tenant, "QUARANTINE")


def quarantine_of(tenant: str, machine_id: str) -> str:
    """GSI1 partition: the messages of a machine in quarantine, by the time they were sent."""
    return of(tenant, "QUARANTINE", "MACHINE", machine_id)


def _hour(hour: datetime) -> str:
    return wire(hour)[:13]
