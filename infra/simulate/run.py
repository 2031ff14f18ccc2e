"""A whole simulation: registers the machines, sends what is due, and compares what Takip computes with what must be."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from infra.problem import Problem
from infra.replay.api import Api
from infra.replay.outcome import Outcome
from infra.replay.plan import Answers, Question, wire
from infra.replay.target import Target
from infra.simulate.expected import expected, of_rollups, quarantined
from infra.simulate.messages import Message, births, messages
from infra.simulate.plant import STATES, TAGS
from infra.simulate.roads import Send, road
from infra.simulate.schedule import BACKLOG_BEFORE, CLOCK_ERROR, Wish, machine_ids, schedule

TICK_SECONDS = 0.5
PAUSE_SECONDS = 3.0
ROUND_SECONDS = 66  # what comes again has an effect only in a further round of rollups
LONGEST_SECONDS = 900.0
A_MONTH = 31 * 24 * 60
TAGGED = ("umh", "sparkplug")


@dataclass(frozen=True)
class Tally:
    """What is known of a machine so far: readings sent, readings in the numbers, messages in quarantine, refusals."""

    sent: int = 0
    accepted: int = 0
    quarantined: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Board:
    """What the live table shows: what is being done, and a tally for each machine."""

    doing: str
    tallies: Mapping[str, Tally]


Show = Callable[[Board], None]
Clock = Callable[[], datetime]


class Simulation:
    """A plant that was registered, and what it has sent."""

    def __init__(
        self,
        api: Api,
        via: str,
        wish: Wish,
        show: Show,
        sleep: Callable[[float], None] = time.sleep,
        now: Clock = lambda: datetime.now(UTC),
    ) -> None:
        self._api = api
        self._show = show
        self._sleep = sleep
        self._now = now
        self._via = via
        self._wish = wish
        self._start = now()
        self.machines = machine_ids(self._start, wish)
        made = messages(via, self._start, schedule(self._start, wish))
        if via == "sparkplug":
            late_by = wish.seconds / 2 if "late" in wish.faults else 0.0
            made = sorted(births(self._start, self.machines, late_by) + made, key=lambda message: message.due)
        self.messages = made
        self._doing = "sending"
        self._tallies = {machine: Tally() for machine in self.machines}

    @contextmanager
    def registered(self) -> Iterator[None]:
        """Register the machines, and retire them afterwards, so that nobody misses them."""
        tags = [{"tag": name, "type": type_name} for type_name, name in TAGS.items()]
        tags[-1]["states"] = {str(number): state for state, number in STATES.items()}  # type: ignore[assignment]
        for machine in self.machines:
            body = {"id": machine, "name": f"Simulated machine {machine}", "silent_minutes": A_MONTH}
            self._api.post("/machines", body | ({"tags": tags} if self._via in TAGGED else {}))
        try:
            yield
        finally:
            for machine in self.machines:
                self._api.patch(f"/machines/{machine}", {"status": "retired"})

    def run(self, send: Send) -> Outcome:
        """Send everything when it is due, and compare until there is no difference, or for at most a quarter hour."""
        waiting = list(self.messages)
        asked = 0
        while waiting:
            passed = (self._now() - self._start).total_seconds()
            due = [message for message in waiting if message.due <= passed]
            waiting = waiting[len(due) :]
            self._send(send, due)
            self._look(self.machines[asked % len(self.machines)])
            asked += 1
            self._sleep(TICK_SECONDS)
        return self._settled()

    def _send(self, send: Send, due: Sequence[Message]) -> None:
        for machine in dict.fromkeys(message.machine for message in due):
            own = [message for message in due if message.machine == machine]
            before, refused = self._tallies[machine], send(own)
            sent = sum(message.readings for message in own)
            self._tell(machine, sent=before.sent + sent, refused=before.refused + refused)

    def _settled(self) -> Outcome:
        """Compare until there is no difference; then, if messages came again, once more a round of rollups later."""
        self._doing = "comparing"
        outcome = self._outcome()
        for _ in range(int(LONGEST_SECONDS / PAUSE_SECONDS)):
            if not outcome.differences:
                break
            self._sleep(PAUSE_SECONDS)
            outcome = self._outcome()
        if outcome.differences or "duplicate" not in self._wish.faults:
            return outcome
        self._doing = "waiting for another round of rollups"
        self._tell(self.machines[0])
        self._sleep(ROUND_SECONDS)
        return self._outcome()

    def _outcome(self) -> Outcome:
        is_http = self._via == "http"
        wanted, computed = dict(expected(self.messages, refuses=is_http)), self._computed()
        if is_http:
            refused = Question("plant", "all", "refused messages")
            wanted[refused] = sum(message.is_wrong and not message.good for message in self.messages)
            computed = dict(computed) | {refused: sum(tally.refused for tally in self._tallies.values())}
        sent = {
            "machines": len(self.machines),
            "messages": len(self.messages),
            "readings": sum(message.readings for message in self.messages),
        }
        return Outcome(f"{len(self.machines)} machines via {self._via}", sent, computed, wanted)

    def _computed(self) -> Answers:
        kept = list(self._kept())
        answers = dict(quarantined(kept))
        for machine in self.machines:
            self._tell(machine, quarantined=kept.count(machine))
            answers |= self._look(machine)
        return answers

    def _look(self, machine: str) -> Answers:
        """What Takip computed of a machine."""
        window = {
            "from": wire(self._start - BACKLOG_BEFORE - CLOCK_ERROR),
            "to": wire(self._now() + 2 * CLOCK_ERROR),
        }
        found = of_rollups(self._api.items(f"/machines/{machine}/rollups", **window))
        counted = [value for question, value in found.items() if question.what == "count"]
        self._tell(machine, accepted=int(sum(value for value in counted if isinstance(value, int | float))))
        return found

    def _tell(self, machine: str, **news: int) -> None:
        """Show what is known now of a machine."""
        self._tallies[machine] = replace(self._tallies[machine], **news)
        self._show(Board(self._doing, self._tallies))

    def _kept(self) -> Iterable[str]:
        """The machine of each message in quarantine, of those that were sent since the start. Newest come first."""
        digests = set()
        for message in self._api.items("/machines/quarantine"):
            if datetime.fromisoformat(message["sent_at"]) < self._start - timedelta(minutes=1):
                break
            digest = message["id"].rpartition("-")[2]
            named = [m for m in self.machines if message["machine_id"] == m or f"of {m} " in message["original"]]
            if named and digest not in digests:
                digests.add(digest)
                yield named[0]


def simulate(target: Target, via: str, wish: Wish, show: Show) -> Outcome:
    """Simulate a plant against a running Takip. Raises Problem if it cannot go on."""
    with Api(target.url) as api:
        api.sign_in(target.username, target.password)
        simulation = Simulation(api, via, wish, show)
        if not any(message.readings for message in simulation.messages):
            raise Problem("In this time and at this rate nothing is sent; give more --seconds or a higher --rate.")
        with simulation.registered(), road(via, target, api) as send:
            return simulation.run(send)
