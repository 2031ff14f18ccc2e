"""What is deprecated works as before, and whoever uses it is told."""

from datetime import UTC, datetime

import pytest

from functions import _deprecated
from functions._deprecated import Deprecated
from functions._openapi import document
from tests.floor import Plant, new_order


def test_a_former_name_in_a_body_is_accepted_and_the_client_is_told(plant: Plant) -> None:
    stage = plant.order()["stages"][0]["id"]

    new = plant.planner.post(f"/stages/{stage}/start?dry_run=1", {"at": "2026-01-05T08:00:00Z"})
    old = plant.planner.post(f"/stages/{stage}/start?dry_run=1", {"timestamp": "2026-01-05T08:00:00Z"})

    assert (new.status, old.status) == (200, 200)
    assert old.headers["Deprecation"] == "@1796083200"
    assert "Sunset" not in old.headers
    assert "Deprecation" not in new.headers


def test_a_former_name_of_a_parameter_or_of_a_refused_request_is_told_too(plant: Plant) -> None:
    listed = plant.planner.get("/issues?work_order_stage_id=WO-1-01")
    refused = plant.planner.post("/workorders", {**new_order(), "quantity": 1, "qty": 2})

    assert (listed.status, refused.status) == (200, 422)
    assert listed.headers["Deprecation"] == refused.headers["Deprecation"] == "@1796083200"


def test_a_text_that_only_looks_like_a_former_name_is_not_told(plant: Plant) -> None:
    assert "Deprecation" not in plant.planner.post("/workorders", new_order(note="qty: 5, timestamp")).headers


def test_once_it_is_decided_when_it_goes_the_day_is_told(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    goes = Deprecated(datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 12, 1, tzinfo=UTC))
    monkeypatch.setattr(_deprecated, "DEPRECATED", {**_deprecated.DEPRECATED, "work_order_stage_id": goes})

    listed = plant.planner.get("/issues?work_order_stage_id=WO-1-01")

    assert listed.headers["Sunset"] == "Wed, 01 Dec 2027 00:00:00 GMT"


def test_the_contract_shows_the_former_names_of_optional_fields_as_deprecated() -> None:
    issues = document()["paths"]["/issues"]["get"]
    parameters = {each["name"]: each for each in issues["parameters"] if "name" in each}
    start = document()["components"]["schemas"]["StartStage"]["properties"]

    assert parameters["work_order_stage_id"]["deprecated"] is True
    assert "deprecated" not in parameters["stage_id"]
    assert start["timestamp"]["deprecated"] is True
    assert {"Deprecation", "Sunset"} <= issues["responses"]["200"]["headers"].keys()
