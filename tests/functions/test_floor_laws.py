"""Laws of the floor that hold whatever is sent to the endpoints, and however often."""

from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from chalicelib.domain.orders.flows import Flow
from tests.commands import EXAMPLES, ORDER, Given
from tests.conftest import SetClock
from tests.floor import Plant
from tests.functions.floor_machine import PEOPLE, PLANNING, QUANTITIES, Floor
from tests.services.explaining import assert_explained
from tests.standing import Standing

OF_STAGES = {"start", "pause", "report", "done", "book", "assign", "replan", "skip", "reopen"}


class LawfulFloor(Floor):
    """The floor, and what holds on it after every step."""

    def judge(self, command: Given, before: Any) -> None:
        for stage, was in zip(self.order["stages"], before["stages"], strict=True):
            if stage["good"] > max(was["good"], self.order["quantity"]):
                assert command.who in PLANNING
                assert {**EXAMPLES[command.command].body, **command.body}["reason"]
        if command.command in {"release", "answer"}:
            assert unhindered(self.order) == unhindered(before), "lifting what stood in the way changed something else"

    @invariant()
    def nobody_is_at_work_where_nobody_may_be(self) -> None:
        for stage in self.order["stages"]:
            assert (stage["status"] == "in_progress") == bool(stage["open_sessions"])
            if self.order["held"] or stage["blocked_by"]:
                assert stage["open_sessions"] == []

    @invariant()
    def totals_are_sums_over_sessions_and_reports(self) -> None:
        for stage in self.order["stages"]:
            closed = self.plant.planner.get(f"/stages/{stage['id']}/sessions").items
            going_on = [made for session in stage["open_sessions"] for made in self.reported[session["id"]]]
            assert stage["good"] == total([*closed, *going_on], "good")
            assert stage["scrap"] == total([*closed, *going_on], "scrap")
            reworked = [each for each in [*closed, *going_on] if each["kind"] == "rework"]
            balance = total([*closed, *going_on], "rework") - total(reworked, "good") - total(reworked, "scrap")
            assert stage["rework"] == balance >= 0

    @invariant()
    def nothing_comes_out_that_did_not_go_in(self) -> None:
        given = None
        for stage in self.order["stages"]:
            if stage["status"] == "skipped":
                continue
            if self.order["flow"] == Flow.STREAMING and given is not None:
                assert stage["good"] + stage["scrap"] + stage["rework"] <= given
            given = stage["good"]

    def teardown(self) -> None:
        assert_explained(self.plant, [ORDER])
        super().teardown()

    @rule(who=st.sampled_from(PEOPLE), number=st.sampled_from([1, 2]))
    def what_is_allowed_may_be_done_and_nothing_else(self, who: str, number: int) -> None:
        stage = self.order["stages"][number - 1]
        seen = self.plant.everybody()[who].get(f"/stages/{stage['id']}")
        allowed = set() if seen.status == 404 else set(seen.data["allowed"])
        for name in OF_STAGES:
            command = "replan stage" if name == "replan" else name
            reply = Given(who, command, number, self._worker(who, name, stage)).to(self.plant, dry_run=True)
            refused = reply.status >= 400 and reply.error["code"] not in QUANTITIES
            assert refused == (name not in allowed), (name, reply.body)

    def _worker(self, who: str, name: str, stage: Any) -> dict[str, str]:
        """For whom a planner would do it: somebody who is at work, or somebody who is not."""
        if who not in PLANNING or name not in {"start", "pause", "report"}:
            return {}
        busy = {each["worker_id"] for each in stage["open_sessions"]}
        wanted = [each for each in ("admin", *PEOPLE) if (self.plant.everybody()[each].id in busy) == (name != "start")]
        return {"worker_id": wanted[0]} if wanted else {}


def unhindered(order: Any) -> list[Any]:
    """The stages of an order, but for what stands in their way and what follows from it."""
    follows = {"held", "blocked_by", "open_issues", "allowed", "version"}
    return [{name: stage[name] for name in stage if name not in follows} for stage in order["stages"]]


def total(made: list[Any], what: str) -> float:
    return float(sum(each.get(what, 0) for each in made))


def test_whatever_is_sent_through_the_doors_the_laws_of_the_floor_hold(plant: Plant, set_clock: SetClock) -> None:
    empty = Standing()

    class FloorHere(LawfulFloor):
        def __init__(self) -> None:
            super().__init__(plant, set_clock, empty)

    run_state_machine_as_test(
        FloorHere,
        settings=settings(
            max_examples=settings().max_examples // 10,
            stateful_step_count=25,
            deadline=None,
            phases=[Phase.generate],  # to make a case shorter takes longer than to read it
            suppress_health_check=list(HealthCheck),
        ),
    )
