"""The costs of products, and of what is read about hours."""

from tests.e2e.metering import Costs
from tests.floor import Plant


def register(costs: Costs, floor: Plant) -> None:
    """Registering, reading and changing a product."""
    planner, measure = floor.planner, costs.measure
    product = {"product_code": "KAPAK-40", "name": "Cap"}
    measure("register a product", lambda: planner.post("/products", product, key="product"))
    measure("read a product", lambda: planner.get("/products/KAPAK-40"))
    change = {"unit": "kg"}
    measure("change a product", lambda: planner.patch("/products/KAPAK-40", change, If_Match='"1"', key="unit"))
    measure("the history of a product", lambda: planner.get("/products/KAPAK-40/history"))
    measure("a page of products", lambda: planner.get("/products"))


def watch(costs: Costs, floor: Plant, stage_id: str, window: str) -> None:
    """Reading what was made in the hours of a window."""
    planner, measure = floor.planner, costs.measure
    measure("the hours of a machine", lambda: planner.get(f"/metrics/hourly?machine_id=M1&{window}"))
    measure("the suggested standards of a product", lambda: planner.get("/products/P-1/standards"))
    measure("the stops of a machine by reason", lambda: planner.get("/metrics/pareto?of=stops&machine_id=M1"))
    measure("the scrap of a week by reason", lambda: planner.get("/metrics/pareto?of=scrap"))
    measure("the hours of a stage", lambda: planner.get(f"/metrics/hourly?stage_id={stage_id}&{window}"))
