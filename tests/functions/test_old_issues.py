"""The old app reports issues, lists and answers them, and reads what it is told of them."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import SetClock
from tests.floor import MINUTE, MORNING, Plant
from tests.machines import watched
from tests.old_app import OldPhone, detail, let_in, number_of
from tests.telling import swept

BROKEN = {"type": "machine_breakdown", "description": "hava yok"}


@pytest.fixture
def stage(plant: Plant, set_clock: SetClock) -> str:
    """The path of a stage of the worker, as the old app knows it, on a morning."""
    assert set_clock() == MORNING
    let_in()
    return f"/stages/{number_of('stage', plant.order(id='WO-1')['stages'][0]['id'])}"


@pytest.fixture
def phones(plant: Plant) -> dict[str, OldPhone]:
    return {name: OldPhone(person) for name, person in plant.everybody().items()}


def listed(phone: OldPhone, query: str = "") -> list[Any]:
    found: list[Any] = phone.get(f"/issues{query}").body
    return found


def test_a_report_is_an_issue_in_takips_words(plant: Plant, phones: dict[str, OldPhone], stage: str) -> None:
    told = phones["worker"].post(f"{stage}/issue", BROKEN)
    (own,) = plant.planner.get("/issues").items

    assert told.body == {"ok": True, "issue_id": number_of("issue", own["id"])}
    assert (own["type"], own["description"], own["created_by"]) == ("machine_failure", "hava yok", plant.worker.id)
    assert listed(phones["planner"]) == [
        {
            "id": told.body["issue_id"],
            "work_order_stage_id": int(stage.rpartition("/")[2]),
            "type": "machine_breakdown",
            "description": "hava yok",
            "status": "open",
            "created_by": number_of("user", plant.worker.id),
            "created_at": "2026-01-05T08:00:00",
            "acknowledged_at": None,
            "resolved_at": None,
        }
    ]
    assert [listed(phones["other"], f"?work_order_stage_id={n}") for n in (stage.rpartition("/")[2], 404, -1)] == [
        []
    ] * 3
    assert listed(phones["other"]) == []


@pytest.mark.parametrize(
    ("sent", "kept", "shown"),
    [
        ({"type": "Kalıp"}, ("tooling", "Kalıp"), "tooling"),
        ({"type": "quality", "description": ""}, ("quality", "quality"), "quality"),
        ({"type": "hırsızlık", "description": "vida yok"}, ("other", "hırsızlık: vida yok"), "diğer"),
        ({"type": "DİĞER", "description": None}, ("other", "DİĞER"), "diğer"),
    ],
)
def test_words_of_the_plant_become_takips_and_none_is_lost(
    plant: Plant, phones: dict[str, OldPhone], stage: str, sent: dict[str, Any], kept: tuple[str, str], shown: str
) -> None:
    assert phones["worker"].post(f"{stage}/issue", sent).status == 200
    (own,) = plant.planner.get("/issues").items

    assert (own["type"], own["description"]) == kept
    assert [each["type"] for each in listed(phones["worker"], f"?type={shown}")] == [shown]


def test_a_second_tap_reports_nothing_again(
    plant: Plant, phones: dict[str, OldPhone], stage: str, set_clock: SetClock
) -> None:
    first = phones["worker"].post(f"{stage}/issue", BROKEN)
    set_clock.forward(timedelta(seconds=2))
    again = phones["worker"].post(f"{stage}/issue", BROKEN)

    assert (again.body, again.headers["Idempotent-Replayed"]) == (first.body, "true")
    assert plant.planner.get("/issues").items[0]["notes_count"] == 0


def test_an_issue_is_acknowledged_and_resolved_and_a_second_tap_changes_nothing(
    plant: Plant, phones: dict[str, OldPhone], stage: str, set_clock: SetClock
) -> None:
    number = phones["worker"].post(f"{stage}/issue", BROKEN).body["issue_id"]
    change = f"/issues/{number}/status?new_status="
    for _ in range(2):
        set_clock.forward(MINUTE)
        assert phones["planner"].send("PATCH", f"{change}acknowledged").body["status"] == "acknowledged"
    set_clock.forward(MINUTE)
    phones["planner"].send("PATCH", f"{change}resolved")
    set_clock.forward(MINUTE)
    done = phones["planner"].send("PATCH", f"{change}resolved")

    assert (done.body["acknowledged_at"], done.body["resolved_at"]) == ("2026-01-05T08:01:00", "2026-01-05T08:03:00")
    assert detail(phones["planner"].send("PATCH", f"{change}acknowledged")) != ""
    refused = phones["worker"].send("PATCH", f"{change}open")
    assert (refused.status, "new_status" in detail(phones["planner"].send("PATCH", f"{change}gone"))) == (403, True)
    assert detail(refused)


def test_open_issues_come_first_and_the_newest_of_them(
    plant: Plant, phones: dict[str, OldPhone], stage: str, set_clock: SetClock
) -> None:
    numbers = []
    for kind in ("quality", "material_shortage", "diğer"):
        numbers.append(phones["worker"].post(f"{stage}/issue", {"type": kind}).body["issue_id"])
        set_clock.forward(MINUTE)
    phones["planner"].send("PATCH", f"/issues/{numbers[2]}/status?new_status=resolved")
    phones["planner"].send("PATCH", f"/issues/{numbers[0]}/status?new_status=acknowledged")

    def found(query: str) -> list[int]:
        return [each["id"] for each in listed(phones["planner"], query)]

    of_stage = f"work_order_stage_id={stage.rpartition('/')[2]}"
    assert (
        found("")
        == found(f"?{of_stage}")
        == found("?status=&type=&work_order_stage_id=")
        == [numbers[1], numbers[0], numbers[2]]
    )
    assert (found("?status=open"), found("?status=resolved")) == ([numbers[1]], [numbers[2]])
    assert found(f"?status=acknowledged&{of_stage}&type=quality") == [numbers[0]]
    set_clock.forward(timedelta(days=31))
    assert (found(""), found(f"?{of_stage}")) == ([numbers[1], numbers[0]], [numbers[1], numbers[0], numbers[2]])
    with watched() as called:
        found("")
    assert called == ["Query", "Query", "BatchGetItem", "BatchGetItem", "BatchGetItem"]


def test_an_issue_of_a_machine_has_no_stage(plant: Plant, phones: dict[str, OldPhone]) -> None:
    let_in()
    plant.planner.post("/machines", {"id": "M-1", "name": "Press"})
    plant.worker.post("/machines/M-1/issue", {"type": "machine_failure", "description": "It rattles."})

    assert [each["work_order_stage_id"] for each in listed(phones["worker"])] == [None]


def test_the_inbox_tells_of_issues_only_and_is_read_up_to_one(
    plant: Plant, phones: dict[str, OldPhone], stage: str, set_clock: SetClock
) -> None:
    number = phones["worker"].post(f"{stage}/issue", BROKEN).body["issue_id"]
    set_clock.forward(2 * MINUTE)
    phones["planner"].send("PATCH", f"/issues/{number}/status?new_status=acknowledged")
    phones["planner"].send("PATCH", f"/issues/{number}/status?new_status=resolved")
    set_clock.forward(2 * MINUTE)
    swept()

    (told,) = phones["planner"].get("/issues/notifications").body
    newest, oldest = phones["worker"].get("/issues/notifications?read=false").body
    assert told == {
        "id": told["id"],
        "issue_id": number,
        "message": "Sorun bildirildi: WO-1, Montaj: hava yok",
        "read": "false",
        "created_at": "2026-01-05T08:00:00",
    }
    assert [each["message"].partition(":")[0] for each in (newest, oldest)] == [
        "Sorun çözüldü",
        "Sorunla ilgileniliyor",
    ]
    path = f"/issues/notifications/{oldest['id']}/read"
    assert [phones["worker"].send("PATCH", path).body for _ in range(2)] == [{"ok": True}] * 2
    assert phones["worker"].get("/issues/notifications?read=false").body == [newest]
    assert len(phones["worker"].get("/issues/notifications?read=").body) == 2
    assert phones["worker"].get("/issues/notifications?read=true").body == [oldest | {"read": "true"}]
    assert detail(phones["other"].send("PATCH", path))
