"""Readings over HTTP: the sender gets every error at once, and valid readings go to the queue."""

import json
from typing import Any

import pytest

from tests.floor import Plant
from tests.machines import AT, QUARANTINE, READINGS, ROLLUPS, part, queued, refusal, sent, standing, watched, work


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
