"""Impossible values are refused with the name of their field, and never cause an internal error."""

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from chalicelib import aws, clock, remembered, settings, tokens
from chalicelib.services.numbers.aggregation import aggregate
from tests.floor import Plant, new_order


@pytest.mark.parametrize(
    "path",
    ["/machines/{id}", "/auth/users/{id}", "/issues/{id}-i1", "/workorders/{id}", "/stages/{id}-01"],
)
def test_an_id_that_nothing_can_have_is_not_there(plant: Plant, path: str) -> None:
    refused = plant.planner.get(path.format(id="x" * 3000))
    assert (refused.status, refused.error["code"]) == (404, "ERR_REQUEST_UNKNOWN_ID")


@pytest.mark.parametrize("name", ["number", "lot_no", "product_code", "customer"])
def test_a_filter_that_no_order_can_match_is_refused(plant: Plant, name: str) -> None:
    refused = plant.planner.get(f"/workorders?{name}={'x' * 3000}")
    assert (refused.status, refused.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")


@pytest.mark.parametrize("path", ["workorders", "stages"])
def test_a_window_that_ends_before_it_begins_is_refused(plant: Plant, path: str) -> None:
    refused = plant.planner.get(f"/{path}?due_after=2027-01-01T00:00:00Z&due_before=2026-01-01T00:00:00Z")
    assert (refused.status, refused.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")


def test_a_version_that_no_order_can_have_is_stale(plant: Plant) -> None:
    stage = plant.order()["stages"][0]["id"]
    refused = plant.worker.post(f"/stages/{stage}/start", If_Match=f'"{"9" * 5000}"')
    assert (refused.status, refused.error["code"]) == (412, "ERR_COMMAND_STALE_VERSION")


@pytest.mark.parametrize("year", ["0001", "1969", "2200", "9999"])
def test_a_year_that_is_not_meant_is_refused(plant: Plant, year: str) -> None:
    refused = plant.planner.post("/workorders", new_order(planned_end=f"{year}-06-01T00:00:00Z"))
    assert (refused.status, set(refused.fields())) == (422, {"planned_end"})


def test_a_session_of_many_years_is_refused(plant: Plant) -> None:
    stage = plant.order()["stages"][0]["id"]
    worked = {"started_at": "2011-01-05T08:00:00Z", "ended_at": "2026-01-05T08:00:00Z"}
    refused = plant.planner.post(f"/stages/{stage}/sessions", worked)
    assert (refused.status, refused.fields()) == (422, {"ended_at": "too_long"})


@pytest.mark.parametrize("command", ["pause", "done"])
def test_a_session_left_open_for_years_is_closed_when_it_really_ended(plant: Plant, command: str) -> None:
    stage = f"/stages/{plant.order()['stages'][0]['id']}"
    assert plant.planner.post(f"{stage}/start", {"at": "2011-01-05T08:00:00Z"}).status == 200
    assert plant.planner.post(f"{stage}/{command}").fields() == {"at": "too_long"}
    assert plant.planner.post(f"{stage}/{command}", {"at": "2011-01-05T16:00:00Z"}).status == 200


def test_wrong_fields_and_unknown_names_are_told_at_once(plant: Plant) -> None:
    early = {"name": "Montaj", "planned_start": "2020-01-01T00:00:00Z", "machine_id": "M9", "assignee_ids": ["nobody"]}
    refused = plant.planner.post("/workorders", new_order(stages=[early]))
    fields = {"stages[0].planned_start", "stages[0].machine_id", "stages[0].assignee_ids[0]"}
    assert (refused.status, set(refused.fields())) == (422, fields)
    stage = plant.order()["stages"][0]["id"]
    refused = plant.planner.post(f"/stages/{stage}/start", {"at": "2100-01-01T00:00:00Z", "worker_id": "nobody"})
    assert refused.fields() == {"worker_id": "unknown", "at": "in_future"}


def test_whose_stage_it_is_not_learns_nothing_of_people_and_machines(plant: Plant) -> None:
    stage = plant.order()["stages"][0]["id"]
    for named in ({"worker_id": "nobody"}, {"worker_id": plant.worker.id}, {"machine_id": "M9"}):
        assert plant.other.post(f"/stages/{stage}/start", named).error["code"] == "ERR_STAGE_NOT_FOUND"


@pytest.mark.parametrize("path", ["", "/metrics", "/sessions", "/issues"])
def test_a_stage_of_no_order_is_no_stage(plant: Plant, path: str) -> None:
    assert plant.planner.get(f"/stages/nothing-01{path}").error["code"] == "ERR_STAGE_NOT_FOUND"


@pytest.mark.parametrize("username", ["\u200badmin", "ad\u0000min", "ad\u202emin"])
def test_a_username_hides_nothing(plant: Plant, username: str) -> None:
    refused = plant.admin.post("/auth/register", {"username": username, "password": "long enough for all"})
    assert (refused.status, set(refused.fields())) == (422, {"username"})


def test_today_is_as_of_when_it_was_last_aggregated(plant: Plant) -> None:
    stage = f"/stages/{plant.order()['stages'][0]['id']}"
    plant.worker.post(f"{stage}/start")
    plant.worker.post(f"{stage}/done", {"good": 1})

    aggregate(lambda: timedelta(minutes=5))
    (first,) = plant.planner.get("/metrics/daily").items
    (second,) = plant.planner.get("/metrics/daily").items
    assert first["watermark"] == first["as_of"] == second["watermark"] == second["as_of"]


def test_without_signing_keys_callers_are_asked_to_come_again(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    token = tokens.issue(plant.worker.actor, settings.signing_keys(), clock.now(), 30)
    assert plant.stranger.get("/auth/me", Authorization=f"Bearer {token}").status == 200

    def away(*_: object, **__: object) -> object:
        raise ClientError({"Error": {"Code": "InternalServerError", "Message": ""}}, "GetParameter")

    remembered.forget_everything()
    monkeypatch.setattr(aws, "client", away)
    refused = plant.stranger.get("/auth/me", Authorization=f"Bearer {token}")
    assert (refused.status, refused.error["code"]) == (503, "ERR_AUTH_KEYS_UNAVAILABLE")
    assert refused.headers["Retry-After"]
