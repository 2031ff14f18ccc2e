"""Readings over HTTP: the sender sees every error at once, and what is good goes the way of all readings."""

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest

from chalicelib import settings
from chalicelib.services.aggregation import aggregate
from chalicelib.services.ingest import ingest
from tests.conftest import SetClock
from tests.floor import MORNING, Person, Plant
from tests.machines import arrived, install, part, refusal, standing, watched

READINGS, ROLLUPS, QUARANTINE = "/machines/M1/readings", "/machines/M1/rollups", "/machines/quarantine"
AT = "2026-01-05T07:10:00Z"


@pytest.fixture
def floor(plant: Plant, set_clock: SetClock) -> Plant:
    """A plant with one machine."""
    install("M1")
    return plant


def queued() -> list[Any]:
    """The messages that wait on the readings queue."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=settings.current().readings_queue)["QueueUrl"]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(each["Body"]) for each in found]


def work() -> None:
    """Let the queue's door and the clock's door do what they do."""
    ingest(arrived(*(json.dumps(each) for each in queued())))
    aggregate(lambda: timedelta(minutes=1))


def sent(*parts: object) -> dict[str, object]:
    return {"machine_id": "M1", "readings": parts}


# --- sending ----------------------------------------------------------------------------------------------------------


def test_nobody_unknown_sends_readings(floor: Plant) -> None:
    assert floor.stranger.post(READINGS, sent(part())).status == 401


def test_readings_of_a_machine_that_is_not_there_are_not_found(floor: Plant) -> None:
    reply = floor.planner.post("/machines/M2/readings", sent(part()) | {"machine_id": "M2"})
    assert (reply.status, reply.error["code"]) == (404, "ERR_MACHINE_NOT_FOUND")


def test_a_worker_sends_no_readings(floor: Plant) -> None:
    assert floor.worker.post(READINGS, sent(part())).status == 403


@pytest.mark.parametrize("who", ["admin", "planner"])
def test_good_readings_are_taken_in_and_go_on_the_queue(floor: Plant, who: str) -> None:
    reply = floor.everybody()[who].post(READINGS, sent(part(20.5), part(21.0, at=AT, sensor="spindle", seq=7)))
    assert (reply.status, reply.data) == (202, {"accepted": 2, "quarantined": 0, "errors": []})
    (message,) = queued()
    assert (message["tenant"], message["machine_id"], len(message["readings"])) == ("default", "M1", 2)


@pytest.mark.parametrize(
    "body",
    [
        {"type": "temperature", "value": 20.5, "at": AT},
        {"reading_type": "temperature", "value": 20.5, "timestamp": AT},
        {"machine_id": "M1", "tenant": "default", "readings": [part(20.5)]},
        {"readings": [part(20.5)]},
    ],
)
def test_a_bare_reading_old_names_and_no_machine_are_understood(floor: Plant, body: dict[str, object]) -> None:
    assert floor.planner.post(READINGS, body).data["accepted"] == 1
    work()
    (rollup,) = floor.worker.get(f"{ROLLUPS}?from={AT}").items
    assert (rollup["count"], rollup["mean"]) == (1, 20.5)


def test_wrong_readings_are_named_and_set_aside_and_the_others_are_taken(floor: Plant) -> None:
    parts = part("warm"), part(1.0), part(1e300, at="now")
    body = sent(*parts)
    reply = floor.planner.post(READINGS, body)
    assert reply.status == 202
    assert (reply.data["accepted"], reply.data["quarantined"]) == (1, 2)
    assert [(each["field"], each["code"]) for each in reply.data["errors"]] == [
        ("readings[0].value", "not_a_number"),
        ("readings[2].at", "not_an_instant"),
        ("readings[2].value", "out_of_range"),
    ]
    floor.planner.post(READINGS, body)
    (aside,) = floor.admin.get(QUARANTINE).items
    assert (aside["machine_id"], aside["reasons_count"]) == ("M1", 3)
    assert json.loads(aside["original"])["readings"] == [*parts]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"readings": "required"}),
        ({"readings": []}, {"readings": "bad_length"}),
        ({"readings": "all"}, {"readings": "not_a_list"}),
        ({"readings": [7]}, {"readings[0]": "not_an_object"}),
        (sent(part(None)), {"readings[0].value": "required"}),
        (sent(part(at="2026-01-05T10:00:00")), {"readings[0].at": "no_offset"}),
        (sent(*[part()] * 1_001), {"readings": "bad_length"}),
        (sent(part()) | {"machine_id": "M2"}, {"machine_id": "other"}),
        (sent(part()) | {"tenant": "acme"}, {"tenant": "other"}),
    ],
)
def test_where_nothing_can_be_used_every_error_is_told_and_nothing_is_kept(
    floor: Plant, body: dict[str, object], fields: dict[str, str]
) -> None:
    reply = floor.planner.post(READINGS, body)
    assert (reply.status, reply.fields()) == (422, fields)
    assert (queued(), standing("quarantined")) == ([], [])


@pytest.mark.parametrize("raw", [b"[]", b"{", b"7", b'{"value": ' + b"[" * 5_000])
def test_what_is_no_object_is_unreadable(floor: Plant, raw: bytes) -> None:
    assert floor.planner.call("POST", READINGS, raw).status == 400


def test_a_number_that_json_does_not_have_harms_only_its_reading(floor: Plant) -> None:
    raw = b'{"readings": [{"type": "custom", "value": NaN, "at": "%s"}, {"type": "custom", "value": 1, "at": "%s"}]}'
    reply = floor.planner.call("POST", READINGS, raw.replace(b"%s", AT.encode()))
    assert (reply.status, reply.data["accepted"]) == (202, 1)
    assert reply.data["errors"][0]["code"] == "not_finite"


def test_a_thousand_readings_with_the_longest_of_everything_still_fit_the_queue(floor: Plant) -> None:
    longest = {"sensor": "s" * 64, "seq": 2**63 - 1, "type": "cycle_count", "value": 1.2345678901234567e-300}
    parts = [longest | {"at": f"2026-01-05T07:10:00.{n:06}+00:00"} for n in range(1_000)]
    assert floor.planner.post(READINGS, {"readings": parts}).data["accepted"] == 1_000
    work()
    assert sum(each["count"] for each in floor.worker.get(ROLLUPS).items) == 1_000


def test_a_dry_run_checks_and_keeps_nothing(floor: Plant) -> None:
    reply = floor.planner.post(f"{READINGS}?dry_run=1", sent(part(), part("warm")))
    assert (reply.status, reply.data["accepted"], reply.data["quarantined"]) == (202, 1, 1)
    assert (queued(), standing("quarantined")) == ([], [])


def test_sending_the_same_again_counts_once(floor: Plant) -> None:
    for _ in range(2):
        floor.planner.post(READINGS, sent(part()))
    work()
    (rollup,) = floor.worker.get(ROLLUPS).items
    assert rollup["count"] == 1


def test_where_the_queue_is_away_the_sender_is_asked_to_come_again(floor: Plant) -> None:
    def away(operation: str, _: dict[str, Any]) -> None:
        if operation == "SendMessage":
            raise refusal("ServiceUnavailable", operation)

    with watched(away):
        reply = floor.planner.post(READINGS, sent(part()))
    assert (reply.status, reply.error["code"]) == (503, "ERR_READINGS_UNAVAILABLE")
    assert reply.headers["Retry-After"]


# --- rollups ----------------------------------------------------------------------------------------------------------


def test_nobody_unknown_reads_rollups(floor: Plant) -> None:
    assert floor.stranger.get(ROLLUPS).status == 401


def test_rollups_of_a_machine_that_is_not_there_are_not_found(floor: Plant) -> None:
    assert floor.worker.get("/machines/M2/rollups").status == 404


def test_a_rollup_says_how_it_was_made(floor: Plant, set_clock: SetClock) -> None:
    floor.planner.post(READINGS, sent(part(20.0), part(23.0, at="2026-01-05T07:20:00Z")))
    work()
    (rollup,) = floor.worker.get(ROLLUPS).items
    digest = rollup["inputs"].pop("digest")
    assert len(digest) == 32
    assert rollup == {
        "machine_id": "M1",
        "sensor": "main",
        "type": "temperature",
        "hour": "2026-01-05T07:00:00.000Z",
        "count": 2,
        "sum": 43.0,
        "min": 20.0,
        "max": 23.0,
        "mean": 21.5,
        "first": 20.0,
        "first_at": "2026-01-05T07:10:00.000Z",
        "last": 23.0,
        "last_at": "2026-01-05T07:20:00.000Z",
        "conflicts": 0,
        "inputs": {"count": 2},
        "revision": 1,
        "as_of": "2026-01-05T08:00:00.000Z",
        "complete": False,
    }
    set_clock.forward(timedelta(days=1))
    assert floor.worker.get(ROLLUPS).items[0]["complete"]


def test_counters_and_states_show_what_is_theirs(floor: Plant) -> None:
    states = [part(state, at=f"2026-01-05T07:1{n}:00Z", type="state") for n, state in enumerate(["idle", "off", "off"])]
    counts = [part(count, at=f"2026-01-05T07:1{n}:00Z", type="cycle_count") for n, count in enumerate([7, 9, 2])]
    floor.planner.post(READINGS, sent(*states, *counts))
    work()
    counter, state = floor.worker.get(f"{ROLLUPS}?type=state&type=cycle_count").items
    assert (counter["produced"], counter["resets"], counter["sum"]) == (4.0, 1, 18.0)
    assert "seconds_by_state" not in counter
    assert (state["first"], state["last"], state["seconds_by_state"]) == ("idle", "off", {"idle": 60.0, "off": 60.0})
    assert (state["sum"], state["mean"]) == (None, None)
    assert "produced" not in state


@pytest.mark.parametrize(
    "query",
    ["from=yesterday", "from=2026-01-05T10:00:00", f"from={AT}&to={AT}", "limit=0", "limit=101", "cursor=x", "since=1"],
)
def test_a_parameter_that_cannot_be_is_refused(floor: Plant, query: str) -> None:
    assert floor.worker.get(f"{ROLLUPS}?{query}").status == 400


def test_a_list_of_rollups_is_read_page_by_page(floor: Plant) -> None:
    floor.planner.post(READINGS, sent(*(part(at=f"2025-12-3{day}T23:59:00Z") for day in (0, 1)), part()))
    work()
    query = "from=2025-12-01T00:00:00Z&to=2026-01-06T00:00:00Z&limit=1&sensor=main"
    hours: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = floor.worker.get(f"{ROLLUPS}?{query}{cursor}").data
        hours += [each["hour"][:10] for each in page["items"]]
        cursor = f"&cursor={page['next_cursor']}" if "next_cursor" in page else None
    assert hours == ["2025-12-30", "2025-12-31", "2026-01-05"]


# --- quarantine -------------------------------------------------------------------------------------------------------


def test_quarantine_is_for_admins(floor: Plant) -> None:
    def status(person: Person) -> int:
        return person.get(QUARANTINE).status

    assert {name: status(person) for name, person in floor.everybody().items()} == {
        "stranger": 401,
        "worker": 403,
        "other": 403,
        "planner": 403,
        "admin": 200,
    }


def test_quarantine_shows_the_newest_first_with_reasons_and_the_original(floor: Plant) -> None:
    ingest(arrived("{", sent_at=MORNING))
    ingest(arrived('{"machine_id": "M1"}', sent_at=MORNING + timedelta(seconds=1)))
    newest, oldest = floor.admin.get(QUARANTINE).items
    assert newest["reasons"] == [{"field": "readings", "code": "required", "message": "is required"}]
    assert oldest == {
        "id": oldest["id"],
        "machine_id": None,
        "sent_at": "2026-01-05T08:00:00.000Z",
        "size_bytes": 1,
        "reasons_count": 1,
        "reasons": [{"field": "", "code": "unreadable", "message": "is not readable as JSON"}],
        "original": "{",
        "original_whole": True,
    }
    assert oldest["id"].startswith("2026-01-05-")


def test_a_page_of_the_largest_messages_in_quarantine_is_still_small(floor: Plant) -> None:
    parts = [{"sensor": "?", "type": "?", "at": "?", "seq": "?", "pad": "x" * 50, "n": n} for n in range(1_000)]
    ingest(arrived(json.dumps(sent(*parts))))
    reply = floor.admin.get(f"{QUARANTINE}?limit=1")
    (aside,) = reply.items
    assert (aside["reasons_count"], len(aside["reasons"])) == (5_000, 20)
    assert (len(aside["original"]), aside["original_whole"]) == (2_000, False)
    assert len(json.dumps(reply.body)) < 10_000


def test_quarantine_is_read_page_by_page(floor: Plant) -> None:
    ingest(arrived("{", "[", "x"))
    first = floor.admin.get(f"{QUARANTINE}?limit=2").data
    rest = floor.admin.get(f"{QUARANTINE}?limit=2&cursor={first['next_cursor']}").data
    assert len({each["id"] for each in first["items"] + rest["items"]}) == 3
    assert floor.admin.get(f"{QUARANTINE}?cursor=x").status == 400
