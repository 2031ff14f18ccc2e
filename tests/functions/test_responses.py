"""What every endpoint answers: the envelope, the problem document and the headers."""

from typing import Any

import pytest

from chalicelib.domain.errors import StorageUnavailable
from chalicelib.services import system
from chalicelib.services.machines import machines
from tests.floor import Plant, new_order
from tests.functions.etags import version_in

SECURITY = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


def broken(*_: object, **__: object) -> Any:
    raise RuntimeError("the inside of something")


def test_success_comes_in_the_envelope(plant: Plant) -> None:
    reply = plant.worker.get("/auth/me")

    assert set(reply.body) == {"status", "data"}
    assert reply.headers["Content-Type"] == "application/json"


def test_a_refusal_carries_the_members_of_a_problem(plant: Plant) -> None:
    stage = plant.order()["stages"][0]

    reply = plant.worker.post(f"/stages/{stage['id']}/pause")

    assert reply.body == {
        "status": "error",
        "error": {
            "code": "ERR_STAGE_ILLEGAL_TRANSITION",
            "type": "https://takip.dev/problems/stage-illegal-transition",
            "title": reply.error["title"],
            "detail": reply.error["detail"],
            "values": {
                "stage_id": stage["id"],
                "stage_status": "planned",
                "since": reply.error["since"],
                "command": "pause",
            },
            "request_id": reply.headers["X-Request-Id"],
            "allowed": ["start", "book"],
            "since": reply.error["since"],
        },
    }
    assert reply.headers["Content-Type"] == "application/json"


def test_the_bare_problem_document_is_given_to_who_asks_for_it(plant: Plant) -> None:
    reply = plant.worker.get("/issues/none", Accept="application/problem+json, application/json;q=0.5")

    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.body["status"] == reply.status == 404
    assert set(reply.body) == {"status", "code", "type", "title", "detail", "values", "request_id"}


def test_every_answer_carries_the_security_headers(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = plant.planner.get("/workorders")
    replies = [
        plant.stranger.get("/health"),
        plant.stranger.get("/auth/me"),
        plant.stranger.call("OPTIONS", "/auth/me"),
        plant.planner.post("/workorders", {}),
        plant.planner.get("/workorders", If_None_Match=listed.headers["ETag"]),
    ]
    monkeypatch.setattr(machines, "page", broken)
    replies.append(plant.planner.get("/machines"))

    assert [reply.status for reply in replies] == [200, 401, 204, 422, 304, 500]
    assert all(reply.headers.items() >= SECURITY.items() for reply in replies)


def test_what_has_an_etag_may_be_kept_and_asked_after(plant: Plant) -> None:
    order = plant.order()
    path = f"/workorders/{order['id']}"

    first = plant.planner.get(path)

    etag = first.headers["ETag"]
    assert version_in(etag) == 1
    assert first.headers["Cache-Control"] == "private, no-cache"
    for matching in (etag, f"W/{etag}", f'"7", {etag}'):
        again = plant.planner.get(path, If_None_Match=matching)
        assert (again.status, again.body, again.headers["ETag"]) == (304, None, etag)
    assert plant.planner.get(path, If_None_Match='"2"').status == 200
    assert plant.planner.get("/auth/me").headers["Cache-Control"] == "no-store"
    assert plant.planner.get("/workorders/none").headers["Cache-Control"] == "no-store"


def test_the_etag_of_a_list_is_a_digest_of_what_it_shows(plant: Plant) -> None:
    empty = plant.planner.get("/workorders").headers["ETag"]
    plant.order()

    full = plant.planner.get("/workorders", If_None_Match=empty)

    assert full.status == 200
    assert full.headers["ETag"] != empty
    assert plant.planner.get("/workorders", If_None_Match=full.headers["ETag"]).status == 304


def test_an_order_and_its_stages_share_the_version_as_etag(plant: Plant) -> None:
    order = plant.order()
    stage = order["stages"][0]["id"]

    started = plant.worker.post(f"/stages/{stage}/start", If_Match='"1"')

    assert version_in(started.headers["ETag"]) == 2
    paths = (f"/workorders/{order['id']}", f"/workorders/{order['id']}/stages", f"/stages/{stage}")
    assert {version_in(plant.planner.get(path).headers["ETag"]) for path in paths} == {2}


@pytest.mark.parametrize("stale", ['"1"', "1", 'W/"1"', '"3"', '"x"', "", "²"])
def test_a_stale_if_match_refuses_the_command(plant: Plant, stale: str) -> None:
    stage = plant.order()["stages"][0]["id"]
    plant.worker.post(f"/stages/{stage}/start")

    reply = plant.worker.post(f"/stages/{stage}/pause", If_Match=stale)

    assert (reply.status, reply.error["code"]) == (412, "ERR_COMMAND_STALE_VERSION")
    assert plant.worker.post(f"/stages/{stage}/pause", If_Match="*").status == 200


def test_creating_tells_where_the_resource_is(plant: Plant) -> None:
    reply = plant.planner.post("/workorders", new_order(id="WO-7"))

    assert reply.status == 201
    assert reply.headers["Location"].endswith("/workorders/WO-7")


def test_storage_that_is_away_is_told_with_a_time_to_come_back(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise StorageUnavailable("Try again in a moment.", retry_after=2)

    monkeypatch.setattr(system, "ask_all", away)

    reply = plant.stranger.get("/ready")

    assert (reply.status, reply.error["code"], reply.headers["Retry-After"]) == (503, "ERR_STORAGE_UNAVAILABLE", "2")
    assert plant.stranger.get("/health").status == 200
