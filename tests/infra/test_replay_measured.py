"""Readings go to the queue in the given manner; waiting ends when the rollups agree or stop changing."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from infra.replay.api import Api
from infra.replay.manner import Manner
from infra.replay.measured import PAUSE_SECONDS, QUIET_SECONDS, MeasuredReplay
from infra.replay.outcome import Outcome
from infra.replay.plan import Machine, Question, Reading, ReadingsPlan
from infra.replay.roads import Message
from tests.infra.scripted_server import Answer, ScriptedServer, serving

START = datetime(2026, 1, 5, 10, tzinfo=UTC)
READINGS = tuple(Reading("temperature", float(n), START + timedelta(seconds=n), "main") for n in range(100))
HOUR = "main 2026-01-05T10:00:00Z"
EXPECTED = {
    Question("hour", HOUR, "count"): 100,
    Question("hour", HOUR, "min"): 0.0,
    Question("hour", HOUR, "max"): 99.0,
    Question("hour", HOUR, "mean"): 49.5,
}
PLAN = ReadingsPlan("machine_temperature", Machine("m", "M", "machine", "plant"), READINGS, EXPECTED)

REGISTERED = Answer(201, {"status": "success", "data": {"id": "m"}})
TAKEN = Answer(409, {"status": "error", "error": {"code": "ERR_MACHINE_ID_TAKEN"}})
NOTHING = Answer(200, {"status": "success", "data": {"items": []}})


def rolled_up(count: int, mean: float) -> Answer:
    rollup = {
        "sensor": "main",
        "hour": "2026-01-05T10:00:00.000Z",
        "count": count,
        "min": 0.0,
        "max": 99.0,
        "mean": mean,
    }
    return Answer(200, {"status": "success", "data": {"items": [rollup]}})


class Told:
    def __init__(self) -> None:
        self.parts: list[list[object]] = []

    def begin(self, what: str, total: int) -> None:
        self.parts.append([what, total, 0])

    def advance(self, steps: int = 1) -> None:
        done = self.parts[-1][2]
        assert isinstance(done, int)
        self.parts[-1][2] = done + steps


class Run:
    """One replay of PLAN with what it sent, how long it slept and what it told."""

    def __init__(self, server: ScriptedServer, manner: Manner | None = None) -> None:
        self.bodies: list[str] = []
        self.slept: list[float] = []
        self.told = Told()
        with Api(server.url) as api:
            replay = MeasuredReplay(api, self._send, self.told, manner or Manner(), sleep=self.slept.append)
            self.outcome: Outcome = replay.run(PLAN)

    def _send(self, messages: Sequence[Message]) -> None:
        self.bodies += [message.body.decode() for message in messages]
        self.told.advance(len(messages))


def test_it_waits_until_the_rollups_agree() -> None:
    with serving(REGISTERED, NOTHING, NOTHING, rolled_up(60, 29.5), rolled_up(100, 49.5)) as server:
        run = Run(server)
        assert run.outcome.differences == []
        assert run.slept == [PAUSE_SECONDS] * 2
        assert run.told.parts == [["Messages of readings", 2, 2], ["Readings rolled up", 100, 100]]
        assert server.asked[1].path.startswith("/v1/machines/m/rollups?limit=100&from=2026-01-05T10")


def test_it_gives_up_when_nothing_moves_and_shows_the_difference() -> None:
    polls = int(QUIET_SECONDS / PAUSE_SECONDS) + 1
    with serving(REGISTERED, NOTHING, *[rolled_up(99, 49.0)] * polls) as server:
        run = Run(server)
        assert {line.question.what for line in run.outcome.differences} == {"count", "mean"}
        assert sum(run.slept) == QUIET_SECONDS


def test_a_machine_that_is_there_already_is_used() -> None:
    with serving(TAKEN, NOTHING, rolled_up(100, 49.5)) as server:
        assert Run(server).outcome.differences == []


@pytest.mark.parametrize("shuffled", [False, True])
def test_twice_sends_every_reading_twice(*, shuffled: bool) -> None:
    manner = Manner(random.Random(7) if shuffled else None, times=2)  # noqa: S311
    with serving(REGISTERED, rolled_up(100, 49.5), rolled_up(100, 49.5)) as server:
        run = Run(server, manner)
    values = [reading["value"] for body in run.bodies for reading in json.loads(body)["readings"]]
    assert Counter(values) == Counter({float(n): 2 for n in range(100)})
    assert (values == [float(n) for n in range(100)] * 2) is not shuffled
    assert run.outcome.sent["readings"] == 200


def test_readings_that_were_there_already_must_still_agree_a_round_later() -> None:
    with serving(TAKEN, rolled_up(100, 49.5), rolled_up(100, 49.5), rolled_up(200, 49.5)) as server:
        run = Run(server)
        assert [line.computed for line in run.outcome.differences] == [200]
        assert sum(run.slept) > 60
