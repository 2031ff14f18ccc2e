"""Bodies of API requests, made from a plan."""

from typing import Any

from infra.replay.plan import Booking, Machine, Order, Stage, wire
from infra.replay.steps import Told

REASON = "Replayed from a log kept elsewhere"
"""The reason for making more than ordered, which an admin must give; real logs count re-entered work twice."""

Body = dict[str, Any]


def machine_body(machine: Machine) -> Body:
    """The body of a machine with its sensors, and a tag for each, for roads on which readings have tags."""
    return {
        "id": machine.id,
        "name": machine.name,
        "machine_type": machine.machine_type,
        "location": machine.location,
        "sensors": [{"sensor": s.sensor, "type": s.type, "min": s.low, "max": s.high} for s in machine.sensors],
        "tags": [{"tag": s.sensor, "type": s.type, "sensor": s.sensor} for s in machine.sensors],
    }


def order_body(order: Order) -> Body:
    """The body of a work order with its stages. Its lot is its number."""
    return {
        "id": order.id,
        "number": order.number,
        "lot_no": order.number,
        "product_code": order.product_code,
        "quantity": order.quantity,
        "planned_start": wire(order.planned_start),
        "planned_end": wire(order.planned_end),
        "stages": [
            {"name": stage.name, "planned_start": wire(stage.planned_start), "planned_end": wire(stage.planned_end)}
            for stage in order.stages
        ],
    }


def booking_body(booking: Booking, worker_id: str) -> Body:
    """The body that books a session of this worker."""
    return {
        "worker_id": worker_id,
        "started_at": wire(booking.started_at),
        "ended_at": wire(booking.ended_at),
        **_work(booking),
        **_made(booking),
    }


def told_body(told: Told, worker_id: str) -> Body:
    """The body of a command in a session of this worker. Quantities are reported at the end of the session."""
    session = told.session
    if told.command == "start":
        return {"worker_id": worker_id, "at": wire(session.started_at), **_work(session)}
    ending = {"worker_id": worker_id, "at": wire(session.ended_at)}
    return ending | _made(session) if told.command == "report" else ending


def done_body(stage: Stage) -> Body:
    """The body that finishes a stage at its time."""
    return {"at": wire(stage.done_at), "reason": REASON}


def _work(booking: Booking) -> Body:
    return {"machine_id": booking.machine_id, "kind": booking.kind}


def _made(booking: Booking) -> Body:
    return {"good": booking.good, "scrap": booking.scrap, "rework": booking.rework, "reason": REASON}
