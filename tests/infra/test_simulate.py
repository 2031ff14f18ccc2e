"""A simulated plant: the same for a seed, and equal to what Takip computes by each road, with every fault."""

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from chalicelib import clock
from chalicelib.services.machines.ingest import ingest
from infra.cli import simulate as command
from infra.replay.api import Api
from infra.replay.outcome import Outcome
from infra.replay.plan import Question
from infra.replay.target import Target
from infra.simulate import run as running
from infra.simulate.messages import ROADS, Message, messages
from infra.simulate.plant import STATES
from infra.simulate.roads import HttpRoad, Send
from infra.simulate.run import Board, Simulation, Tally
from infra.simulate.schedule import FAULTS, Wish, schedule
from tests.conftest import SetClock
from tests.floor import MORNING, Plant
from tests.infra.in_this_process import InThisProcess
from tests.machines import arrived, queued, work

WISH = Wish(machines=3, rate=4, seconds=24, faults=frozenset(FAULTS))
CONVENTIONS = {"umh": "umh", "spBv1.0": "sparkplug"}
"""What the rules call a payload, by the first level of its topic."""
STATUS = {"url": "http://127.0.0.1/v1", "endpoint": "http://127.0.0.1", "region": "eu-central-1", "queue_url": "q"}


def by_rule(message: Message) -> str:
    """A message as the rule of its topic puts it on the queue."""
    convention, encoded = message.topic.partition("/")[0], base64.b64encode(message.body).decode()
    if convention in CONVENTIONS:
        return json.dumps({CONVENTIONS[convention]: encoded, "topic": message.topic})
    whose = {"tenant": "default", "machine_id": message.machine}
    readings = {"readings": json.loads(message.body)["readings"]} if message.readings else {"unreadable": encoded}
    return json.dumps(readings | whose)


def sender(via: str, api: Api) -> Send:
    """Sends without AWS: what a queue would deliver is taken in at once."""
    if via == "http":
        over_http = HttpRoad(api)

        def send(sent: Sequence[Message]) -> int:
            refused = over_http(sent)
            while waiting := queued():
                ingest(arrived(*map(json.dumps, waiting), sent_at=clock.now()))
            return refused

        return send

    def take(sent: Sequence[Message]) -> int:
        bodies = [message.body.decode() if via == "sqs" else by_rule(message) for message in sent]
        ingest(arrived(*bodies, sent_at=clock.now()))
        return 0

    return take


def simulated(plant: Plant, set_clock: SetClock, via: str, *, losing: int = 0) -> Outcome:
    """Simulate in this process, on a clock that runs when somebody waits."""

    def wait(seconds: float) -> None:
        set_clock.forward(timedelta(seconds=seconds))
        if seconds >= running.PAUSE_SECONDS:
            set_clock.forward(timedelta(minutes=5))
            work()

    api = InThisProcess(plant.admin)
    simulation = Simulation(api, via, WISH, lambda _: None, sleep=wait, now=set_clock)
    send = sender(via, api)
    kept = {id(message) for message in simulation.messages[losing:]}
    with simulation.registered():
        return simulation.run(lambda sent: send([message for message in sent if id(message) in kept]))


@pytest.mark.parametrize("via", ROADS)
def test_what_takip_computes_is_what_was_sent_by_each_road(plant: Plant, set_clock: SetClock, via: str) -> None:
    outcome = simulated(plant, set_clock, via)

    assert outcome.differences == []
    asked = {question.what for question in outcome.expected}
    seconds = {f"seconds {state}" for state in STATES}
    assert {"count", "sum", "min", "max", "produced", "resets", "messages"} <= asked
    assert seconds & asked
    assert any(value for question, value in outcome.expected.items() if question.what == "resets")
    assert {each["status"] for each in plant.worker.get("/machines").items} == {"retired"}


def test_a_message_that_is_lost_is_a_difference(
    plant: Plant, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LONGEST_SECONDS", 2 * running.PAUSE_SECONDS)
    assert simulated(plant, set_clock, "sqs", losing=3).differences


def test_a_seed_gives_the_same_messages_and_another_gives_others() -> None:
    first, again = (messages("umh", MORNING, schedule(MORNING, WISH)) for _ in range(2))
    other = messages("umh", MORNING, schedule(MORNING, replace(WISH, seed=2)))

    assert first == again
    assert [message.body for message in first] != [message.body for message in other]


def test_without_faults_every_message_is_good_and_none_comes_twice() -> None:
    made = messages("sqs", MORNING, schedule(MORNING, replace(WISH, faults=frozenset())))

    assert not any(message.is_wrong for message in made)
    assert len({message.body for message in made}) == len(made)
    assert sum(message.readings for message in made) == pytest.approx(WISH.rate * WISH.seconds, abs=3 * WISH.machines)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_changes_what_is_sent(fault: str) -> None:
    def bodies(faults: frozenset[str]) -> list[tuple[float, bytes]]:
        made = messages("mqtt", MORNING, schedule(MORNING, replace(WISH, faults=faults)))
        return [(message.due, message.body) for message in made]

    assert bodies(frozenset({fault})) != bodies(frozenset())


def run(monkeypatch: pytest.MonkeyPatch, counted: float, *options: str) -> Any:
    """The command, with a simulation that comes to one answer."""
    asked: list[object] = []
    question = Question("hour", "sim-1 temperature", "count")

    def simulation(_target: Target, via: str, wish: Wish, show: running.Show) -> Outcome:
        asked.extend((via, wish))
        show(Board("sending", {"sim-1": Tally(1_234, 5, 6, 7)}))
        return Outcome("plant", {"readings": 1}, {question: counted}, {question: 1.0})

    monkeypatch.setattr(command, "run_simulation", simulation)
    monkeypatch.setattr("infra.cli.replay.read_status", lambda: STATUS)
    result = CliRunner().invoke(command.simulate, ["--username", "ayse", *options], input="secret\n")
    return result, asked


@pytest.mark.parametrize(("counted", "exit_code"), [(1.0, 0), (2.0, 1)])
def test_its_exit_code_says_whether_anything_differs(
    monkeypatch: pytest.MonkeyPatch, counted: float, exit_code: int
) -> None:
    result, asked = run(monkeypatch, counted, "--via", "umh", "--faults", "late, poison", "--minutes", "2")

    assert result.exit_code == exit_code
    assert asked == ["umh", Wish(3, 10.0, 120.0, frozenset({"late", "poison"}))]
    assert "1,234" in result.output


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--faults", "late,flood"), "flood is not one of duplicate, late"),
        (("--seconds", "5", "--minutes", "1"), "not both"),
        (("--via", "pigeon"), "pigeon"),
    ],
)
def test_what_cannot_be_simulated_is_refused(
    monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], told: str
) -> None:
    result, _ = run(monkeypatch, 1.0, *options)
    assert result.exit_code == 2
    assert told in result.output
