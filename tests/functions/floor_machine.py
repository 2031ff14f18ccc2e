"""An order and its people through the HTTP API, as a state machine that hypothesis runs, with all answers."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from chalicelib.domain.instants import wire
from chalicelib.domain.orders.flows import Flow
from tests.commands import EXAMPLES, ORDER, Given, open_order
from tests.conftest import SetClock
from tests.floor import MINUTE, MORNING, Plant, Reply
from tests.standing import Standing

PEOPLE = ("worker", "other", "planner")
PLANNING = ("planner", "admin")
# What may stand against a command although it is allowed: how much was made, here or on the stage before.
QUANTITIES = {"ERR_STAGE_OVER_QUANTITY", "ERR_STAGE_UPSTREAM_SHORT"}

amounts = st.sampled_from([0, 0.5, 1, 2.5, 8])
somebody = {"worker_id": st.sampled_from(PEOPLE)}
made = {"good": amounts, "scrap": amounts, "rework": amounts, "reason": st.just("sold more")}
kinds = {"kind": st.sampled_from(["run", "setup", "rework", "breakdown"])}
lately, before = (st.integers(*minutes).map(lambda each: -each * MINUTE) for minutes in ((-3, 30), (30, 90)))

# What a command may bring beside its plainest body; a span is sent as the instant that is so far from now.
BODIES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "start": {**somebody, **kinds, "at": lately},
    "pause": {**somebody, "at": lately | before},
    "report": {**somebody, **made, "at": lately | before},
    "done": {**somebody, **made, "at": lately},
    "book": {**somebody, **made, **kinds, "started_at": before, "ended_at": lately},
    "correct": {**made, **kinds, "ended_at": lately},
    "assign": {"user_ids": st.lists(st.sampled_from(["worker", "other"]), max_size=2)},
    "skip": {},
    "reopen": {},
    "replan": {"quantity": st.sampled_from([5, 10, 20])},
    "issue": {"blocking": st.booleans()},
    "block": {},
    "answer": {},
    "close sessions": {"at": lately},
    "hold": {},
    "release": {},
    "cancel": {},
}
# Cancelling ends the game, so it is rare; what moves work is frequent.
OFTEN = ("start", "start", "report", "report", "pause", "done", "book", "correct")
NAMES = (*[each for each in BODIES if each != "cancel"], *OFTEN) * 3 + ("cancel",)


@st.composite
def commands(draw: st.DrawFn) -> Given:
    """Some command of somebody, mostly of who may give it."""
    name = draw(st.sampled_from(NAMES))
    who = draw(st.sampled_from(PEOPLE if EXAMPLES[name].who == "worker" else (*PLANNING, "worker")))
    body = draw(st.fixed_dictionaries({}, optional=BODIES[name]))
    return Given(who, name, draw(st.sampled_from([1, 1, 2])), body, nth=draw(st.integers(0, 5)))


class Floor(RuleBasedStateMachine):
    """An order of ten pieces in two stages, on a plant, and everybody who sends what they have to say."""

    def __init__(self, plant: Plant, clock: SetClock, empty: Standing) -> None:
        super().__init__()
        empty.put_back()
        clock.set(MORNING)
        self.plant, self.clock = plant, clock
        self.accepted: list[tuple[Given, str, Reply]] = []
        # What was reported in each session.
        self.reported: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)

    @initialize(flow=st.sampled_from(Flow))
    def an_order_flows(self, flow: Flow) -> None:
        open_order(self.plant, flow)
        self.order = self.read_order()

    @rule(minutes=st.integers(1, 240))
    def time_passes(self, minutes: int) -> None:
        self.clock.forward(minutes * MINUTE)

    @rule(command=commands())
    def somebody_commands(self, command: Given) -> None:
        body = {name: self._instant(value) for name, value in command.body.items()}
        command, key = replace(command, body=body).chosen(), f"k{len(self.accepted)}"
        reply = command.to(self.plant, key=key)
        assert reply.status < 500, reply.body
        before, self.order = self.order, self.read_order()
        if reply.status >= 400:
            assert self.order == before, "a refusal changed something"
            return
        self.accepted.append((command, key, reply))
        self._remember(command, reply)
        self.judge(command, before)

    def judge(self, command: Given, before: Any) -> None:
        """Hold an accepted command to the laws of a single one."""

    @rule(first=st.integers(1, 8))
    def the_first_commands_come_again(self, first: int) -> None:
        self._again(self.accepted[:first])

    def teardown(self) -> None:
        self._again(self.accepted)

    def read_order(self) -> Any:
        """The order as the planner sees it."""
        return self.plant.planner.get(f"/workorders/{ORDER}").data

    def _again(self, sent: list[tuple[Given, str, Reply]]) -> None:
        """Send it again: nothing changes, and the answers are as before."""
        standing = Standing()
        for command, key, reply in sent:
            again = command.to(self.plant, key=key)
            assert (again.status, again.body) == (reply.status, reply.body)
            assert again.headers["Idempotent-Replayed"] == "true"
        assert standing.changed() == set()

    def _remember(self, command: Given, reply: Reply) -> None:
        """Keep what was reported in a session that goes on."""
        if command.command == "report":
            worker = self.plant.everybody()[command.body.get("worker_id", command.who)].id
            for session in reply.data["open_sessions"]:
                if session["worker_id"] == worker:
                    self.reported[session["id"]].append({"good": 1, **command.body, "kind": session["kind"]})

    def _instant(self, value: Any) -> Any:
        return wire(self.clock() + value) if isinstance(value, timedelta) else value
