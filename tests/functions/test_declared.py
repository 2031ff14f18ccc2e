"""An endpoint declares its answer and its errors. The fixture `undeclared` checks every answer of these tests."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

import pytest

from chalicelib.domain.andon.attachments import MOST_ATTACHMENTS
from chalicelib.domain.errors import LostRace, StaleVersion, StorageUnavailable, UnknownId
from chalicelib.domain.floor.sessions import MAX_OPEN_SESSIONS
from chalicelib.domain.planning.opening import MAX_STAGES, MAX_STAGES_AND_ASSIGNMENTS
from chalicelib.schemas.base import EmptyOut
from chalicelib.schemas.meta import HealthOut
from chalicelib.schemas.shifts import MOST_STAGES
from chalicelib.schemas.sync import MOST_COMMANDS
from chalicelib.schemas.work_orders import MOST_ROWS
from chalicelib.services.idempotency import Answer
from chalicelib.services.machines import machines
from functions._endpoint import Doors
from functions._response import STATUS_OF
from functions._rules import OLD_RULES, RULES, ListOf, Rule
from tests.floor import Plant
from tests.functions import declared

HEALTH = Rule("GET", "/health", "tell_health", "", None, HealthOut)
LIST = Rule("GET", "/health", "list_health", "", None, ListOf(HealthOut))
HEALTHY = {"status": "healthy", "version": "1", "timestamp": "2026-01-05T08:00:00.000Z"}


def test_a_door_cannot_be_opened_without_its_answer() -> None:
    with pytest.raises(TypeError, match="answers"):
        Doors(__name__).public("GET", "/nothing")(lambda _: Answer({}))  # type: ignore[call-arg]
    assert "/nothing" not in {rule.path for rule in RULES}


@pytest.mark.parametrize(
    "data",
    [
        {},
        HEALTHY | {"more": 1},
        HEALTHY | {"version": 1},
        HEALTHY | {"status": "ill"},
        HEALTHY | {"timestamp": "2026-01-05T08:00:00Z"},
        {"items": [HEALTHY]},
    ],
)
def test_an_answer_of_another_shape_is_seen(data: Any) -> None:
    assert declared.mistakes_of_answer(HEALTH, HEALTHY) == []
    assert len(declared.mistakes_of_answer(HEALTH, data)) == 1


@pytest.mark.parametrize(
    "data", [HEALTHY, {"items": [HEALTHY, {}]}, {"items": [], "next_cursor": "x"}, {"items": [], "count": 0}]
)
def test_a_list_of_another_shape_is_seen(data: Any) -> None:
    assert declared.mistakes_of_answer(LIST, {"items": [HEALTHY, HEALTHY]}) == []
    assert len(declared.mistakes_of_answer(LIST, data)) >= 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"formula": "labour.v2"},
        {"unit": "hours"},
        {"reason": "asleep"},
        {"doubt": "over_1000_percent"},
    ],
)
def test_a_metric_that_is_not_in_the_catalogue_is_seen(wrong: Any) -> None:
    labour = {"unit": "minutes", "formula": "labour.v1", "reason": "not_started", "doubt": None}
    assert declared.mistakes_of_metrics({"items": [{"metrics": {"labour": labour}}]}) == []
    assert len(declared.mistakes_of_metrics({"items": [{"metrics": {"labour": labour | wrong}}]})) == 1
    assert len(declared.mistakes_of_metrics({"metrics": {"laziness": labour}})) == 1


def test_a_refusal_of_another_family_is_seen() -> None:
    door = Rule("GET", "/things/{thing_id}", "read_thing", "", None, EmptyOut)

    assert declared.mistakes_of_refusal(door, UnknownId("")) == []
    assert declared.mistakes_of_refusal(door, StorageUnavailable("")) == []
    assert len(declared.mistakes_of_refusal(HEALTH, UnknownId(""))) == 1
    for refusal in (LostRace(""), StaleVersion("")):
        assert len(declared.mistakes_of_refusal(door, refusal)) == 1
        assert declared.mistakes_of_refusal(replace(door, refuses=type(refusal).__mro__[1:2]), refusal) == []


def test_another_status_is_seen() -> None:
    created = '{"status": "success", "data": {}}'
    problem = '{"status": 401, "code": "", "type": "", "title": "", "detail": "", "request_id": ""}'
    door = Rule("GET", "/things", "list_things", "", None, EmptyOut)

    assert declared.mistakes_of_response(replace(door, statuses=(HTTPStatus.CREATED,)), 201, created) == []
    assert len(declared.mistakes_of_response(door, 201, created)) == 1
    assert declared.mistakes_of_response(replace(door, action="meta.read"), 401, problem) == []
    assert len(declared.mistakes_of_response(door, 401, problem)) == 1


def test_every_request_of_these_tests_is_watched(
    plant: Plant, undeclared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def raced(*_: object) -> None:
        raise LostRace("Send it again.")

    monkeypatch.setattr(machines, "read_with_latest", raced)

    assert plant.worker.get("/machines/M1").status == 409
    assert [mistake.split(",")[0] for mistake in undeclared] == [
        "read_machine does not declare Conflict",
        "read_machine does not declare 409",
    ]
    undeclared.clear()


def test_a_door_declares_families_and_no_single_errors() -> None:
    assert {family for rule in (*RULES, *OLD_RULES) for family in rule.families} <= set(STATUS_OF)


# Lists without pages, each with what bounds it.
BOUNDED = {
    "synchronise": ("an item for each command that was sent", MOST_COMMANDS),
    "import_work_orders": ("an item for each row that was sent", MOST_ROWS),
    "close_sessions": ("an item for each stage that was named, or has a session open on one machine", MOST_STAGES),
    "list_stages_of_work_order": ("the stages of one order", MAX_STAGES),
    "list_people_of_work_order": (
        "who is assigned, at work, opened the order or holds it",
        MAX_STAGES_AND_ASSIGNMENTS + MAX_OPEN_SESSIONS + 2,
    ),
    "list_attachments": ("what may be attached to an issue", MOST_ATTACHMENTS),
}


def test_every_list_has_pages_or_an_end() -> None:
    assert {rule.name for rule in RULES if (rule.is_list or rule.is_batch) and not rule.is_paged} == set(BOUNDED)
    assert max(most for _, most in BOUNDED.values()) < 400


def test_a_door_that_creates_says_where_and_answers_201() -> None:
    located = {rule.name for rule in RULES if rule.location}
    elsewhere = {
        "book_session",
        "attach",
        "create_machine_key",
        "create_screen",
        "create_terminal",
        "explain_stop",
    }  # what they make is read in a list only
    assert {rule.name for rule in RULES if HTTPStatus.CREATED in rule.statuses} - located == elsewhere
    assert all(HTTPStatus.CREATED in rule.statuses for rule in RULES if rule.name in located)


def test_it_is_known_which_doors_a_test_opened_and_how_long_that_took(plant: Plant) -> None:
    seconds: dict[str, list[float]] = {}
    with declared.watched(seconds):
        plant.admin.get("/machines")
        plant.admin.get("/machines?limit=1")
    assert set(seconds) == {"GET /machines"}
    assert len(seconds["GET /machines"]) == 2
    assert min(seconds["GET /machines"]) > 0
