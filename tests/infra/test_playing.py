"""The demonstration's plant works on: through the API in this process, and as decisions of what is seen."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.services.machines.ingest import ingest
from infra.problem import Problem
from infra.replay import demo
from infra.replay.demo_plant import BENCH, MACHINES, PRESS_1
from infra.replay.target import Target
from infra.simulate import playing
from infra.simulate.playing import Shift
from infra.simulate.working import EVERY, FORGOTTEN_AFTER, OPEN_ORDERS, REPORTED_PIECES, Floor, commands, next_story
from tests.conftest import SetClock
from tests.floor import Plant
from tests.infra.in_this_process import InThisProcess
from tests.machines import arrived, work

TARGET = Target("http://takip", None, "eu-central-1", "queue", "ada", "a password")
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
LOOKS = 40


def seeded(seed: int) -> random.Random:
    """The same chance each time."""
    return random.Random(seed)  # noqa: S311  a sequence, not a secret


class Listening(InThisProcess):
    """Counts what is asked for."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.sent: Counter[str] = Counter()

    def post(self, path: str, body: dict[str, Any], key: str | None = None) -> dict[str, Any]:
        answer = super().post(path, body, key)
        self.sent[path.rpartition("/")[2]] += 1
        return answer


def test_people_work_and_machines_count_as_on_a_floor(
    plant: Plant, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock.instant = datetime.now(UTC)
    monkeypatch.setattr(demo, "Api", lambda _: InThisProcess(plant.admin))
    demo.fill(TARGET)
    api = Listening(plant.planner)
    refused: list[object] = []
    monkeypatch.setattr(playing.logger, "info", lambda *told: refused.append(told))

    def take(sent: Any) -> int:
        ingest(arrived(*(message.body.decode() for message in sent), sent_at=clock.now()))
        return 0

    shift = Shift(api, take, seeded(3))
    for _ in range(LOOKS):
        shift.look(set_clock())
        set_clock.forward(EVERY)
    work()

    running = {each["machine_id"]: each for each in api.items("/stages", status="in_progress")}
    assert refused == []
    assert api.sent["report"] > LOOKS / 10
    assert running[PRESS_1]["good"] > 265
    assert running[BENCH]["good"] > 120
    produced = api.get(f"/machines/{PRESS_1}/production")
    assert produced["seconds_by_state"]["producing"] > 3600
    assert api.get("/calendars/default")["plans"][0]["shifts"][0]["name"] == "1. Vardiya"
    assert {each["reason"] for each in api.items("/machines/stops")} >= {"breakdown", "setup", "material"}


def stage(**news: Any) -> dict[str, Any]:
    """A stage of an order as the API shows it; by default somebody works on it at the first press."""
    session = {"worker_id": "w1", "machine_id": PRESS_1}
    usual = {"id": "s", "work_order_id": "demo-1", "status": "in_progress", "machine_id": PRESS_1, "good": 10}
    plan = {"quantity": 20, "planned_start": "2026-01-05T08:00:00Z", "planned_end": "2026-01-05T12:00:00Z"}
    rights = {"allowed": ["start"], "assignee_ids": ["w1", "w2"], "open_sessions": [session]}
    return usual | plan | rights | news


def done(*stages: dict[str, Any], issues: Any = (), stops: Any = (), pieces: int = 0, times: int = 400) -> Counter[str]:
    """What people do, of many looks at the same floor."""
    chance = seeded(1)
    counted = {machine.id: pieces for machine in MACHINES}
    floor = Floor(NOW, stages, issues, stops, counted)
    told = [each for _ in range(times) for each in commands(floor, chance)]
    return Counter(each.body.get("status") or each.path.rpartition("/")[2] for each in told)


def test_somebody_at_work_reports_what_was_counted_and_is_interrupted_now_and_then() -> None:
    counted = done(stage(), pieces=REPORTED_PIECES)
    assert counted.keys() == {"report", "pause", "issue"}
    assert counted["report"] == 400
    assert "report" not in done(stage(), pieces=REPORTED_PIECES - 1)
    assert "issue" not in done(stage(), issues=[{"id": "i", "status": "resolved"}] * 2)


def test_no_more_than_was_ordered_is_reported_and_then_the_stage_is_finished() -> None:
    floor = Floor(NOW, [stage(good=18)], [], [], {PRESS_1: 9})
    assert next(commands(floor, seeded(5))).body["good"] == 2
    assert done(stage(good=20), pieces=9, times=1) == {"done": 1}


def test_who_is_free_begins_what_is_next_and_nobody_is_at_two_machines() -> None:
    waiting = stage(status="planned", open_sessions=[])
    assert done(waiting, times=1) == {"start": 1}
    both = [waiting, waiting | {"id": "t", "machine_id": "demo-press-2"}, waiting | {"id": "u", "machine_id": BENCH}]
    started = [each.body["worker_id"] for each in commands(Floor(NOW, both, [], []), seeded(1))]
    assert started == ["w1", "w2"]
    assert done(waiting | {"planned_start": "2026-01-06T08:00:00Z"}) == {}
    assert 5 < done(waiting | {"status": "paused"})["start"] < 100


def test_issues_are_answered_and_stops_that_ended_are_explained() -> None:
    assert 5 < done(issues=[{"id": "i", "status": "open"}])["ack"] < 100
    assert 5 < done(issues=[{"id": "i", "status": "ack"}])["resolved"] < 100
    stop = {"machine_id": PRESS_1, "started_at": "2026-01-05T08:00:00Z", "ended_at": "2026-01-05T08:10:00Z"}
    assert 5 < done(stops=[stop])["explain"] < 150
    assert done(stops=[stop | {"ended_at": None}]) == {}


def test_what_is_left_of_another_day_is_ended() -> None:
    old = {"planned_end": (NOW - FORGOTTEN_AFTER - timedelta(minutes=1)).isoformat()}
    assert done(stage(**old), stage(**old, status="planned"), times=1) == {"done": 1, "skip": 1}


def test_an_order_is_opened_only_while_few_are_open_and_some_are_planned_too_tightly() -> None:
    chance = seeded(1)
    many = [stage(work_order_id=f"demo-{number}") for number in range(OPEN_ORDERS)]
    assert next_story(Floor(NOW, many, [], []), chance) is None
    minutes = {next_story(Floor(NOW, many[1:], [], []), chance).steps[0].minutes for _ in range(40)}  # type: ignore[union-attr]
    assert minutes == {108, 180}


def test_while_takip_does_not_answer_it_is_asked_ever_more_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 6:
            raise KeyboardInterrupt

    def gone(_url: str) -> None:
        raise Problem("nobody answers")

    monkeypatch.setattr(playing, "Api", gone)
    monkeypatch.setattr(playing.logger, "exception", lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        playing.play(TARGET, lambda: NOW, wait)
    assert waits == [40, 80, 160, 300, 300, 300]
