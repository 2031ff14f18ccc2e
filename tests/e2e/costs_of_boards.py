"""The costs of screens and of the board that they show, in a plant where nothing else happens."""

import time

from chalicelib.domain.people.users import Role
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.services import tenants
from chalicelib.services.boards import boards
from tests.e2e.metering import Costs
from tests.floor import Plant, hire, new_order

TENANT = "walls"


def hang(costs: Costs, floor: Plant) -> None:
    """A screen on the wall, from its key to its end. One stage is at work, at the only machine."""
    tenants.create(TENANT, DEFAULT_SETTINGS)
    planner, stranger, measure = (
        hire(floor.client, "planner", Role.PLANNER, tenant=TENANT),
        floor.stranger,
        costs.measure,
    )
    planner.post("/machines", {"id": "M1", "name": "Press"})
    stage = planner.post("/workorders", new_order(stages=[{"name": "Montaj"}])).data["stages"][0]["id"]
    planner.post(f"/stages/{stage}/start", {"machine_id": "M1"})
    made = measure("set up a screen", lambda: planner.post("/screens", {"name": "Hall A"}, key="screen")).data
    key = {"X_Screen_Key": made["key"]}
    boards.remake(TENANT)
    etag = stranger.get("/board", **key).headers["ETag"]
    measure("the board of a screen, unchanged", lambda: stranger.get("/board", **key, If_None_Match=etag))
    planner.post("/machines", {"id": "M2", "name": "Press"})  # no event, after which the Lambda would make it too
    time.sleep(boards.APART.total_seconds())  # otherwise it waits that long itself, and then looks once more
    measure("make the board of a plant again", lambda: boards.remake(TENANT))
    measure("a page of screens", lambda: planner.get("/screens"))
    measure("revoke a screen", lambda: planner.delete(f"/screens/{made['id']}"))
