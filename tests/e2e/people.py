"""People of the deployed system, over HTTP, and their order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

PASSWORD = "long enough for everybody"


@dataclass(frozen=True)
class Someone:
    """Somebody signed in; with a key of their own for every request, unless one is given."""

    api: httpx.Client
    id: str

    def post(self, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        """Send something."""
        return self.api.post(path, json=body or {}, headers={"Idempotency-Key": key or uuid4().hex})

    def get(self, path: str) -> Any:
        """Read something."""
        return self.api.get(path).raise_for_status().json()["data"]


Hire = Callable[..., Someone]


def order(planner: Someone, *workers: Someone, **fields: Any) -> Any:
    """Open an order of one stage that these workers may work on."""
    now = datetime.now(UTC)
    body = {
        "product_code": "CAP-40",
        "lot_no": "L-1",
        "quantity": 100,
        "planned_start": now.isoformat(),
        "planned_end": (now + timedelta(hours=1)).isoformat(),
        "stages": [{"name": "Montaj", "assignee_ids": [each.id for each in workers]}],
    } | fields
    return planner.post("/workorders", body).raise_for_status().json()["data"]
