"""Two people at once: the result is one of the two orders of their commands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.orders.flows import Flow
from tests.commands import ORDER, Given, open_order
from tests.conftest import SetClock
from tests.disturbances import at_commit
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.services.commanding import essence
from tests.standing import Standing

OPEN_FIRST, OPEN_SECOND = Given("worker", "start"), Given("other", "start", 2)
MADE_SIX, MADE_FIVE = Given("worker", "report", body={"good": 6}), Given("other", "report", 2, {"good": 5})
DONE_FIRST, DONE_SECOND = Given("worker", "done"), Given("other", "done", 2)

# What happened before the two come, by what it comes to.
STARTS: dict[str, Sequence[Given]] = {
    "nothing": (),
    "somebody is at work": (OPEN_FIRST, MADE_SIX),
    "two are at work": (OPEN_FIRST, MADE_SIX, Given("other", "start")),
    "both stages go on": (OPEN_FIRST, MADE_SIX, OPEN_SECOND, MADE_FIVE),
    "the first is done": (OPEN_FIRST, MADE_SIX, DONE_FIRST),
    "the last is left": (OPEN_FIRST, MADE_SIX, DONE_FIRST, OPEN_SECOND),
    "all is done": (OPEN_FIRST, MADE_SIX, DONE_FIRST, OPEN_SECOND, DONE_SECOND),
    "the first is skipped": (Given("planner", "skip"),),
    "blocked": (OPEN_FIRST, MADE_SIX, Given("other", "block")),
    "held": (OPEN_FIRST, MADE_SIX, Given("planner", "hold")),
    "cancelled": (OPEN_FIRST, Given("planner", "cancel")),
}

COMMANDS = (
    *(Given(who, "start") for who in ("worker", "other")),
    Given("planner", "start", body={"worker_id": "other"}),
    OPEN_SECOND,
    Given("worker", "pause"),
    Given("planner", "pause", body={"worker_id": "worker"}),
    Given("other", "pause", 2),
    *(Given(who, "report", body={"good": 3, "scrap": 0.5}) for who in ("worker", "other")),
    Given("planner", "report", body={"good": 8, "worker_id": "worker", "reason": "sold more"}),
    Given("other", "report", 2, {"good": 2}),
    *(Given(who, "done", body={"good": 4}) for who in ("worker", "other")),
    DONE_SECOND,
    Given("worker", "book", body={"good": 4}),
    Given("other", "book", 2),
    *(Given("planner", "assign", stage) for stage in (1, 2)),
    *(Given("planner", "replan stage", stage) for stage in (1, 2)),
    *(Given("planner", "skip", stage) for stage in (1, 2)),
    *(Given("admin", "reopen", stage) for stage in (1, 2)),
    *(Given(who, "issue") for who in ("worker", "other")),
    *(Given("planner", command) for command in ("block", "answer", "correct", "close sessions")),
    *(Given("admin", command) for command in ("hold", "release", "cancel")),
    *(Given("admin", "replan", body=change) for change in ({"quantity": 7}, {"priority": 1})),
)


PAIRS = list(permutations(COMMANDS, 2))
Outcome = tuple[list[str], str, str]
"""What stands in the table after two commands, and what each of them was answered."""


@dataclass
class Bench:
    """A plant on which two commands are tried again and again from the same start."""

    plant: Plant = field(repr=False)
    clock: SetClock
    empty: Standing
    made: dict[tuple[str, Flow], Standing] = field(default_factory=dict, repr=False)

    def begin(self, start: str, flow: Flow) -> Standing:
        """Bring the plant to a start: nothing, or whatever of it the flow lets happen."""
        self.clock.set(MORNING)
        if (start, flow) not in self.made:
            self.empty.put_back()
            open_order(self.plant, flow)
            for each in STARTS[start]:
                self.clock.forward(MINUTE)
                each.to(self.plant)
            self.made[start, flow] = Standing()
        self.clock.set(MORNING + HOUR)
        self.made[start, flow].put_back()
        return self.made[start, flow]

    def one_after_the_other(self, start: str, flow: Flow, *commands: Given) -> Outcome:
        """Give two commands, the second when the first has been answered."""
        begun = self.begin(start, flow)
        answers = {str(each): answered(each, self.plant) for each in commands}
        return outcome(begun, answers)

    def one_within_the_other(self, start: str, flow: Flow, outer: Given, inner: Given) -> Outcome:
        """Give a command that finds, when it comes to write, that another one has been given and answered."""
        begun = self.begin(start, flow)
        answers: dict[str, str] = {}

        def overtake() -> None:
            answers[str(inner)] = answered(inner, self.plant)

        with at_commit(before=overtake):
            answers[str(outer)] = answered(outer, self.plant)
        if str(inner) not in answers:
            overtake()
        return outcome(begun, answers)


def answered(command: Given, plant: Plant) -> str:
    """Give a command under a key of its own, and keep what it was answered; its ETag also covers ids made anew."""
    status, body, etag = essence(command.to(plant, key=str(command)))
    return str((status, body, etag and etag.partition("-")[0]))


def outcome(begun: Standing, answers: dict[str, str]) -> Outcome:
    """What two commands came to, whatever ids were made for it."""
    first, second = (begun.without_new_ids(answers[each]) for each in sorted(answers))
    return begun.essence(), first, second


@pytest.fixture
def bench(plant: Plant, set_clock: SetClock, waits: list[float]) -> Bench:
    return Bench(plant, set_clock, Standing())


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    start=st.sampled_from(sorted(STARTS)),
    flow=st.sampled_from(Flow),
    pair=st.sampled_from(PAIRS),
)
def test_two_commands_at_once_come_to_what_some_order_of_them_comes_to(
    bench: Bench, start: str, flow: Flow, pair: tuple[Given, Given]
) -> None:
    orders = [bench.one_after_the_other(start, flow, *order) for order in permutations(pair)]
    assert bench.one_within_the_other(start, flow, *pair) in orders


FREE, SEQUENTIAL, _ = Flow
HOLD, CANCEL, REOPEN = (Given("admin", command) for command in ("hold", "cancel", "reopen"))
MADE_THREE, OTHERS_THREE = (Given(who, "report", body={"good": 3}) for who in ("worker", "other"))
ILLEGAL, NOT_READY, OVER = (f"ERR_STAGE_{what}" for what in ("ILLEGAL_TRANSITION", "NOT_READY", "OVER_QUANTITY"))


@pytest.mark.parametrize(
    ("start", "flow", "pair", "answer", "statuses"),
    [
        ("both stages go on", FREE, (DONE_FIRST, DONE_SECOND), 200, "done done done"),
        ("both stages go on", FREE, (DONE_SECOND, DONE_FIRST), 200, "done done done"),
        ("two are at work", FREE, (HOLD, OPEN_SECOND), "ERR_ORDER_HELD", "in_progress paused planned"),
        ("two are at work", FREE, (OPEN_SECOND, HOLD), 200, "in_progress paused paused"),
        ("two are at work", FREE, (CANCEL, OPEN_SECOND), ILLEGAL, "cancelled cancelled cancelled"),
        ("two are at work", FREE, (OPEN_SECOND, CANCEL), 200, "cancelled cancelled cancelled"),
        ("two are at work", FREE, (MADE_THREE, OTHERS_THREE), OVER, "in_progress in_progress planned"),
        ("the first is done", SEQUENTIAL, (REOPEN, OPEN_SECOND), NOT_READY, "in_progress paused planned"),
        ("the first is done", SEQUENTIAL, (OPEN_SECOND, REOPEN), 200, "in_progress paused in_progress"),
    ],
)
def test_whoever_writes_second_is_judged_by_what_the_first_has_left(
    bench: Bench, start: str, flow: Flow, pair: tuple[Given, Given], answer: int | str, statuses: str
) -> None:
    bench.begin(start, flow)
    first, second = pair

    with at_commit(before=lambda: first.to(bench.plant).data):
        reply = second.to(bench.plant)

    assert answer in (reply.status, reply.body.get("error", {}).get("code"))
    order = bench.plant.planner.get(f"/workorders/{ORDER}").data
    assert " ".join([order["status"], *(stage["status"] for stage in order["stages"])]) == statuses
    if order["held"] or order["status"] == "cancelled":
        assert [stage["open_sessions"] for stage in order["stages"]] == [[], []]


def test_a_finish_is_not_refused_for_work_that_began_while_it_was_on_its_way(bench: Bench) -> None:
    bench.begin("somebody is at work", FREE)

    def start_meanwhile() -> None:
        bench.clock.forward(MINUTE / 60)
        assert Given("other", "start").to(bench.plant).status == 200

    with at_commit(before=start_meanwhile):
        assert DONE_FIRST.to(bench.plant).data["status"] == "done"
