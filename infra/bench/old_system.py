"""A made-up old system of any size: how long it takes until all of it is in Takip."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

STAGES = ("Enjeksiyon", "Montaj")
WORKERS = 20
PRODUCTS = 10
ISSUE_OF = 10
"""Every tenth order has an issue, which was resolved."""
BEGAN = datetime(2025, 1, 6, 6, tzinfo=UTC)
APART = timedelta(minutes=15)
A_STAGE = timedelta(minutes=90)

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def tables(orders: int) -> Tables:
    """An old system with so many orders of two stages, each stage done by the one person who was assigned to it."""
    numbers = range(1, orders + 1)
    return {
        "users": [_worker(n) for n in range(1, WORKERS + 1)],
        "work_orders": [_order(n) for n in numbers],
        "work_order_stages": [_stage(n, place) for n in numbers for place in range(len(STAGES))],
        "stage_assignments": [_assignment(n, place) for n in numbers for place in range(len(STAGES))],
        "issues": [_issue(n) for n in numbers if n % ISSUE_OF == 0],
    }


def _worker(number: int) -> dict[str, Any]:
    nobodys = f"$2b$10${'.' * 53}"
    return {"id": number, "username": f"old {number}", "role": "worker", "password_hash": nobodys}


def _begun(order: int, place: int) -> datetime:
    return BEGAN + order * APART + place * A_STAGE


def _order(number: int) -> dict[str, Any]:
    begun = _begun(number, 0)
    return {
        "id": number,
        "product_code": f"P-{number % PRODUCTS}",
        "lot_no": f"L-{number}",
        "qty": 100,
        "produced_qty": 97,
        "planned_start": _naive(begun),
        "planned_end": _naive(begun + len(STAGES) * A_STAGE),
    }


def _stage(order: int, place: int) -> dict[str, Any]:
    begun, ended = _begun(order, place), _begun(order, place + 1)
    return {
        "id": _stage_id(order, place),
        "work_order_id": order,
        "stage_name": STAGES[place],
        "planned_start": _naive(begun),
        "planned_end": _naive(ended),
        "actual_start": _naive(begun),
        "actual_end": _naive(ended),
        "status": "done",
    }


def _assignment(order: int, place: int) -> dict[str, Any]:
    stage = _stage_id(order, place)
    return {"id": stage, "user_id": stage % WORKERS + 1, "work_order_stage_id": stage}


def _issue(order: int) -> dict[str, Any]:
    reported = _begun(order, 0) + timedelta(minutes=10)
    return {
        "id": order,
        "work_order_stage_id": _stage_id(order, 0),
        "type": "quality",
        "description": "scratches",
        "status": "resolved",
        "created_at": _naive(reported),
        "acknowledged_at": _naive(reported + timedelta(minutes=5)),
        "resolved_at": _naive(reported + timedelta(minutes=25)),
    }


def _stage_id(order: int, place: int) -> int:
    return len(STAGES) * (order - 1) + place + 1


def _naive(at: datetime) -> str:
    """A time as the old system has it, without a zone."""
    return f"{at:%Y-%m-%d %H:%M:%S}"
