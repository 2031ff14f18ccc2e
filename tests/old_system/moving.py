"""Helpers of tests in which an old system comes over: what it holds, the move, and what Takip holds then."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from chalicelib.domain.people.users import Role
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import old_ids
from infra.administration import old_system
from infra.old_system.reading import read
from infra.old_system.tables import Row, Tables
from tests.floor import Plant, hire
from tests.leaving import stored
from tests.real_machines import folder

ZONE = "Europe/Istanbul"
VOLATILE = frozenset({"marker", "idempotency_key"})
"""Kinds of items that a run may write again: what waits to be counted, and the keys of requests."""


@cache
def expected() -> Any:
    """The known answers."""
    return json.loads((folder("old_system") / "expected.json").read_text(encoding="utf-8"))


@cache
def held(name: str) -> Tables:
    """What one of the old systems holds."""
    return read(str(folder("old_system") / name))


def with_rows(tables: Tables, table: str, rows: Iterable[Row]) -> Tables:
    """The same tables, but for the rows of one."""
    return {**tables, table: list(rows)}


def beginning(name: str) -> Tables:
    """The first dozen of the orders of one of the old systems, with what belongs to them, and some readings."""
    first = {"work_orders": 12, "work_order_stages": 20, "stage_assignments": 18, "issues": 6, "machine_readings": 60}
    return {table: rows[: first.get(table, len(rows))] for table, rows in held(name).items()}


def hired(plant: Plant, tables: Tables) -> Mapping[int, str]:
    """The people of an old system as people of Takip: their ids there, by their old ids. Nobody has a password."""
    found = {}
    for row in tables["users"]:
        role = {"admin": Role.ADMIN, "manager": Role.PLANNER, "planner": Role.PLANNER}.get(
            str(row["role"]), Role.WORKER
        )
        found[int(str(row["id"]))] = hire(plant.client, f"old {row['username']}", role).id
    old_ids.registered(DEFAULT_TENANT, "user", {user_id: number for number, user_id in found.items()})
    return found


def moved(tables: Tables) -> list[dict[str, Any]]:
    """Bring an old system over, and return all that was told."""
    given = {"tenant": DEFAULT_TENANT, "by": "pelin", "planned_timezone": ZONE, "tables": tables}
    return list(old_system.bring(given))


def told(answers: Iterable[dict[str, Any]], what: str) -> int:
    """The sum of what each answer counted."""
    return sum(each.get(what, 0) for each in answers)


def refused(answers: Iterable[dict[str, Any]]) -> list[Any]:
    """All rows that were kept out."""
    return [row for each in answers for row in each.get("refused", [])]


def lasting() -> dict[Any, Any]:
    """All items of the table, but the volatile ones."""
    kinds = tuple(str(("kind", str({"S": kind}))) for kind in VOLATILE)
    return {key: text for key, text in stored().items() if not any(kind in text for kind in kinds)}
