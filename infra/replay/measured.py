"""Replays the readings of a machine: registers it, sends its readings by a road, and waits for the rollups."""

import time
from collections.abc import Callable
from datetime import timedelta

from infra.replay.answers import hour_answers
from infra.replay.api import Api
from infra.replay.floor import add_machine
from infra.replay.manner import Manner
from infra.replay.outcome import Outcome
from infra.replay.plan import Answers, ReadingsPlan, wire
from infra.replay.progress import Progress
from infra.replay.roads import Message, messages
from infra.replay.senders import Send

PAUSE_SECONDS = 3.0
ROUND_SECONDS = 66  # repeated readings have an effect only in a further round of rollups
QUIET_SECONDS = 420.0  # a large hour is made again after five minutes; after seven without change, no more will come
LONGEST_SECONDS = 900.0


class MeasuredReplay:
    """Replays readings as the signed-in account, in the given manner."""

    def __init__(
        self,
        api: Api,
        send: Send,
        progress: Progress,
        manner: Manner,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._api = api
        self._send = send
        self._progress = progress
        self._manner = manner
        self._sleep = sleep

    def run(self, plan: ReadingsPlan) -> Outcome:
        """Send the plan and read the rollups when they agree or no longer change. Raises Problem."""
        add_machine(self._api, plan.machine)
        repeats = self._manner.times > 1 or _counted(self._ask(plan)) > 0
        sent = self._messages(plan)
        self._progress.begin("Messages of readings", len(sent))
        self._send(sent)
        self._progress.begin("Readings rolled up", _counted(plan.expected))
        outcome = self._settled(plan)
        return outcome if outcome.differences or not repeats else self._a_round_later(plan)

    def _messages(self, plan: ReadingsPlan) -> list[Message]:
        """The messages. If shuffled, one message holds readings of distant times, and a birth may come last."""
        readings = self._manner.arrange(plan.readings * self._manner.times)
        return self._manner.arrange(messages(self._manner.via, plan.machine, readings))

    def _settled(self, plan: ReadingsPlan) -> Outcome:
        """Read until the rollups agree, have not changed for long, or the time limit is reached."""
        outcome = self._outcome(plan)
        quiet, told = 0.0, 0
        for _ in range(int(LONGEST_SECONDS / PAUSE_SECONDS)):
            rolled_up = _counted(outcome.computed)
            self._progress.advance(rolled_up - told)
            told = rolled_up
            if not outcome.differences or quiet >= QUIET_SECONDS:
                break
            self._sleep(PAUSE_SECONDS)
            before, outcome = outcome, self._outcome(plan)
            quiet = quiet + PAUSE_SECONDS if outcome.computed == before.computed else 0.0
        return outcome

    def _a_round_later(self, plan: ReadingsPlan) -> Outcome:
        self._progress.begin("Another round of rollups", ROUND_SECONDS)
        for _ in range(ROUND_SECONDS):
            self._sleep(1.0)
            self._progress.advance()
        return self._outcome(plan)

    def _outcome(self, plan: ReadingsPlan) -> Outcome:
        sent = {"readings": len(plan.readings) * self._manner.times, "hour count": len(set(plan.readings))}
        return Outcome(plan.name, sent, self._ask(plan), plan.expected)

    def _ask(self, plan: ReadingsPlan) -> Answers:
        instants = [reading.at for reading in plan.readings]
        window = {"from": wire(min(instants)), "to": wire(max(instants) + timedelta(hours=1))}
        return hour_answers(self._api.items(f"/machines/{plan.machine.id}/rollups", **window))


def _counted(answers: Answers) -> int:
    """The number of readings in these hours."""
    return sum(int(value) for question, value in answers.items() if question.what == "count" and value is not None)
