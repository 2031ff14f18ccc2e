"""Commands collected offline: each has a result of its own, and none is done twice, whichever endpoint it uses."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import LostRace, StorageUnavailable, TakipError
from chalicelib.domain.instants import wire
from chalicelib.storage.orders import work_orders
from tests.conftest import SetClock
from tests.disturbances import raising
from tests.floor import HOUR, MINUTE, MORNING, Person, Plant, Reply

FIRST, SECOND = "WO-1-01", "WO-1-02"


@pytest.fixture
def order(floor: Plant, set_clock: SetClock) -> None:
    """An order with two stages, one for the worker; an hour later the phone is online again."""
    mine, others = {"name": "Enjeksiyon", "assignee_ids": [floor.worker.id]}, {"name": "Montaj"}
    floor.order(mine, others, id="WO-1")
    floor.order(mine, id="WO-2")
    set_clock.forward(HOUR)


def offline(
    number: int, command: str, target: str = FIRST, minute: int | None = None, **payload: Any
) -> dict[str, Any]:
    at = {} if minute is None else {"at": wire(MORNING + minute * MINUTE)}
    return {"id": f"c{number}", "command": command, "target": target, "payload": payload} | at


def sent(person: Person, *commands: dict[str, Any]) -> list[Any]:
    reply = person.post("/sync/commands", {"commands": list(commands)})
    assert reply.status == 200, reply.body
    items: list[Any] = reply.items
    return items


def results(items: list[Any]) -> list[str]:
    return [each["result"] for each in items]


DAY = [
    offline(1, "start", minute=1),
    offline(2, "report", minute=20, good=4),
    offline(3, "pause", minute=30, pause_reason="break"),
    offline(4, "start", minute=40),
    offline(5, "done", minute=50, good=5, scrap=1),
]


@pytest.mark.usefixtures("order")
def test_a_day_offline_is_applied_in_order_with_the_times_of_the_phone(floor: Plant) -> None:
    items = sent(floor.worker, *DAY)

    assert results(items) == ["applied"] * 5
    stage = items[-1]["data"]
    assert (stage["status"], stage["good"], stage["scrap"]) == ("done", 9, 1)
    assert (stage["started_at"], stage["ended_at"]) == (wire(MORNING + MINUTE), wire(MORNING + 50 * MINUTE))
    sessions = floor.worker.get(f"/stages/{FIRST}/sessions").items
    assert [(each["started_at"], each["ended_at"]) for each in sessions] == [
        (wire(MORNING + MINUTE), wire(MORNING + 30 * MINUTE)),
        (wire(MORNING + 40 * MINUTE), wire(MORNING + 50 * MINUTE)),
    ]


@pytest.mark.usefixtures("order")
def test_sending_it_all_again_changes_nothing_and_answers_as_before(floor: Plant) -> None:
    first, again = sent(floor.worker, *DAY), sent(floor.worker, *DAY)

    assert results(again) == ["duplicate"] * 5
    assert [each["data"] for each in again] == [each["data"] for each in first]


@pytest.mark.usefixtures("order")
def test_one_key_by_the_single_call_and_in_a_batch_is_one_command(floor: Plant) -> None:
    alone = floor.worker.post(f"/stages/{FIRST}/start", {"at": wire(MORNING + MINUTE)}, key="c1")
    (batched,) = sent(floor.worker, DAY[0])
    assert (batched["result"], batched["data"]) == ("duplicate", alone.data)

    (applied,) = sent(floor.worker, DAY[1])
    single = floor.worker.post(f"/stages/{FIRST}/report", {"at": wire(MORNING + 20 * MINUTE), "good": 4}, key="c2")
    assert single.headers["Idempotent-Replayed"] == "true"
    assert single.data == applied["data"]


@pytest.mark.usefixtures("order")
def test_what_is_wrong_is_reported_offline_too_and_by_either_road_once(floor: Plant) -> None:
    wrong: dict[str, Any] = {"type": "tooling", "description": "The drill is blunt.", "blocking": True}
    items = sent(
        floor.worker,
        offline(1, "start", minute=1),
        offline(2, "issue", minute=20, **wrong),
        offline(3, "done", minute=30),
    )

    assert results(items) == ["applied", "applied", "conflict"]
    issue = items[1]["data"]
    assert (issue["stage_id"], issue["reported_at"], issue["blocking"]) == (FIRST, wire(MORNING + 20 * MINUTE), True)
    assert items[2]["error"]["code"] == "ERR_STAGE_BLOCKED"
    alone = floor.worker.post(f"/stages/{FIRST}/issue", wrong | {"at": wire(MORNING + 20 * MINUTE)}, key="c2")
    assert (alone.status, alone.data, alone.headers["Idempotent-Replayed"]) == (201, issue, "true")
    (again,) = sent(floor.worker, offline(4, "issue", minute=40, **wrong))
    assert (again["result"], again["data"]) == ("applied", issue | {"duplicate": True, "notes_count": 1})


@pytest.mark.usefixtures("order")
def test_a_failed_command_stops_later_ones_of_its_order_only(floor: Plant) -> None:
    items = sent(
        floor.worker,
        offline(1, "pause", minute=1),
        offline(2, "start", minute=2),
        offline(3, "start", target="WO-2-01", minute=2),
    )

    assert results(items) == ["conflict", "conflict", "applied"]
    assert items[0]["error"]["code"] == "ERR_STAGE_ILLEGAL_TRANSITION"
    assert items[0]["error"]["allowed"] == ["start", "book"]
    assert items[0]["error"]["since"]
    assert items[1]["error"]["code"] == "ERR_SYNC_EARLIER_FAILED"
    assert results(sent(floor.worker, offline(2, "start", minute=2))) == ["applied"]


@pytest.mark.usefixtures("order")
def test_what_was_done_before_is_a_duplicate_also_where_its_order_is_stuck(floor: Plant) -> None:
    done = sent(floor.worker, DAY[0])
    stuck = sent(floor.worker, offline(9, "skip", reason="x"), DAY[0], DAY[1], offline(1, "pause", minute=1))

    assert results(stuck) == ["rejected", "duplicate", "conflict", "rejected"]
    assert stuck[1]["data"] == done[0]["data"]
    assert stuck[2]["error"]["detail"].startswith("It was not tried, because of c9.")
    assert stuck[3]["error"]["code"] == "ERR_IDEMPOTENCY_KEY_REUSED"
    assert results(sent(floor.worker, DAY[1])) == ["applied"]


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (offline(1, "start", target=SECOND), "ERR_STAGE_NOT_FOUND", None),
        (offline(1, "start", target="nowhere"), "ERR_STAGE_NOT_FOUND", None),
        (offline(1, "skip", reason="x"), "ERR_AUTH_FORBIDDEN", None),
        (offline(1, "dance"), "ERR_SYNC_UNKNOWN_COMMAND", None),
        (offline(1, "start", god=1), "ERR_REQUEST_INVALID", "payload.god"),
        (offline(1, "start", minute=600), "ERR_REQUEST_INVALID", "at"),
        (offline(1, "start", kind="nap"), "ERR_REQUEST_INVALID", "payload.kind"),
        (offline(1, "issue", type="weather", description="x"), "ERR_REQUEST_INVALID", "payload.type"),
    ],
)
@pytest.mark.usefixtures("order")
def test_what_cannot_be_is_rejected_and_says_why(
    floor: Plant, command: dict[str, Any], code: str, field: str | None
) -> None:
    (item,) = sent(floor.worker, command)
    assert (item["result"], item["error"]["code"]) == ("rejected", code)
    assert field is None or [each["field"] for each in item["error"]["errors"]] == [field]


@pytest.mark.usefixtures("order")
def test_a_key_that_meant_something_else_is_rejected(floor: Plant) -> None:
    sent(floor.worker, DAY[0])
    (item,) = sent(floor.worker, offline(1, "report", good=1))
    assert (item["result"], item["error"]["code"]) == ("rejected", "ERR_IDEMPOTENCY_KEY_REUSED")


@pytest.mark.parametrize(
    ("error", "status"),
    [(StorageUnavailable("Away.", retry_after=2), 503), (LostRace("Send it again.", retry_after=2), 409)],
)
@pytest.mark.usefixtures("order")
def test_while_storage_is_away_or_too_busy_the_whole_is_to_be_sent_again(
    floor: Plant, monkeypatch: pytest.MonkeyPatch, error: TakipError, status: int
) -> None:
    sent(floor.worker, DAY[0])
    with monkeypatch.context() as broken:
        failing = raising(error)
        broken.setattr(work_orders, "load_of_stage", lambda *_: failing())
        reply: Reply = floor.worker.post("/sync/commands", {"commands": DAY[1:]})
    assert (reply.status, reply.error["code"], reply.headers["Retry-After"]) == (status, error.code, "2")
    assert results(sent(floor.worker, *DAY)) == ["duplicate", *["applied"] * 4]


@pytest.mark.usefixtures("order")
def test_a_dry_run_does_nothing(floor: Plant) -> None:
    reply = floor.worker.post("/sync/commands?dry_run=1", {"commands": [DAY[0]]})
    assert results(reply.items) == ["applied"]
    assert floor.worker.get(f"/stages/{FIRST}").data["status"] == "planned"


@pytest.mark.parametrize(
    ("wrong", "field", "shown"),
    [
        ({"at": "yesterday"}, "commands[1].at", "c9"),
        ({"id": "ü"}, "commands[1].id", "ü"),
        ({"id": 9}, "commands[1].id", None),
        ({"payload": []}, "commands[1].payload", "c9"),
        ({"god": 1}, "commands[1].god", "c9"),
    ],
)
@pytest.mark.usefixtures("order")
def test_a_malformed_command_stops_only_later_ones_of_its_order(
    floor: Plant, wrong: dict[str, Any], field: str, shown: str | None
) -> None:
    items = sent(floor.worker, DAY[0], offline(9, "report") | wrong, DAY[1], offline(3, "start", target="WO-2-01"))

    assert results(items) == ["applied", "rejected", "conflict", "applied"]
    assert (items[1]["id"], items[1]["error"]["code"]) == (shown, "ERR_REQUEST_INVALID")
    assert [each["field"] for each in items[1]["error"]["errors"]] == [field]
    assert items[2]["error"]["detail"].startswith(f"It was not tried, because of {shown or 'commands[1]'}.")


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        (5, ["commands[0]"]),
        (None, ["commands[0]"]),
        ({"id": "c9", "command": "start"}, ["commands[0].target"]),
        ({"id": "c9", "command": "start", "target": 5}, ["commands[0].target"]),
        ({"command": 5, "target": "nowhere"}, ["commands[0].id", "commands[0].command"]),
    ],
)
@pytest.mark.usefixtures("order")
def test_a_malformed_command_of_no_order_stops_no_other(floor: Plant, wrong: Any, fields: list[str]) -> None:
    items = sent(floor.worker, wrong, *DAY)

    assert results(items) == ["rejected", *["applied"] * 5]
    assert [each["field"] for each in items[0]["error"]["errors"]] == fields


@pytest.mark.parametrize("commands", [None, {}, "start", [], [DAY[0]] * 101])
def test_a_batch_is_a_list_of_one_to_a_hundred_commands(floor: Plant, commands: Any) -> None:
    assert floor.worker.post("/sync/commands", {"commands": commands}).status == 422
    assert floor.stranger.post("/sync/commands", {"commands": commands}).status == 401


@pytest.mark.usefixtures("order")
def test_a_phone_that_was_away_for_more_than_a_week_is_told_so(floor: Plant, set_clock: SetClock) -> None:
    set_clock.forward(timedelta(days=8))
    (item,) = sent(floor.worker, DAY[0])
    assert item["error"]["errors"][0]["code"] == "too_old"
