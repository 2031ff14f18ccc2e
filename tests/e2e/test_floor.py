"""A day on the floor, over HTTP: planners, workers, double taps."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from tests.e2e.conftest import Deployed
from tests.e2e.people import Hire, Someone, order


def test_a_day_of_a_planner_and_a_worker(deployed: Deployed, hire: Hire) -> None:
    planner, worker, other = hire("planner"), hire(), hire()
    made = order(planner, worker)
    stage = f"/stages/{made['stages'][0]['id']}"
    assert [each["id"] for each in worker.get("/stages")["items"]] == [made["stages"][0]["id"]]
    assert other.api.get(stage).status_code == 404
    assert other.post(f"{stage}/start").status_code == 404
    for command, body in (("start", None), ("report", {"good": 60, "scrap": 2}), ("pause", None), ("start", None)):
        worker.post(f"{stage}/{command}", body).raise_for_status()
    issue = worker.post(f"{stage}/issue", {"type": "quality", "description": "scratches"}).raise_for_status().json()
    assert planner.get(f"/issues/{issue['data']['id']}")["description"] == "scratches"
    finished = worker.post(f"{stage}/done", {"good": 38}).raise_for_status().json()["data"]
    assert (finished["status"], finished["good"], finished["scrap"]) == ("done", 98, 2)
    assert planner.get(f"/workorders/{made['id']}")["status"] == "done"
    numbers = planner.get(f"{stage}/metrics")
    assert numbers["planned_duration"] == 60
    assert numbers["metrics"]["quality"]["value"] == 98
    assert worker.get(f"{stage}/sessions")["items"][0]["good"] == 60

    deployed.aggregate()
    assert worker.get("/stages")["items"] == []
    (today,) = planner.get("/metrics/daily?from={0}&to={0}".format(_today(planner)))["items"]
    assert today["finished"]["stages"]["done"] >= 1


def _today(planner: Someone) -> str:
    """The day it is where the plant is, as its numbers of the last week say."""
    return str(planner.get("/metrics/daily")["items"][-1]["date"])


def test_a_double_tap_books_once(admin: Someone, hire: Hire) -> None:
    worker = hire()
    stage = f"/stages/{order(admin, worker)['stages'][0]['id']}"
    worker.post(f"{stage}/start").raise_for_status()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: worker.post(f"{stage}/report", {"good": 5}, key="one tap"), range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 7
    assert worker.get(stage)["good"] == 5


def test_a_tampered_token_lets_nobody_in(deployed: Deployed, admin: Someone) -> None:
    token = admin.api.headers["Authorization"].removeprefix("Bearer ")
    head, claims, signature = token.split(".")
    forged = ".".join([head, claims[:-4] + "AAAA", signature])
    with deployed.http(forged) as api:
        answer = api.get("/auth/me")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "ERR_AUTH_TOKEN_INVALID"


def test_a_phone_comes_back_after_the_planner_held_the_order(hire: Hire) -> None:
    planner, worker = hire("planner"), hire()
    opened = order(planner, worker)
    stage = opened["stages"][0]["id"]
    collected = [
        {"id": uuid4().hex, "command": "start", "target": stage},
        {"id": uuid4().hex, "command": "report", "target": stage, "payload": {"good": 3}},
    ]
    first = worker.post("/sync/commands", {"commands": collected}).json()["data"]["items"]
    assert [each["result"] for each in first] == ["applied", "applied"]

    assert planner.post(f"/workorders/{opened['id']}/hold", {"reason": "no drawing"}).status_code == 200
    resume = {"id": uuid4().hex, "command": "start", "target": stage}
    again = worker.post("/sync/commands", {"commands": [*collected, resume]}).json()["data"]["items"]

    assert [each["result"] for each in again] == ["duplicate", "duplicate", "conflict"]
    assert again[2]["error"]["code"] == "ERR_ORDER_HELD"
    (mine,) = worker.get("/stages")["items"]
    assert (mine["status"], mine["good"], mine["held"]["reason"]) == ("paused", 3, "no drawing")
    history = planner.get(f"/workorders/{opened['id']}/history")["items"]
    assert [each["command"] for each in history] == ["create", "start", "report", "hold"]
