"""Lists that are read backwards: the same items, newest first, page after page; a cursor belongs to its order."""

import pytest

from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Plant, pages

LISTS = [
    "/stages?",
    "/stages?assignee=me&",
    "/stages?status=done&",
    "/stages/WO-0-01/issues?",
    "/issues?",
    "/workorders/WO-0/history?",
]


@pytest.fixture
def _orders(plant: Plant, set_clock: SetClock) -> None:
    """Four orders, each opened after and due before the one before; the first is done, with three issues."""
    for n in range(4):
        made = {"planned_start": (MORNING - HOUR).isoformat(), "planned_end": (MORNING + (9 - n) * HOUR).isoformat()}
        mine = {"name": "s", "assignee_ids": [plant.planner.id]}
        plant.order(mine, mine, id=f"WO-{n}", lot_no=f"L-{n % 2}", number=f"N-{n}", customer=f"C-{n % 2}", **made)
        set_clock.forward(MINUTE)
    for kind in ("quality", "tooling", "operator"):
        plant.planner.post("/stages/WO-0-01/issue", {"type": kind, "description": "x"})
        set_clock.forward(MINUTE)
    for position in (1, 2):
        for command in ("start", "done"):
            assert plant.planner.post(f"/stages/WO-0-0{position}/{command}").status == 200
        set_clock.forward(MINUTE)


@pytest.mark.usefixtures("_orders")
@pytest.mark.parametrize("path", LISTS)
def test_a_list_read_backwards_holds_the_same_the_other_way_round(plant: Plant, path: str) -> None:
    forward = plant.planner.get(path).items

    assert len(forward) > 1
    assert plant.planner.get(f"{path}order=newest").items == forward[::-1]
    assert pages(plant.planner, f"{path}order=newest&") == forward[::-1]


@pytest.mark.usefixtures("_orders")
def test_own_ended_stages_are_newest_first_in_any_case(plant: Plant) -> None:
    path = "/stages?assignee=me&status=done&"

    assert [stage["id"] for stage in plant.planner.get(path).items] == ["WO-0-02", "WO-0-01"]
    assert plant.planner.get(f"{path}order=newest").items == plant.planner.get(path).items


@pytest.mark.usefixtures("_orders")
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", ["WO-3", "WO-2", "WO-1"]),
        ("status=done", ["WO-0"]),
        ("status=done&status=planned", ["WO-3", "WO-2", "WO-1", "WO-0"]),
        ("lot_no=L-0", ["WO-2", "WO-0"]),
        ("lot_no=L-0&status=planned", ["WO-2"]),
        ("number=N-0", ["WO-0"]),
        ("customer=C-1", ["WO-3", "WO-1"]),
        ("customer=C-0", ["WO-2"]),
        ("due_before=2026-01-05T15:00:00Z", ["WO-3"]),
    ],
)
def test_orders_begin_with_the_one_that_was_opened_last(plant: Plant, asked: str, shown: list[str]) -> None:
    assert [order["id"] for order in plant.planner.get(f"/workorders?order=newest&{asked}").items] == shown
    assert [order["id"] for order in pages(plant.planner, f"/workorders?order=newest&{asked}&")] == shown


@pytest.mark.usefixtures("_orders")
@pytest.mark.parametrize("path", [*LISTS, "/workorders?"])
def test_a_cursor_belongs_to_its_order(plant: Plant, path: str) -> None:
    for given, used in (("", "order=newest&"), ("order=newest&", "")):
        cursor = plant.planner.get(f"{path}{given}limit=1").data["next_cursor"]
        reply = plant.planner.get(f"{path}{used}limit=1&cursor={cursor}")
        assert (reply.status, reply.error["code"]) == (400, "ERR_REQUEST_BAD_CURSOR")


@pytest.mark.parametrize("path", ["/workorders?", "/stages?"])
@pytest.mark.parametrize("asked", ["order=oldest", "order=", "order=newest&order=newest"])
def test_there_is_one_other_order(plant: Plant, path: str, asked: str) -> None:
    reply = plant.planner.get(f"{path}{asked}")

    assert (reply.status, set(reply.fields())) == (400, {"order"})
