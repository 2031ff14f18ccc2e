"""A plant that books what its machine counted, and what happens there."""

from typing import Any

from chalicelib.domain.instants import wire
from chalicelib.domain.machines.readings import Reading, microseconds
from chalicelib.domain.tenant_settings import CountedPieces
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from chalicelib.services.machines.ingest import ingest
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.machines import arrived, message, part, standing, work, written
from tests.services.andon.escalations import tick

STAGE = "WO-1-01"
SIX = MORNING - 2 * HOUR
LOOK = 10 * MINUTE


def furnished(floor: Plant) -> Plant:
    """A plant that books counts, and a worker at a machine since six. It makes a piece a minute until eight."""
    want(CountedPieces.BOOKED)
    window = {"planned_start": wire(MORNING - 4 * HOUR), "planned_end": wire(MORNING + 4 * HOUR)}
    stages = [{"name": name, "assignee_ids": [floor.worker.id]} for name in ("Enjeksiyon", "Montaj")]
    order = {"id": "WO-1", "product_code": "P-1", "lot_no": "L-1", "quantity": 2000, "stages": stages, **window}
    assert floor.planner.post("/workorders", order).status == 201
    counts = [
        Reading("M1", "main", "cycle_count", microseconds(SIX + (n - 0.5) * MINUTE), float(n)) for n in range(121)
    ]
    ingest(arrived(message("M1", *written(counts))))
    work()
    begin = {"worker_id": floor.worker.id, "machine_id": "M1", "at": wire(SIX)}
    assert floor.planner.post(f"/stages/{STAGE}/start", begin).status == 200
    return floor


def want(counted: CountedPieces) -> None:
    tenants.change(DEFAULT_TENANT, {"counted_pieces": counted})
    tenants.forget_settings()


def done(shop: Plant, **fields: Any) -> None:
    assert shop.worker.post(f"/stages/{STAGE}/done", fields).status == 200


def good(shop: Plant) -> float:
    return float(shop.planner.get(f"/stages/{STAGE}").data["good"])


def sessions(shop: Plant) -> list[dict[str, Any]]:
    return list(shop.planner.get(f"/stages/{STAGE}/sessions").items)


def correct(shop: Plant, **fields: Any) -> None:
    (session,) = sessions(shop)
    answer = shop.planner.post(
        f"/stages/{STAGE}/sessions/{session['id']}/correct", {"reason": "counted by hand", **fields}
    )
    assert answer.status == 200, answer.body
    work()


def late(at: str, count: float) -> None:
    """A count that arrives late."""
    ingest(arrived(message("M1", part(count, f"2026-01-05T{at}Z", type="cycle_count"))))
    work()


def booked() -> int:
    """Let the clock take what is due. Returns how many counts it booked."""
    outcome = tick()
    assert outcome.failed == 0
    return outcome.booked


def waiting() -> list[str]:
    return [str(item.data["due_at"]) for item in standing("timer") if item.data["subject"] == "stage"]
