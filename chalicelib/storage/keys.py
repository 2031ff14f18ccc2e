"""Every key in the system, as pure functions; no other room writes a `#`.

A tenant's key begins with `T#<tenant>`, so no query can cross tenants. Times in keys are fixed-width, or order breaks.
"""

from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.instants import wire

ORDER = "ORDER"
ISSUE_PREFIX = "ISSUE#"
# `$` comes right after `#`: between ORDER and here lie an order, its stages, assignments, projection and sessions.
AFTER_SESSIONS = "SESSION$"
MARKER_SHARDS = 4


Listed = tuple[str, str]
"""A place in an index: its partition and its sort key."""


class Key(NamedTuple):
    """Where an item lives: partition and sort key."""

    pk: str
    sk: str


def _of(tenant: str, *parts: str) -> str:
    return "#".join(("T", tenant, *parts))


# --- people -----------------------------------------------------------------------------------------------------------


def login(tenant: str, name: str) -> Key:
    """The login of a username, as names are compared."""
    return Key(_of(tenant, "LOGIN", name), "LOGIN")


def users(tenant: str) -> str:
    """The partition of all people."""
    return _of(tenant, "USERS")


def user(tenant: str, user_id: str) -> Key:
    """One person."""
    return Key(users(tenant), f"USER#{user_id}")


# --- orders -----------------------------------------------------------------------------------------------------------


def order(tenant: str, order_id: str) -> Key:
    """A work order; its stages and assignments share the prefix ORDER, so one query reads them all."""
    return Key(_of(tenant, "ORDER", order_id), ORDER)


def stage(tenant: str, order_id: str, position: int) -> Key:
    """A stage of an order."""
    return Key(order(tenant, order_id).pk, f"ORDER#STAGE#{position:02d}")


def stage_of_id(tenant: str, order_id: str, stage_id: str) -> Key:
    """A stage of an order, by the stage's id, which ends in its position."""
    return stage(tenant, order_id, int(stage_id.rpartition("-")[2]))


def assignment(tenant: str, order_id: str, position: int, user_id: str) -> Key:
    """An assignment of a worker to a stage."""
    return Key(order(tenant, order_id).pk, f"ORDER#STAGE#{position:02d}#WORKER#{user_id}")


def session(tenant: str, order_id: str, position: int, started_at: datetime, session_id: str) -> Key:
    """A closed session of a stage, in order of its start."""
    return Key(order(tenant, order_id).pk, f"SESSION#{position:02d}#{wire(started_at)}#{session_id}")


def report(tenant: str, order_id: str, position: int, started_at: datetime, session_id: str, report_id: str) -> Key:
    """A report, beside the session it belongs to."""
    beside = session(tenant, order_id, position, started_at, session_id)
    return Key(beside.pk, f"{beside.sk}#REPORT#{report_id}")


def issue(tenant: str, order_id: str, issue_id: str) -> Key:
    """An issue of an order."""
    return Key(order(tenant, order_id).pk, f"{ISSUE_PREFIX}{issue_id}")


def command(tenant: str, order_id: str, received_at: datetime, command_id: str) -> Key:
    """A command in the audit trail of an order."""
    return Key(order(tenant, order_id).pk, f"COMMAND#{wire(received_at)}#{command_id}")


def order_number(tenant: str, number: str) -> Key:
    """The item that keeps an order's number unique."""
    return Key(_of(tenant, "NUMBER", number), "NUMBER")


def lot(tenant: str, lot_no: str, order_id: str) -> Key:
    """The item that finds orders by their lot."""
    return Key(_of(tenant, "LOT", lot_no), f"ORDER#{order_id}")


def orders_by_due(tenant: str, *, active: bool) -> str:
    """GSI1 partition: orders that go on, or are closed, by planned end."""
    return _of(tenant, "ORDERS", "active" if active else "closed")


def orders_by_age(tenant: str) -> str:
    """GSI2 partition: all orders by creation."""
    return _of(tenant, "ORDERS")


def stages_by_time(tenant: str, *, active: bool) -> str:
    """GSI1 partition: stages that go on by planned end, or ended ones by their end."""
    return _of(tenant, "STAGES", "active" if active else "ended")


def worker(tenant: str, user_id: str) -> str:
    """GSI2 partition: what is assigned to a worker and has not ended, by planned start."""
    return _of(tenant, "WORKER", user_id)


def issues_by_state(tenant: str, state: str) -> str:
    """GSI1 partition: issues by state, in order of creation."""
    return _of(tenant, "ISSUES", state)


def issues_of_reporter(tenant: str, user_id: str) -> str:
    """GSI2 partition: what somebody reported, in order of creation."""
    return _of(tenant, "USER", user_id, "ISSUES")


def at(instant: datetime, identity: str) -> str:
    """A sort key by time, unique by identity."""
    return f"{wire(instant)}#{identity}"


def between_instants(since: datetime | None, before: datetime | None) -> tuple[str, str]:
    """The sort keys from one instant to before another; `~` comes after every digit."""
    return wire(since) if since else "0", wire(before) if before else "~"


# --- commands and markers ---------------------------------------------------------------------------------------------


def idempotency_of_order(tenant: str, order_id: str, principal: str, key: str) -> Key:
    """The idempotency key of a command on an order."""
    return Key(order(tenant, order_id).pk, f"KEY#{principal}#{key}")


def idempotency_of_creation(tenant: str, principal: str, key: str) -> Key:
    """The idempotency key of a creation."""
    return Key(_of(tenant, "KEYS", principal), f"KEY#{principal}#{key}")


def marker(shard: int, marker_id: str) -> Key:
    """A note that aggregates must be made again."""
    return Key(marker_shard(shard), marker_id)


def marker_shard(shard: int) -> str:
    """The partition of one shard of markers."""
    return f"DIRTY#{shard}"


# --- machines and readings --------------------------------------------------------------------------------------------


def machines(tenant: str) -> str:
    """The partition of all machines."""
    return _of(tenant, "MACHINES")


def machine(tenant: str, machine_id: str) -> Key:
    """One machine."""
    return Key(machines(tenant), f"MACHINE#{machine_id}")


def chunks(tenant: str, machine_id: str, hour: datetime) -> str:
    """The partition of the chunks of a machine and hour of device time."""
    return _of(tenant, "MACHINE", machine_id, _hour(hour))


def chunk(tenant: str, machine_id: str, hour: datetime, first_at: datetime, digest: str) -> Key:
    """A chunk of readings; its key is its content, so writing it again changes nothing."""
    return Key(chunks(tenant, machine_id, hour), f"CHUNK#{wire(first_at)}#{digest}")


def rollups(tenant: str, machine_id: str, hour: datetime) -> str:
    """The partition of the rollups of a machine in the month of an hour."""
    return _of(tenant, "ROLLUP", machine_id, month(hour))


def rollup(tenant: str, machine_id: str, hour: datetime, sensor: str, type_name: str) -> Key:
    """The rollup of a sensor and type in an hour."""
    return Key(rollups(tenant, machine_id, hour), f"{rollups_from(hour)}{sensor}#{type_name}")


def rollups_from(hour: datetime) -> str:
    """The beginning of the sort keys of an hour's rollups; all of later hours come after it."""
    return f"{_hour(hour)}#"


def quarantined(tenant: str, sent_at: datetime, digest: str) -> Key:
    """A message in quarantine: the day it was sent and what it held, so that redelivery changes nothing."""
    return Key(_of(tenant, "QUARANTINE", wire(sent_at)[:10]), digest)


def quarantine(tenant: str) -> str:
    """GSI2 partition: all messages in quarantine, by when they were sent."""
    return _of(tenant, "QUARANTINE")


def month(instant: datetime) -> str:
    """The month of an instant as keys tell it, `yyyy-mm` in UTC."""
    return wire(instant)[:7]


def _hour(hour: datetime) -> str:
    return wire(hour)[:13]


# --- aggregates -------------------------------------------------------------------------------------------------------


def projection(tenant: str, order_id: str) -> Key:
    """Which facts an order has in which day."""
    return Key(order(tenant, order_id).pk, "PROJECTION")


def day(tenant: str, date: str) -> str:
    """The partition of the facts of a local day."""
    return _of(tenant, "DAY", date)


def day_fact(tenant: str, date: str, kind: str, identity: str) -> Key:
    """One fact of a local day: an order or a stage that ended, or a session that touched it."""
    return Key(day(tenant, date), f"{kind}#{identity}")


def daily(tenant: str, dimension: str, date: str) -> Key:
    """The aggregate of a local day in a dimension."""
    return Key(_of(tenant, "DAILY", dimension), date)
