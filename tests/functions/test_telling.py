"""The log of a request: one line, nothing secret, and for internal errors everything that helps to find them."""

import json
from typing import Any

import pytest

from chalicelib import remembered
from tests.conftest import Told
from tests.floor import Plant

PASSWORD = "correct horse battery"


def broken(*_: object, **__: object) -> Any:
    raise RuntimeError("the inside of something")


def test_our_own_failure_is_told_without_its_inside_and_logged_without_the_callers_secrets(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    monkeypatch.setattr("chalicelib.services.people.sign_in.sign_in", broken)
    body = {"username": "ada", "password": PASSWORD}

    reply = plant.admin.post("/auth/login", body, X_Request_Id="r-1")

    assert (reply.status, reply.error["code"], reply.error["request_id"]) == (500, "ERR_INTERNAL", "r-1")
    assert "inside" not in json.dumps(reply.body)
    failure, request = told()
    assert (failure["level"], request["level"]) == ("ERROR", "ERROR")
    assert "RuntimeError: the inside of something" in failure["exception"]
    assert failure["request_id"] == request["request_id"] == "r-1"
    assert PASSWORD not in json.dumps([failure, request])
    assert "Bearer" not in json.dumps([failure, request])


def test_missing_settings_are_named_in_the_log_and_not_to_the_caller(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    monkeypatch.delenv("TAKIP_TABLE")
    monkeypatch.setenv("TAKIP_BCRYPT_COST", "3")
    remembered.forget_everything()

    reply = plant.stranger.get("/health")

    assert reply.status == 500
    assert "TAKIP_TABLE" not in json.dumps(reply.body)
    assert "TAKIP_TABLE: is missing; TAKIP_BCRYPT_COST: must be a whole number" in told()[0]["exception"]


def test_one_line_tells_of_every_request(plant: Plant, told: Told) -> None:
    plant.worker.get("/stages/none", X_Request_Id="r-2")

    (line,) = told()

    assert line["level"] == "INFO"
    assert {name: line[name] for name in ("method", "path", "user", "status", "code", "request_id", "door")} == {
        "method": "GET",
        "path": "/stages/none",
        "user": plant.worker.id,
        "status": 404,
        "code": "ERR_STAGE_NOT_FOUND",
        "request_id": "r-2",
        "door": "read_stage",
    }
    assert line["duration_ms"] >= 0


def test_a_refusal_is_told_at_info_and_never_with_a_token_or_a_password(plant: Plant, told: Told) -> None:
    plant.stranger.post("/auth/login", {"username": "nobody", "password": PASSWORD})
    plant.admin.post("/auth/register", {"username": "new", "password": PASSWORD})
    plant.stranger.get("/auth/me", Authorization=f"Bearer {PASSWORD}")

    lines = told()
    requests = [line for line in lines if line["message"] == "request"]

    assert {line["level"] for line in lines} == {"INFO"}
    assert [(line["level"], line["status"], line.get("user")) for line in requests] == [
        ("INFO", 401, None),
        ("INFO", 201, plant.admin.id),
        ("INFO", 401, None),
    ]
    assert PASSWORD not in json.dumps(lines)
