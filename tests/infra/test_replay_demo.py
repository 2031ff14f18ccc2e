"""The demonstration's plant is filled once a day even if called more often, and its data is possible."""

import threading
from typing import Any

from infra.replay.demo import fill
from infra.replay.demo_plant import PEOPLE, STORIES
from infra.replay.target import Target
from tests.infra.scripted_server import Answer, Asked, ScriptedServer, serving_by

NOT_THERE = Answer(404, {"status": "error", "error": {"code": "ERR_ORDER_NOT_FOUND"}})


class Takip:
    """Takes everything it is sent and shows the orders among it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: dict[str, dict[str, Any]] = {}

    def __call__(self, asked: Asked) -> Answer:
        with self._lock:
            if asked.path.endswith("/meta"):
                return success({"plant": {"time_zone": "Europe/Istanbul"}})
            if asked.method == "GET":
                order = self._orders.get(asked.path.rpartition("/")[2])
                return success(order) if order else NOT_THERE
            if asked.path.endswith("/workorders"):
                stages = [stage | {"id": f"{asked.body['id']}-{n}"} for n, stage in enumerate(asked.body["stages"])]
                self._orders[asked.body["id"]] = asked.body | {"stages": stages}
                return success(self._orders[asked.body["id"]])
            return success({"id": "u1", "access_token": "t"})


def success(data: dict[str, Any]) -> Answer:
    return Answer(200, {"status": "success", "data": data})


def filled(server: ScriptedServer, admin: str = "one") -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Fill the plant; the passwords, and every command with its key."""
    server.asked.clear()
    target = Target(server.url, None, "eu-central-1", "queue", "admin", password=admin)
    passwords = fill(target)
    keyed = [
        (asked.path, asked.headers["Idempotency-Key"])
        for asked in server.asked
        if asked.method == "POST" and asked.body.keys() != {"username", "password"}
    ]
    return passwords, keyed


def test_filling_it_again_says_the_same_under_the_same_keys() -> None:
    with serving_by(Takip()) as server:
        assert filled(server) == filled(server)


def test_no_two_commands_share_a_key() -> None:
    with serving_by(Takip()) as server:
        _, keyed = filled(server)
    assert len({key for _, key in keyed}) == len(keyed)


def test_everybody_gets_a_password_of_their_own_that_another_installation_does_not_have() -> None:
    with serving_by(Takip()) as server:
        here, _ = filled(server)
        elsewhere, _ = filled(server, admin="another")
    assert here.keys() == {person.username for person in PEOPLE}
    assert len(set(here.values()) | set(elsewhere.values())) == 2 * len(PEOPLE)


def test_what_happened_is_past_and_in_order_and_by_somebody_assigned() -> None:
    for story in STORIES:
        times = [happening.at for happening in story.happenings]
        assert times == sorted(times)
        assert all(story.start <= at < 0 for at in times)
        assert all(happening.worker in story.steps[happening.stage].workers for happening in story.happenings)
