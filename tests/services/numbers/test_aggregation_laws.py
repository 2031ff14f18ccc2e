"""The law of aggregation: with concurrent changes, crashes and runs at once, the numbers are always the same."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from tests.conftest import SetClock
from tests.disturbances import Crash
from tests.floor import HOUR, Person, Plant, Reply
from tests.machines import install, watched
from tests.sampling import IS_FULL
from tests.services.aggregating import assert_settled, assert_sums_follow_facts, run, settle
from tests.services.explaining import assert_days_explained, assert_explained
from tests.services.plain_days import recomputed, told

DEEPEST = 2


class Floor:
    """People who do what comes to their minds, and runs that crash and overtake each other at any AWS call."""

    def __init__(self, random: Random, plant: Plant, clock: SetClock) -> None:
        self._random, self._plant, self._clock = random, plant, clock
        self._depth = 0
        people = [plant.worker.id, plant.other.id]
        install("M1", line="L1")
        install("M2")
        timed = {"name": "b", "standard_seconds_per_unit": 7, "assignee_ids": people}
        orders = [plant.order({"name": "a", "assignee_ids": people}, timed, product_code=code) for code in ("P", "Q")]
        self.order_ids = [order["id"] for order in orders]
        self._stages = [stage["id"] for order in orders for stage in order["stages"]]
        self.outcomes: list[object] = []

    def work(self, steps: int) -> None:
        """Let people work, with runs in between that are disturbed."""
        for _ in range(steps):
            self._command()
            self._clock.forward(self._random.randint(0, 9) * HOUR)
            if self._random.random() < 0.4:
                self._aggregate()
                assert_sums_follow_facts()

    def _aggregate(self) -> None:
        try:
            with watched(self._disturb):
                self.outcomes.append(run())
        except Crash as crash:
            self.outcomes.append(crash)

    def _disturb(self, _: str, __: Any) -> None:
        """Now and then crash, or let another run or somebody's command come in between."""
        if self._depth == DEEPEST or self._random.random() > 0.08:
            return
        self._depth += 1
        try:
            self._random.choice([self._gone, self._aggregate, self._command])()
        finally:
            self._depth -= 1

    def _gone(self) -> None:
        raise Crash

    def _command(self) -> None:
        """Somebody gives a command on some stage, or corrects a session of it, which may well be refused."""
        person: Person = self._random.choice([self._plant.worker, self._plant.other, self._plant.planner])
        stage = self._random.choice(self._stages)
        now = self._clock()
        booked = {"started_at": (now - 30 * HOUR).isoformat(), "ended_at": now.isoformat(), "good": 1}
        kind = self._random.choice(["run", "setup", "rework", "breakdown"])
        bodies: dict[str, Any] = {
            "start": {"kind": kind, "machine_id": self._random.choice(["M1", "M2", None])},
            "pause": {"pause_reason": self._random.choice(["break", "material"])},
            "report": {"good": 1, "scrap": 1, "scrap_reason": "surface", "rework": self._random.randint(0, 2)},
            "done": {},
            "skip": {"reason": "not needed"},
            "reopen": {"reason": "not done"},
            "sessions": booked,
        }
        often = ["start", "start", "start", "pause", "pause", "report", "report", "sessions", "done", "done", "correct"]
        command = self._random.choice([*often, "reopen", "skip"])
        if command in ("reopen", "skip"):
            person = self._plant.planner
        if self._random.random() < 0.3:
            self._plan(stage)
        elif command == "correct":
            self._correct(stage)
        else:
            assert person.post(f"/stages/{stage}/{command}", bodies[command]).status < 500

    def _plan(self, stage: str) -> None:
        """A planner holds, releases or moves an order, or reports or answers an issue."""
        planner, order = self._plant.planner, f"/workorders/{stage.rpartition('-')[0]}"
        end = (self._clock() + self._random.choice([-HOUR, HOUR])).isoformat()
        issue = {"type": "quality", "description": "scratches", "blocking": self._random.random() < 0.5}
        known = planner.get("/issues?status=open").items
        at = f"/issues/{known[0]['id']}" if known else "/issues/none-i0"
        customer = self._random.choice(["Arçelik", "ARÇELİK", "Vestel", None])
        name = self._random.choice(["Dış pres", "DIŞ PRES", "dis"])
        answer = self._random.choice([{"status": "resolved", "cause": "chips"}, {"priority": "critical"}])
        moves: dict[str, Callable[[], Reply]] = {
            "hold": lambda: planner.post(f"{order}/hold", {"reason": "no drawing"}),
            "release": lambda: planner.post(f"{order}/release", {"reason": "there it is"}),
            "sell": lambda: planner.patch(order, {"customer": customer, "reason": "sold"}, If_Match="*"),
            "rename": lambda: planner.patch(f"/stages/{stage}", {"name": name, "reason": "typing error"}, If_Match="*"),
            "move": lambda: planner.patch(order, {"planned_end": end, "reason": "moved"}, If_Match="*"),
            "report": lambda: planner.post(f"/stages/{stage}/issue", issue),
            "answer": lambda: planner.patch(at, answer, If_Match="*"),
        }
        reply = moves[self._random.choice([*moves, "release"])]()
        assert reply.status < 500

    def _correct(self, stage: str) -> None:
        """A session gets shorter or is void, so its day loses time; or only its pieces change."""
        sessions = self._plant.planner.get(f"/stages/{stage}/sessions").items
        if sessions:
            chosen = self._random.choice(sessions)
            change = self._random.choice([{"void": True}, {"ended_at": chosen["started_at"]}, {"good": 2}])
            at = f"/stages/{stage}/sessions/{chosen['id']}/correct"
            assert self._plant.planner.post(at, {"reason": "wrong"} | change).status < 500


@pytest.mark.parametrize("seed", range(12 if IS_FULL else 4))
def test_crashes_and_runs_at_once_change_no_number(plant: Plant, set_clock: SetClock, seed: int) -> None:
    floor = Floor(Random(seed), plant, set_clock)  # noqa: S311  any order will do

    floor.work(steps=45)
    settle()

    assert_settled()
    assert any(isinstance(outcome, Crash) for outcome in floor.outcomes)
    assert told(plant) == recomputed(plant, floor.order_ids)
    assert_explained(plant, floor.order_ids)
    assert_days_explained(plant, ["none", "worker"])
