"""A day with the app of the old system leaves the plant as the same day with today's API does."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from infra.administration import ask, make_admin
from tests.e2e.conftest import ENVIRONMENT, Deployed
from tests.e2e.old_contract import ANSWERS
from tests.e2e.old_day import PASSWORD, WINDOW, NewDay, OldDay, Site, Today, day, signed_in
from tests.e2e.old_phone import Refusal
from tests.e2e.test_machines import until

# What differs between two days: ids, and what the clock showed. Plans and all else are equal.
CLOCK = {"created_at", "started_at", "ended_at", "actual_start", "actual_end", "received_at", "at", "reported_at"} | {
    *("acknowledged_at", "resolved_at", "as_of", "watermark", "window", "changed_at", "value", "numerator", "number"),
    *("denominator", "actual_duration", "elapsed_minutes", "labour_minutes", "start_delay_minutes", "delay_minutes"),
    *("efficiency_percent", "lead_time_minutes", "order_number", "next_escalation_at", "run_seconds", "minutes"),
}
ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


def timeless(shown: Any) -> Any:
    """What is shown, without ids and without what the clock showed."""
    if isinstance(shown, dict):
        return {ID.sub("ID", name): timeless(each) for name, each in shown.items() if name not in CLOCK}
    if isinstance(shown, list):
        return [timeless(each) for each in shown]
    return ID.sub("ID", shown) if isinstance(shown, str) else shown


def orders(planner: Today) -> dict[str, Any]:
    """The orders by their lot."""
    listed = [each for asked in ("", "?status=done") for each in planner.get(f"/workorders{asked}")["items"]]
    return {each["lot_no"]: each["id"] for each in listed}


def plant_of(planner: Today) -> dict[str, Any]:
    """All that is left of a day."""
    found: dict[str, Any] = {
        path: planner.get(path)["items"]
        for path in ("/issues", "/issues?status=resolved", "/machines", "/products?status=active&status=retired")
    }
    found["route"] = planner.get("/routes/KPK-40")["stages"]
    for lot_no, order_id in sorted(orders(planner).items()):
        path = f"/workorders/{order_id}"
        order = planner.get(path)
        stages = [f"/stages/{stage['id']}" for stage in order["stages"]]
        found[lot_no] = [
            order,
            planner.get(f"{path}/metrics"),
            [each["command"] for each in planner.get(f"{path}/history")["items"]],
            [planner.get(f"{stage}/sessions")["items"] for stage in stages],
            [planner.get(f"{stage}/metrics") for stage in stages],
        ]
    return {name: timeless(each) for name, each in found.items()}


def assigner(site: Site, tenant: str) -> Any:
    """The old app cannot assign, so a planner does it on the planner's page, which is today's API."""

    def assign() -> None:
        planner = signed_in(site, tenant, "planlama")
        (worker,) = planner.get("/auth/users?username=ay%C5%9Fe")["items"]
        for stage in planner.get("/stages")["items"]:
            planner.call("PUT", f"/stages/{stage['id']}/assignees", {"user_ids": [worker["id"]]})

    return assign


@pytest.fixture(scope="module")
def site(deployed: Deployed) -> Iterator[Site]:
    """The deployed API, with clients that are closed at the end."""
    with ExitStack() as clients:
        yield Site(deployed.url, clients)


@pytest.fixture(scope="module")
def old(deployed: Deployed, site: Site) -> OldDay:
    """A plant that had its day with the old app."""
    made = OldDay(site, "old-day")
    had(deployed, made, {"old_app": True})
    return made


def had(deployed: Deployed, plant: OldDay | NewDay, settings: dict[str, Any]) -> None:
    """Let a new plant have its day."""
    list(ask(deployed.aws, ENVIRONMENT, "create tenant", {"id": plant.tenant, "settings": settings}))
    make_admin(deployed.aws, ENVIRONMENT, "admin", PASSWORD, plant.tenant)
    day(plant, assigner(plant.site, plant.tenant))


def test_the_same_day_leaves_the_same_plant(deployed: Deployed, site: Site, old: OldDay) -> None:
    had(deployed, NewDay(site, "new-day"), {})
    after = [plant_of(signed_in(site, tenant, "planlama")) for tenant in ("old-day", "new-day")]

    assert after[0] == after[1]
    assert [len(each["L-1"][0]["stages"]) for each in after] == [2, 2]
    commands = "create assign assign start issue change_issue pause change_issue start done start done"
    assert after[0]["L-1"][2] == commands.split()


def test_every_screen_shows_the_day_with_numbers(old: OldDay) -> None:
    planner, worker = old.planner, old.worker
    (order,) = (each for each in worker.get("/workorders/")["data"] if each["lot_no"] == "L-1")
    stages = worker.get(f"/workorders/{order['id']}/stages")
    assert [(each["stage_name"], each["status"]) for each in stages] == [("Enjeksiyon", "done"), ("Montaj", "done")]
    assert worker.get(f"/workorders/{order['id']}")["qty"] == 500
    issue, other = planner.get("/issues")
    assert [issue["status"], other["status"], issue["type"]] == ["open", "resolved", "quality"]
    assert worker.get(f"/issues?status=resolved&work_order_stage_id={stages[0]['id']}") == [other]
    numbers = planner.get(f"/metrics/workorders/{order['id']}")
    assert (numbers["planned_duration"], len(numbers["stages"])) == (480, 2)
    assert worker.get(f"/metrics/stages/{stages[0]['id']}")["planned_duration"] == 240
    assert worker.get("/auth/me")["username"] == "ayşe"
    (press,) = planner.get("/machines")
    assert (press["name"], press["status"]) == ("Enjeksiyon 1", "active")
    product, mould = planner.get("/products")[0], planner.get("/molds")[0]
    assert (product["cavity_count"], mould["product_id"]) == (8, product["id"])


def test_the_inbox_and_the_readings_come(old: OldDay) -> None:
    planner = old.planner
    press = planner.get("/machines")[0]["id"]
    planner.taps(f"/machines/{press}/readings", {"reading_type": "temperature", "value": "181,5"})
    until(2, lambda: len(planner.get("/issues/notifications?read=false")))
    newest = planner.get("/issues/notifications?read=false")[0]
    planner.change("PATCH", f"/issues/notifications/{newest['id']}/read")
    assert planner.get("/issues/notifications?read=false") == []
    until("181.5", lambda: next((each["value"] for each in planner.get(f"/machines/{press}/readings?limit=5")), ""))


def test_whoever_is_refused_reads_why_in_turkish(old: OldDay) -> None:
    worker = old.worker
    (order,) = (each for each in worker.get("/workorders")["data"] if each["lot_no"] == "L-1")
    done = worker.get(f"/workorders/{order['id']}/stages")[0]["id"]
    body = {"product_code": "X", "lot_no": "L", "qty": 1, "planned_start": WINDOW[0], "planned_end": WINDOW[1]}
    for path, given, status in (
        ("/workorders", body, 403),
        (f"/stages/{done}/pause", None, 409),
        ("/stages/404404/start", None, 404),
    ):
        with pytest.raises(Refusal) as refused:
            worker.post(path, given)
        assert refused.value.status == status
        assert not re.search(r"[A-Z]{3,}_|\bthe\b", refused.value.detail)


def test_the_last_of_the_day_is_everything_that_the_app_may_call(old: OldDay) -> None:
    planner, worker = old.planner, old.worker
    old.admin.change("PUT", "/auth/me", {"full_name": "Ada Yılmaz", "email": "ada@example.com", "phone": ""})
    planner.post(f"/products/{_retired(old, 'products')}/restore")
    planner.post(f"/molds/{_retired(old, 'molds')}/restore")
    worker.post("/auth/change-password", {"current_password": PASSWORD, "new_password": f"{PASSWORD}!"})
    worker.sign_in(f"{old.tenant}/ayşe", f"{PASSWORD}!")

    assert set(ANSWERS) - old.admin.used - planner.used - worker.used == set()


def _retired(old: OldDay, things: str) -> int:
    """The number of what was deleted in the day: numbers count up, and the list leaves it out."""
    shown = {each["id"] for each in old.planner.get(f"/{things}")}
    (gone,) = {1, 2} - shown
    return gone
