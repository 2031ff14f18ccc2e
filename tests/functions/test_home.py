"""The first screen: one call that shows a person what is theirs, and nothing else."""

import json
from typing import Any

import pytest

from chalicelib.domain.people.users import Role
from chalicelib.services import tenants
from chalicelib.services.floor import home
from chalicelib.services.telling import sending
from tests.conftest import SetClock
from tests.floor import MINUTE, Person, Plant
from tests.machines import watched

HOME = "/me/home"
SCRATCHES = {"type": "quality", "description": "Scratches."}


def at_home(person: Person) -> Any:
    return person.get(HOME).data


@pytest.fixture
def shared(plant: Plant, set_clock: SetClock) -> str:
    """The id of a stage of both workers on a machine."""
    plant.planner.post("/machines", {"id": "M1", "name": "Press 1"})
    both = [plant.worker.id, plant.other.id]
    return str(plant.order({"name": "Montaj", "assignee_ids": both, "machine_id": "M1"}, id="WO-1")["stages"][0]["id"])


def test_it_shows_who_one_is_and_what_the_plant_decided(plant: Plant) -> None:
    tenants.change("default", {"timezone": "Europe/Berlin", "pause_reasons": ("lunch", "other")})
    shown = at_home(plant.worker)
    assert shown["me"] == plant.worker.get("/auth/me").data
    assert shown["plant"] == {
        "tenant": "default",
        "time_zone": "Europe/Berlin",
        "pause_reasons": ["lunch", "other"],
        "scrap_reasons": plant.worker.get("/meta").data["values"]["scrap_reason"],
        "stop_reasons": plant.worker.get("/meta").data["values"]["stop_reason"],
    }
    assert (shown["work"], shown["open_sessions"], shown["issues"]) == ([], [], [])
    assert shown["notifications"] == {"unread": 0, "more": False}


def test_work_is_that_of_the_list_with_the_machine_and_who_else_is_on_it(plant: Plant, shared: str) -> None:
    plant.other.post(f"/stages/{shared}/start")
    plant.worker.post(f"/stages/{shared}/start", {"machine_id": "M1"})
    shown = at_home(plant.worker)

    (work,) = shown["work"]
    since = "2026-01-05T08:00:00.000Z"
    assert work.pop("machine_name") == "Press 1"
    assert work.pop("others") == [{"id": plant.other.id, "name": "oya", "at_work_since": since}]
    assert work == plant.worker.get("/stages").items[0]
    (own,) = [each for each in work["open_sessions"] if each["worker_id"] == plant.worker.id]
    assert shown["open_sessions"] == [own | {"stage_id": shared}]

    plant.other.post(f"/stages/{shared}/pause")
    assert at_home(plant.worker)["work"][0]["others"][0]["at_work_since"] is None


def test_a_worker_sees_only_what_is_theirs(plant: Plant, shared: str) -> None:
    theirs = plant.order({"name": "Boya", "assignee_ids": [plant.other.id]}, id="WO-2")["stages"][0]["id"]
    plant.other.post(f"/stages/{theirs}/issue", SCRATCHES)
    seen = plant.other.post(f"/stages/{shared}/issue", SCRATCHES).data["id"]
    told = json.dumps(at_home(plant.worker))

    assert [issue["id"] for issue in at_home(plant.worker)["issues"]] == [seen]
    assert theirs not in told
    assert len(at_home(plant.other)["issues"]) == 2


def test_who_plans_sees_what_waits_for_them(plant: Plant, shared: str) -> None:
    def report(kind: str, priority: str = "normal") -> str:
        wrong = {"type": kind, "description": "It broke.", "priority": priority}
        return str(plant.worker.post(f"/stages/{shared}/issue", wrong).data["id"])

    taken, unassigned, urgent, mine = (
        report("quality"),
        report("tooling"),
        report("safety", "critical"),
        report("other"),
    )
    plant.admin.patch(f"/issues/{taken}", {"assignee_id": plant.admin.id})
    plant.admin.patch(f"/issues/{mine}", {"assignee_id": plant.planner.id})

    def waiting(person: Person) -> list[str]:
        return [issue["id"] for issue in at_home(person)["issues"]]

    assert waiting(plant.planner) == [urgent, unassigned, mine]
    assert waiting(plant.admin) == [urgent, taken, unassigned]
    assert at_home(plant.planner)["work"] == []


def test_what_is_not_read_is_counted(plant: Plant, shared: str, set_clock: SetClock) -> None:
    set_clock.forward(2 * MINUTE)
    sending.sweep(lambda: MINUTE)
    assert at_home(plant.worker)["notifications"] == plant.worker.get("/notifications/counts").data
    assert at_home(plant.worker)["notifications"]["unread"] == 1


def test_it_is_told_again_only_if_it_changed(plant: Plant, shared: str) -> None:
    tag = plant.worker.get(HOME).headers["ETag"]
    assert plant.worker.get(HOME, If_None_Match=tag).status == 304
    assert plant.other.get(HOME, If_None_Match=tag).status == 200
    plant.other.post(f"/stages/{shared}/start")
    assert plant.worker.get(HOME, If_None_Match=tag).status == 200


def test_who_has_more_stages_than_are_shown_still_sees_where_they_are_at_work(
    plant: Plant, shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "LONGEST_OWN_PAGE", 1)
    later = plant.order(id="WO-3")["stages"][0]["id"]
    plant.worker.post(f"/stages/{later}/start")
    shown = at_home(plant.worker)
    assert ([stage["id"] for stage in shown["work"]], shown["more_work"]) == ([shared, later], True)
    assert [own["stage_id"] for own in shown["open_sessions"]] == [later]


def test_only_the_most_urgent_issues_are_shown(plant: Plant, shared: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "MOST_ISSUES", 1)
    plant.worker.post(f"/stages/{shared}/issue", SCRATCHES)
    assert at_home(plant.worker)["more_issues"] is False
    plant.worker.post(f"/stages/{shared}/issue", {"type": "tooling", "description": "Blunt", "priority": "high"})
    shown = at_home(plant.worker)
    assert ([issue["type"] for issue in shown["issues"]], shown["more_issues"]) == (["tooling"], True)


def test_whoever_is_no_more_is_told_so(plant: Plant) -> None:
    ghost = plant.hire("ghost", Role.WORKER)
    assert ghost.user is not None
    gone = Person(
        plant.client, ghost.user.__class__("01HZZZZZZZZZZZZZZZZZZZZZZZ", "g", Role.WORKER, ghost.user.created_at)
    )
    assert gone.get(HOME).error["code"] == "ERR_USER_NOT_FOUND"


@pytest.mark.parametrize("stages", [1, 40])
def test_it_costs_the_same_with_one_stage_and_with_forty(plant: Plant, stages: int) -> None:
    for n in range(stages):
        plant.order(id=f"WO-{n}")
    plant.worker.get(HOME)
    with watched() as called:
        assert len(plant.worker.get(HOME).data["work"]) == stages
    assert len(called) == 6
