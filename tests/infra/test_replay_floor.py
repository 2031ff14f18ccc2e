"""The work of people is sent so that nothing is booked twice, in any order and any number of times."""

import json
import random
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.problem import Problem
from infra.replay.api import Api
from infra.replay.crew import Crew
from infra.replay.floor import FloorReplay
from infra.replay.manner import Manner
from infra.replay.outcome import Outcome
from infra.replay.plan import Booking, FloorPlan, Machine, Order, Question, Stage
from infra.replay.progress import Progress
from tests.infra.scripted_server import Answer, Asked, serving_by

START = datetime(2012, 1, 2, 8, tzinfo=UTC)
LENGTH = timedelta(minutes=90)
END = START + 3 * LENGTH


def booking(number: str, stage: int, good: int) -> Booking:
    """A session: on the first stage all are at once, on the second one after the other."""
    start = START + stage * (good - 1) * LENGTH
    key = f"replay-{number}-{stage}-{good}"
    return Booking(stage, "ID1", "press", "run", start, start + LENGTH, good, scrap=0, rework=0, key=key)


def order(number: str) -> Order:
    stages = tuple(Stage(name, START, END, done_at=END) for name in ("Enjeksiyon", "Montaj"))
    bookings = tuple(booking(number, stage, good) for stage in (0, 1) for good in (1, 2, 3))
    return Order(f"o-{number}", number, "Ring", 5, START, END, stages, bookings)


EXPECTED = {Question("stage", f"{number} · {name}", "good"): 6 for number in "AB" for name in ("Enjeksiyon", "Montaj")}
PLAN = FloorPlan("production_log", ("ID1",), (Machine("press", "P", "press", "A"),), (order("A"), order("B")), EXPECTED)


class Factory:
    """A Takip small enough for a test: keeps answers by key, and minds that nothing is sent late or out of turn."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, Answer] = {}
        self.people: dict[str, str] = {}
        self.orders: dict[str, dict[str, Any]] = {}
        self.good: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.sessions: Counter[str] = Counter()
        self.at_work: set[str] = set()

    def __call__(self, asked: Asked) -> Answer:
        with self._lock:
            if asked.method == "GET":
                return self._read(asked.path.removeprefix("/v1").partition("?")[0])
            key = asked.headers["Idempotency-Key"]
            if key not in self._kept:
                self._kept[key] = self._write(asked.path.removeprefix("/v1"), asked.body)
            return self._kept[key]

    def forget_keys(self) -> None:
        self._kept.clear()

    def _write(self, path: str, body: dict[str, Any]) -> Answer:
        if path == "/auth/register":
            self.people[body["username"]] = "u1"
            return success({"id": "u1"})
        if path == "/machines":
            return success({"id": body["id"]})
        if path == "/workorders":
            if body["id"] in self.orders:
                return Answer(409, {"status": "error", "error": {"code": "ERR_ORDER_ID_TAKEN"}})
            stages = [{"id": f"{body['id']}-{n:02}", "name": stage["name"]} for n, stage in enumerate(body["stages"])]
            self.orders[body["id"]] = {"number": body["number"], "stages": stages}
            return success(self.orders[body["id"]])
        _, _, stage_id, command = path.split("/")
        assert stage_id not in self.done, f"a first {command} came after its stage was done"
        if command == "done":
            assert stage_id not in self.at_work
            self.done[stage_id] += 1
        else:
            assert body["worker_id"] == "u1"
            self._work(stage_id, command, body.get("good", 0))
        return success({"id": stage_id})

    def _work(self, stage_id: str, command: str, good: int) -> None:
        """Let the only worker work; they start and pause in turn."""
        assert (stage_id in self.at_work) is (command in {"report", "pause"}) or command == "sessions"
        self.at_work ^= {stage_id} if command in {"start", "pause"} else set()
        self.sessions[command] += 1
        self.good[stage_id] += good

    def _read(self, path: str) -> Answer:
        if path == "/auth/users":
            return success({"items": [{"username": name, "id": user_id} for name, user_id in self.people.items()]})
        if path.endswith("/metrics"):
            figures = ("lead_time_minutes", "actual_duration", "labour_minutes", "planned_duration", "delay_minutes")
            efficiency = {"efficiency": {"numerator": 1, "denominator": 1}}
            return success(dict.fromkeys(figures, 0) | {"metrics": efficiency, "inputs_count": 3})
        head = self.orders[path.rpartition("/")[2]]
        totals = {"started_at": None, "ended_at": None, "scrap": 0, "rework": 0}
        stages = [stage | totals | {"good": self.good[stage["id"]]} for stage in head["stages"]]
        return success(head | {"stages": stages})


def success(data: dict[str, Any]) -> Answer:
    return Answer(200, {"status": "success", "data": data})


class Steps:
    """Progress that counts: for each part how many steps were announced, and how many were made."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.announced: dict[str, int] = {}
        self.made: Counter[str] = Counter()

    def begin(self, what: str, total: int) -> None:
        self._part = what
        self.announced[what] = total

    def advance(self, steps: int = 1) -> None:
        with self._lock:
            self.made[self._part] += steps


def replay(factory: Factory, manner: Manner | None = None, progress: Progress | None = None) -> Outcome:
    with serving_by(factory) as server, Api(server.url, connections=2) as api:
        return FloorReplay(api, Crew(2), progress or Steps(), manner or Manner()).run(PLAN)


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("times", [1, 2])
def test_every_manner_of_sending_gives_the_same_answers(*, shuffled: bool, times: int) -> None:
    factory = Factory()
    outcome = replay(factory, Manner(random.Random(7) if shuffled else None, times))  # noqa: S311
    assert outcome.differences == []
    assert sorted(factory.done.values()) == [1, 1, 1, 1]


@pytest.mark.parametrize("times", [1, 2])
def test_told_as_it_went_it_gives_the_same_answers(times: int) -> None:
    factory = Factory()
    outcome = replay(factory, Manner(times=times, live=True))
    assert outcome.differences == []
    assert factory.sessions == {"start": 6, "report": 6, "pause": 6, "sessions": 6}
    assert sorted(factory.done.values()) == [1, 1, 1, 1]
    assert (outcome.sent["order sessions"], outcome.sent["sessions told live"]) == (12, 6)


@pytest.mark.parametrize("live", [False, True])
def test_a_second_replay_books_nothing_twice(*, live: bool) -> None:
    factory = Factory()
    outcomes = [replay(factory, Manner(live=live)) for _ in range(2)]
    assert [(outcome.differences, outcome.remarks) for outcome in outcomes] == [([], ())] * 2


@pytest.mark.parametrize("live", [False, True])
def test_what_came_in_one_way_is_only_read_by_the_other(*, live: bool) -> None:
    factory = Factory()
    replay(factory, Manner(live=live))
    outcome = replay(factory, Manner(live=not live))
    assert outcome.differences == []
    assert "2 orders were there already" in outcome.remarks[0]


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("live", [False, True])
def test_progress_ends_where_it_said_it_would(*, live: bool, times: int) -> None:
    factory = Factory()
    for manner in (Manner(times=times, live=live), Manner(times=times, live=not live)):
        steps = Steps()
        replay(factory, manner, steps)
        assert steps.made == Counter(steps.announced)


def test_an_order_from_elsewhere_is_only_read() -> None:
    factory = Factory()
    replay(factory)
    factory.forget_keys()
    outcome = replay(factory)
    assert outcome.differences == []
    assert "2 orders were there already" in outcome.remarks[0]


def test_what_was_sent_is_counted_beside_what_comes_back() -> None:
    sent = replay(Factory()).sent
    assert (sent["people"], sent["work orders"], sent["stages"], sent["order sessions"]) == (1, 2, 4, 12)
    assert (sent["stage good"], sent["stage labour minutes"]) == (24, 12 * 90)


def test_a_refusal_ends_the_replay_with_its_sentence() -> None:
    class Grumpy(Factory):
        def _write(self, path: str, body: dict[str, Any]) -> Answer:
            if path.endswith("/sessions"):
                return Answer(422, {"status": "error", "error": {"code": "ERR_FIELDS", "errors": [{"field": "good"}]}})
            return super()._write(path, body)

    with pytest.raises(Problem, match=r"POST /v1/stages/o-.-0[01]/sessions was answered 422: ERR_FIELDS"):
        replay(Grumpy())


def test_a_body_says_who_when_and_how_many() -> None:
    bodies: list[dict[str, Any]] = []

    class Listening(Factory):
        def _write(self, path: str, body: dict[str, Any]) -> Answer:
            bodies.append(body)
            return super()._write(path, body)

    replay(Listening())
    booked = next(body for body in bodies if "worker_id" in body and body["good"] == 3)
    assert json.loads(json.dumps(booked)) == {
        "worker_id": "u1",
        "machine_id": "press",
        "kind": "run",
        "started_at": "2012-01-02T08:00:00Z",
        "ended_at": "2012-01-02T09:30:00Z",
        "good": 3,
        "scrap": 0,
        "rework": 0,
        "reason": "Replayed from a log kept elsewhere",
    }
