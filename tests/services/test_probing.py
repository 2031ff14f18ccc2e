"""The probe, against the doors in this process."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.domain.errors import StorageUnavailable
from chalicelib.domain.instants import wire
from chalicelib.domain.sentences import say
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.domain.tenants import PROBE, PROBE_KEPT
from chalicelib.services import probing, tenants
from chalicelib.services.numbers import standing
from chalicelib.services.numbers.aggregation import aggregate
from chalicelib.storage import table
from chalicelib.storage.numbers import remaining
from tests.probing import call

pytestmark = pytest.mark.usefixtures("table")


def test_what_works_passes_again_and_again() -> None:
    assert [probing.found_wrong_by(call) for _ in range(3)] == [None, None, None]


def test_all_that_the_probe_leaves_expires_but_the_tenant() -> None:
    assert probing.found_wrong_by(call) is None
    left = table.scan(0, 1, limit=1000, place={}).items
    stays = {item.kind for item in left if "expires_at" not in item.attribute_values}
    assert len(left) > 20
    # The timer of the order's end and the markers go when the clock works on them, and the events when they are sent.
    assert stays == {"tenant", "timer", "marker", "outgoing"}
    assert max(item.expires_at or 0 for item in left) <= (clock.now() + PROBE_KEPT).timestamp()


def test_a_wrong_answer_is_told() -> None:
    def forgets_markers(function: str, event: dict[str, Any]) -> Any:
        return {} if function == "aggregate_bucket" else call(function, event)

    wrong = probing.found_wrong_by(forgets_markers)
    assert wrong == "The reading was sent, and is not in the rollup of this hour."


def test_a_number_that_is_wrong_is_told_with_the_right_one() -> None:
    def counts_one_more(function: str, event: dict[str, Any]) -> Any:
        answer = call(function, event)
        if event.get("path", "").endswith("/done"):
            body = json.loads(answer["body"])
            body["data"]["good"] += 1
            answer["body"] = json.dumps(body)
        return answer

    assert probing.found_wrong_by(counts_one_more) == (
        "('done', 10, 1) was found for the stage that was reported and done, and ('done', 9, 1) was expected."
    )


def test_two_probes_at_once_disturb_each_other_not() -> None:
    def another_sends_too(function: str, event: dict[str, Any]) -> Any:
        if function == "ingest_readings":
            (record,) = event["Records"]
            (reading,) = (body := json.loads(record["body"]))["readings"]
            half_a_minute = timedelta(seconds=30 if clock.now().second < 30 else -30)
            body["readings"] = [reading | {"at": wire(clock.now() + half_a_minute)}]
            call(function, {"Records": [record | {"body": json.dumps(body)}]})
        return call(function, event)

    assert probing.found_wrong_by(another_sends_too) is None


def test_a_request_that_fails_is_told_with_its_answer() -> None:
    def broken(function: str, event: dict[str, Any]) -> Any:
        if event.get("path", "").endswith("/done"):
            return {"statusCode": 500, "body": '{"error": "ERR_INTERNAL"}'}
        return call(function, event)

    told = probing.found_wrong_by(broken)
    assert told is not None
    assert told.startswith("POST /stages/")
    assert "/done was answered 500: " in told
    assert "ERR_INTERNAL" in told


def test_an_order_that_a_probe_could_not_end_is_no_plants_order() -> None:
    def broken(function: str, event: dict[str, Any]) -> Any:
        return {} if event.get("path", "").endswith("/start") else call(function, event)

    assert probing.found_wrong_by(broken) is not None
    aggregate(lambda: timedelta(minutes=1))
    left = remaining.of_plant(PROBE)
    assert left is not None
    assert left.counts.orders == 1
    assert standing.of_all() == standing.Standing()


def test_a_tenant_that_is_closed_is_told() -> None:
    tenants.create(PROBE, TenantSettings())
    tenants.close(PROBE)
    told = probing.found_wrong_by(call)
    assert told is not None
    assert "ERR_TENANT_CLOSED" in told


def test_who_cannot_be_made_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> bool:
        raise StorageUnavailable(say("Try again in a moment."), retry_after=2)

    monkeypatch.setattr(tenants, "is_there", away)
    assert probing.found_wrong_by(call) == (
        "Nobody could be made who tries it: Storage is unavailable. Try again in a moment."
    )
