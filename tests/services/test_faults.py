"""Faults: an interrupted command is done once or not at all, and its repetition gets the same answer."""

from collections.abc import Container
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from tests.commands import EXAMPLES, Given, open_order, plain
from tests.conftest import SetClock
from tests.disturbances import (
    Crash,
    Fault,
    cancelled,
    dies,
    dies_waiting,
    lost,
    on_the_wire,
    refused,
    unheard,
)
from tests.floor import MORNING, Plant, Reply
from tests.machines import watched
from tests.services.commanding import commands, give
from tests.standing import Standing

ENOUGH = 1000
DONE_BEFORE = "'result': 'duplicate'"
THROTTLED = refused(400, "ThrottlingException")
REFUSED = Given("other", "pause")  # nobody of that name is at work
BATCHES = ("sync", "import", "close sessions")  # several things, each done for itself


@dataclass
class Trial:
    """A command that is given again and again from the same start, at the same moment."""

    plant: Plant
    clock: SetClock
    command: Given
    start: Standing

    def give(self, fault: Fault = lost, requests: Container[int] = ()) -> tuple[Reply | None, list[str]]:
        """Give it while these requests fail; no reply where the process died. What went over the wire is told too."""
        self.clock.set(MORNING)
        with on_the_wire(fault, requests) as sent:
            try:
                return self.command.to(self.plant, key="k"), sent
            except Crash:
                return None, sent

    def undisturbed(self) -> tuple[str, list[str], int]:
        """What it is answered, what stands in the table then, and how many requests it takes."""
        reply, sent = self.give()
        assert reply is not None
        assert (reply.status < 300) != (self.command == REFUSED)
        assert len(sent) >= 1 + (reply.status != 201)
        return self.told(reply), self.start.essence(), len(sent)

    def told(self, reply: Reply | None) -> str:
        """What a reply comes to, whatever ids were made for it, and whether it was done now or before."""
        told = self.start.without_new_ids(reply and (reply.status, reply.body))
        return told.replace("'result': 'created'", DONE_BEFORE).replace("'result': 'applied'", DONE_BEFORE)


@pytest.fixture
def trial(plant: Plant, set_clock: SetClock, waits: list[float], request: pytest.FixtureRequest) -> Trial:
    """A trial of the command that the test is asked for, after whatever has to come before it."""
    command: Given = request.param
    open_order(plant)
    for each in EXAMPLES[command.command].after:
        assert plain(each).to(plant).status < 300
    return Trial(plant, set_clock, command, Standing())


ALONE = [*(plain(name) for name in EXAMPLES if name not in BATCHES), REFUSED]
every_command = pytest.mark.parametrize("trial", ALONE, indirect=True, ids=str)


@every_command
def test_wherever_a_request_fails_the_command_is_done_once_and_answered_the_same(trial: Trial) -> None:
    wanted, done, requests = trial.undisturbed()

    for number in range(requests):
        for fault in (dies, dies_waiting, lost, unheard, THROTTLED):
            trial.start.put_back()
            reply, _ = trial.give(fault, {number})
            assert reply is None or trial.told(reply) == wanted
            assert reply or trial.start.changed() == set() or trial.start.essence() == done
            again, _ = trial.give()
            assert trial.told(again) == wanted
            assert trial.start.essence() == done


@every_command
def test_while_storage_is_away_a_command_is_refused_in_time_and_nothing_is_half_written(trial: Trial) -> None:
    wanted, done, requests = trial.undisturbed()

    for number in range(requests):
        for fault in (lost, unheard, THROTTLED, refused(500, "InternalServerError")):
            trial.start.put_back()
            reply, tried = trial.give(fault, range(number, ENOUGH))
            assert reply is not None
            assert (reply.status, reply.headers["Retry-After"]) == (503, "2")
            assert len(tried) <= number + 6
            assert trial.start.changed() == set() or (fault is unheard and trial.start.essence() == done)
            again, _ = trial.give()
            assert trial.told(again) == wanted
            assert trial.start.essence() == done


@pytest.mark.parametrize("trial", [*map(plain, BATCHES)], indirect=True, ids=str)
def test_a_batch_that_breaks_off_is_sent_again_whole(trial: Trial) -> None:
    wanted, done, requests = trial.undisturbed()

    for number in range(requests):
        for fault in (dies, dies_waiting, lost, unheard):
            trial.start.put_back()
            trial.give(fault, range(number, ENOUGH))
            again, _ = trial.give()
            assert trial.told(again) == wanted
            assert trial.start.essence() == done


def test_collisions_at_random_lose_no_report_and_double_none(plant: Plant, stage: str, waits: list[float]) -> None:
    people, chance = (plant.worker, plant.other), Random(4)  # noqa: S311  it shall be the same each time
    for person in people:
        give(person, stage, "start", key=None)

    def collide(operation: str, _: dict[str, Any]) -> None:
        if operation == "TransactWriteItems" and chance.random() < 0.4:
            raise cancelled("None", "TransactionConflict")

    with watched(collide) as called:
        replies = [give(people[n % 2], stage, "report", {"good": 0.25}, key=f"r{n}") for n in range(40)]

    assert {reply.status for reply in replies} == {200}
    assert called.count("TransactWriteItems") > 50
    assert plant.planner.get(f"/stages/{stage}").data["good"] == 10
    assert commands().count("report") == 40
