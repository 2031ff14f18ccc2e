"""Helpers for tests of exports: some orders, and the loop of the documentation."""

import csv
import io

from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, Person, Plant

MEDIA_TYPE = "text/csv"
NOTE = 'Şahin, "Oğlu"\nve Ortakları'


def joined(person: Person, path: str) -> str:
    """The pages of an export in CSV, one behind the other. The path has a query already."""
    text, more = "", ""
    while True:
        reply = person.get(f"{path}{more}", Accept=MEDIA_TYPE)
        header = "absent" if more else "present"
        assert (reply.status, reply.headers["Content-Type"]) == (200, f"{MEDIA_TYPE}; charset=utf-8; header={header}")
        text += reply.body or ""
        if "Next-Cursor" not in reply.headers:
            return text
        more = f"&cursor={reply.headers['Next-Cursor']}"


def rows_of(person: Person, path: str, limit: int = 2) -> tuple[list[dict[str, str]], str]:
    """The rows of an export in CSV, read as Python reads them, and its pages put one behind the other."""
    text = joined(person, f"{path}?limit={limit}")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True)), text


def make_orders(plant: Plant, set_clock: SetClock) -> None:
    """Five orders with an issue each; the first is cancelled, the second done; two issues are resolved."""
    for n in range(5):
        mine = {"name": "Montaj", "assignee_ids": [plant.worker.id]}
        plant.order(mine, id=f"WO-{n}", number=f"N-{n}", note=NOTE, quantity=10 + n)
        issue = plant.planner.post(f"/stages/WO-{n}-01/issue", {"type": "quality", "description": "çizik"}).data["id"]
        set_clock.forward(30 * MINUTE)
        if n in (1, 3):
            assert plant.planner.patch(f"/issues/{issue}", {"status": "resolved"}).status == 200
    plant.planner.post("/workorders/WO-0/cancel", {"reason": "no drawing"})
    plant.planner.post("/stages/WO-1-01/start")
    set_clock.forward(HOUR)
    plant.planner.post("/stages/WO-1-01/done", {"good": 11})
