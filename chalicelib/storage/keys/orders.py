"""Keys of work orders, of everything that belongs to them, and of their lists."""

from datetime import datetime

from chalicelib.domain.instants import wire
from chalicelib.storage.keys.shape import Key, of, time_key

ORDER = "ORDER"
COMMAND_PREFIX = "COMMAND#"
# `$` sorts right after `#`: from ORDER to here are an order, its stages, assignments, projection and sessions.
AFTER_SESSIONS = "SESSION$"


def order(tenant: str, order_id: str) -> Key:
    """A work order. Its stages and assignments share the prefix ORDER, so one query reads them all."""
    return Key(of(tenant, "ORDER", order_id), ORDER)


def stage(tenant: str, order_id: str, position: int) -> Key:
    """A stage of an order."""
    return Key(order(tenant, order_id).pk, f"ORDER#STAGE#{position:02d}")


def stage_of_id(tenant: str, order_id: str, stage_id: str) -> Key:
    """A stage of an order, by the stage's id, which ends with its position."""
    return stage(tenant, order_id, int(stage_id.rpartition("-")[2]))


def assignment(tenant: str, order_id: str, position: int, user_id: str) -> Key:
    """An assignment of a worker to a stage."""
    return Key(order(tenant, order_id).pk, f"ORDER#STAGE#{position:02d}#WORKER#{user_id}")


def sessions(tenant: str, order_id: str, position: int) -> Key:
    """The prefix of the keys of a stage's sessions."""
    return Key(order(tenant, order_id).pk, f"SESSION#{position:02d}#")


def session(tenant: str, order_id: str, position: int, started_at: datetime, session_id: str) -> Key:
    """A closed session of a stage. Sessions sort by their start."""
    beginning = sessions(tenant, order_id, position)
    return Key(beginning.pk, f"{beginning.sk}{wire(started_at)}#{session_id}")


def report(tenant: str, order_id: str, position: int, started_at: datetime, session_id: str, report_id: str) -> Key:
    """A report, next to its session."""
    beside = session(tenant, order_id, position, started_at, session_id)
    return Key(beside.pk, f"{beside.sk}#REPORT#{report_id}")


def command(tenant: str, order_id: str, received_at: datetime, command_id: str) -> Key:
    """A command in the audit trail of an order."""
    return Key(order(tenant, order_id).pk, f"{COMMAND_PREFIX}{wire(received_at)}#{command_id}")


def order_number(tenant: str, number: str) -> Key:
    """The item that keeps an order's number unique."""
    return Key(of(tenant, "NUMBER", number), "NUMBER")


def lot(tenant: str, lot_no: str, order_id: str) -> Key:
    """An item that names an order of a lot."""
    return Key(of(tenant, "LOT", lot_no), f"ORDER#{order_id}")


def orders_by_due(tenant: str, *, active: bool) -> str:
    """GSI1 partition: active or closed orders, by planned end."""
    return of(tenant, "ORDERS", "active" if active else "closed")


def orders_by_age(tenant: str) -> str:
    """GSI2 partition: all orders, by creation."""
    return of(tenant, "ORDERS")


def stages_by_time(tenant: str, *, active: bool) -> str:
    """GSI1 partition: active stages by planned end, or ended stages by their end."""
    return of(tenant, "STAGES", "active" if active else "ended")


def stages_with_sessions(tenant: str) -> str:
    """GSI2 partition: stages on which sessions are open, by the start of the first of these."""
    return of(tenant, "SESSIONS", "open")


def worker(tenant: str, user_id: str) -> str:
    """GSI2 partition: a worker's assignments to stages that have not ended, by planned start."""
    return of(tenant, "WORKER", user_id)


def worker_ended(tenant: str, user_id: str) -> str:
    """GSI2 partition: what was assigned to a worker when it ended, by its end."""
    return of(tenant, "WORKER", user_id, "ENDED")


def sessions_of_worker(tenant: str, user_id: str) -> str:
    """GSI2 partition: the sessions of a worker by start, each followed by its corrections and reports."""
    return of(tenant, "WORKER", user_id, "SESSIONS")


def correction_at(first_started_at: datetime, first_id: str, session_id: str) -> str:
    """The sort key of a correction in its worker's list: after the session that was recorded first."""
    return f"{time_key(first_started_at, first_id)}#CORRECTION#{session_id}"


def report_at(started_at: datetime, session_id: str, report_id: str) -> str:
    """The sort key of a report in its worker's list: after its session."""
    return f"{time_key(started_at, session_id)}#REPORT#{report_id}"


def first_session_in(place: str) -> str:
    """The common part of the sort keys of a session, its corrections and its reports."""
    return "#".join(place.split("#")[:2])
