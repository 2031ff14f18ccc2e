"""The policy of escalation, as admins write it and planners read it; and the handler of the clock."""

from typing import Any

import pytest

from chalicelib.services import tenants
from functions.escalate_issues import escalate_issues
from tests.conftest import SetClock, Told
from tests.disturbances import at_commit, raising
from tests.floor import HOUR, MINUTE, Plant
from tests.lambdas import LambdaContext, every_minute

STEP = {"priority": "high", "awaited": "acknowledged", "after_minutes": 15, "roles": ["planner"]}
NIGHT = {"start": "22:00", "end": "06:00"}


def put(plant: Plant, *steps: dict[str, Any], quiet: Any = None, **sent: Any) -> Any:
    headers: dict[str, Any] = {"If_Match": "*"} | sent
    return plant.admin.put("/escalation", {"steps": steps, "quiet_hours": quiet}, **headers)


def test_a_new_tenant_tells_nobody(plant: Plant) -> None:
    assert plant.planner.get("/escalation").data == {
        "steps": [],
        "quiet_hours": None,
        "timezone": "Europe/Istanbul",
    }


def test_an_admin_replaces_the_policy_and_it_is_ordered(plant: Plant) -> None:
    low = STEP | {"priority": "low", "roles": [], "user_ids": [plant.worker.id]}
    reply = put(plant, low, STEP, quiet=NIGHT)
    assert (reply.status, reply.data["quiet_hours"]) == (200, NIGHT)
    assert reply.data["steps"] == [STEP | {"user_ids": []}, low]
    assert plant.planner.get("/escalation").data == reply.data
    assert put(plant, STEP, low, quiet=NIGHT).headers["ETag"] == reply.headers["ETag"]

    events = plant.admin.get("/auth/events?limit=100").items
    (change,) = [event for event in events if event["kind"] == "tenant_changed"]
    assert (change["actor_id"], change["detail"]) == (
        plant.admin.id,
        {
            "setting": "escalation",
            "from": "no steps; quiet hours none",
            "to": f"high/acknowledged/15=planner, low/acknowledged/15={plant.worker.id}; quiet hours 22:00-06:00",
        },
    )


def test_two_admins_do_not_overwrite_each_other_and_a_repeat_is_done_once(plant: Plant) -> None:
    read = plant.admin.get("/escalation").headers["ETag"]
    first = put(plant, STEP, If_Match=read, key="k")
    assert (first.status, put(plant, STEP, If_Match=read, key="k").headers["Idempotent-Replayed"]) == (200, "true")
    assert put(plant, If_Match=read).status == 412
    assert plant.admin.put("/escalation", {"steps": []}).status == 428
    assert plant.admin.put("/escalation?dry_run=true", {"steps": []}, If_Match="*").data["steps"] == []
    assert plant.planner.get("/escalation").data == first.data


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"after_minutes": -1}, "steps[0].after_minutes"),
        ({"after_minutes": 10_081}, "steps[0].after_minutes"),
        ({"after_minutes": 1.5}, "steps[0].after_minutes"),
        ({"priority": "urgent"}, "steps[0].priority"),
        ({"awaited": "closed"}, "steps[0].awaited"),
        ({"roles": ["supervisor"]}, "steps[0].roles[0]"),
        ({"roles": []}, "steps"),
        ({"user_ids": ["nobody"]}, "steps[0].user_ids[0]"),
        ({"roles": ["admin", "admin"]}, "steps"),
        ({"minutes": 3}, "steps[0].minutes"),
    ],
)
def test_what_is_wrong_with_a_step_is_named(plant: Plant, wrong: dict[str, Any], field: str) -> None:
    reply = put(plant, STEP | wrong)
    assert (reply.status, list(reply.fields())) == (422, [field])


@pytest.mark.parametrize(
    "wrong", [{"start": "22:00", "end": "24:00"}, {"start": "22:00"}, {"start": "9:00", "end": "10:00"}]
)
def test_what_is_wrong_with_quiet_hours_is_named(plant: Plant, wrong: dict[str, str]) -> None:
    assert all(field.startswith("quiet_hours.") for field in put(plant, quiet=wrong).fields())


def test_quiet_hours_have_a_length(plant: Plant) -> None:
    assert put(plant, quiet={"start": "06:00", "end": "06:00"}).fields() == {"quiet_hours": "out_of_range"}


def test_a_plant_has_few_steps(plant: Plant) -> None:
    many = [STEP | {"after_minutes": minutes} for minutes in range(6)]
    assert (put(plant, *many).fields(), put(plant, *many[1:]).status) == ({"steps": "too_many"}, 200)


def tick() -> dict[str, int]:
    outcome: dict[str, int] = escalate_issues(every_minute(), LambdaContext())
    return outcome


def test_the_clocks_handler_tells_how_much_it_did(plant: Plant, set_clock: SetClock, told: Told) -> None:
    put(plant, STEP)
    tenants.forget_settings()
    stage = plant.order(planned_end=(set_clock.instant + 2 * HOUR).isoformat())["stages"][0]["id"]
    issue = plant.worker.post(
        f"/stages/{stage}/issue", {"type": "quality", "description": "x", "priority": "high"}
    ).data
    assert issue["next_escalation_at"] == "2026-01-05T08:15:00.000Z"
    set_clock.forward(15 * MINUTE)
    with at_commit(before=raising(RuntimeError("broken"))):
        assert tick() == {"steps": 0, "late": 0, "alarms": 0, "booked": 0, "failed": 1}
    assert tick() == {"steps": 1, "late": 0, "alarms": 0, "booked": 0, "failed": 0}
    assert [(line["level"], line["message"]) for line in told()[-3:]] == [
        ("ERROR", "a timer failed"),
        ("ERROR", "timers taken"),
        ("INFO", "timers taken"),
    ]
    set_clock.forward(2 * HOUR)
    assert tick() == {"steps": 0, "late": 1, "alarms": 0, "booked": 0, "failed": 0}
