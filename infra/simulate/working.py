"""What the people of the demonstration's plant do next: a decision of what is seen of the floor, and of chance."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from infra.replay.demo_plant import (
    ASSEMBLY,
    BENCH,
    EMRE,
    FATMA,
    MACHINES,
    MEHMET,
    MOULDING,
    PRESSES,
    ZEYNEP,
    Step,
    Story,
)
from infra.replay.plan import wire

EVERY = timedelta(seconds=20)
"""So often they look what there is to do."""

OPEN_ORDERS = 6
"""Another order is opened when fewer are open. The bench needs an hour and a half for each, so they are few a day."""

OPEN_ISSUES = 2
REPORTED_PIECES = 5
FORGOTTEN_AFTER = timedelta(hours=12)
"""What should have ended so long ago is of a day on which nobody played on: it is ended."""

# How likely something happens in one look. 1/15 is five minutes on average.
PAUSES, RESUMES, SCRAPS, REPORTS_ISSUE = 1 / 75, 1 / 15, 1 / 4, 1 / 90
ACKNOWLEDGES, RESOLVES, EXPLAINS = 1 / 15, 1 / 24, 1 / 9
HURRIES = 1 / 4
PAUSE_REASONS = ("material", "machine", "break")
SCRAP_REASONS = ("surface", "dimension", "material", "setup")
STOP_REASONS = ("material", "breakdown", "setup")

TROUBLES = (
    ("machine_failure", "high", "Hydraulic pressure falls"),
    ("quality", "normal", "Burr at the edges"),
    ("tooling", "normal", "A pin of the mould is worn"),
    ("material_shortage", "high", "Granulate is nearly used up"),
)
MADE = (("HOUSING-12", 450), ("COVER-07", 540), ("LID-21", 360), ("HANDLE-03", 400))
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Command:
    """A request to send: a POST or, of an issue, a PATCH.

    `reports` is the machine of which it reports all counted pieces.
    """

    method: str
    path: str
    body: dict[str, Any]
    reports: str | None = None


@dataclass(frozen=True)
class Floor:
    """What is seen of the plant: its stages that have not ended, its issues, its stops without a reason.

    `counted` are the pieces that each machine made and nobody reported yet.
    """

    now: datetime
    stages: Sequence[Json]
    issues: Sequence[Json]
    stops: Sequence[Json]
    counted: Mapping[str, int] = field(default_factory=dict)

    def at_work(self, machine_id: str) -> Json | None:
        """The stage on which somebody works at a machine."""
        return next((each for each in self.stages if machine_id in machines_of(each)), None)

    def waiting(self, machine_id: str) -> list[Json]:
        """The stages that may be started at a machine: paused ones first, then by their plan."""
        fit = [
            each
            for each in self.stages
            if each["machine_id"] == machine_id and each["status"] != "in_progress" and "start" in each["allowed"]
        ]
        return sorted(fit, key=lambda each: (each["status"] != "paused", each["planned_start"]))

    def state(self, machine_id: str) -> str:
        """The state in which a machine is."""
        if self.at_work(machine_id):
            return "producing"
        paused = any(each["status"] == "paused" for each in self.waiting(machine_id))
        return "unplanned_stop" if paused else "off"

    def busy(self) -> set[str]:
        """The ids of those who are at work."""
        return {session["worker_id"] for each in self.stages for session in each["open_sessions"]}


def machines_of(stage: Json) -> set[str]:
    """The machines at which somebody works on a stage."""
    return {session["machine_id"] for session in stage["open_sessions"]}


def commands(floor: Floor, chance: random.Random) -> Iterator[Command]:
    """What people do now. Each command is possible when what is seen is still so."""
    old = [each for each in floor.stages if _ends(each) < floor.now - FORGOTTEN_AFTER]
    for stage in old:
        yield _given_up(stage)
    floor = replace(floor, stages=[each for each in floor.stages if each not in old])
    busy = floor.busy()
    for machine in MACHINES:
        running = floor.at_work(machine.id)
        yield from _worked(running, machine.id, floor, chance) if running else _begun(machine.id, floor, busy, chance)
    for issue in floor.issues:
        yield from _answered(issue, chance)
    for stop in floor.stops:
        if stop["ended_at"] is not None and chance.random() < EXPLAINS:
            yield _explained(stop, chance)


def _worked(stage: Json, machine_id: str, floor: Floor, chance: random.Random) -> Iterator[Command]:
    """Somebody works on a stage: reports what the machine counted, finishes, is interrupted, sees what is wrong."""
    path, session = f"/stages/{stage['id']}", stage["open_sessions"][0]
    who = {"worker_id": session["worker_id"]}
    if stage["good"] >= stage["quantity"]:
        yield Command("POST", f"{path}/done", who)
        return
    counted = floor.counted.get(machine_id, 0)
    if counted >= REPORTED_PIECES:
        bad = 1 if chance.random() < SCRAPS else 0
        good = min(counted - bad, stage["quantity"] - stage["good"])
        scrap = {"scrap": bad, "scrap_reason": chance.choice(SCRAP_REASONS)} if bad else {}
        yield Command("POST", f"{path}/report", who | {"good": good} | scrap, reports=machine_id)
    if chance.random() < PAUSES:
        yield Command("POST", f"{path}/pause", who | {"pause_reason": chance.choice(PAUSE_REASONS)})
    elif chance.random() < REPORTS_ISSUE and len(floor.issues) < OPEN_ISSUES:
        kind, priority, words = chance.choice(TROUBLES)
        yield Command("POST", f"{path}/issue", {"type": kind, "priority": priority, "description": words})


def _begun(machine_id: str, floor: Floor, busy: set[str], chance: random.Random) -> Iterator[Command]:
    """Nobody works at a machine: somebody who is free goes on, or begins what is next. Who does is busy then."""
    for stage in floor.waiting(machine_id):
        free = [worker for worker in stage["assignee_ids"] if worker not in busy]
        if stage["status"] == "paused" and chance.random() > RESUMES:
            return
        if free and wire(floor.now + timedelta(hours=1)) > stage["planned_start"]:
            busy.add(free[0])
            yield Command("POST", f"/stages/{stage['id']}/start", {"worker_id": free[0], "machine_id": machine_id})
            return


def _answered(issue: Json, chance: random.Random) -> Iterator[Command]:
    path = f"/issues/{issue['id']}"
    if issue["status"] == "open" and chance.random() < ACKNOWLEDGES:
        yield Command("PATCH", path, {"status": "ack"})
    elif issue["status"] == "ack" and chance.random() < RESOLVES:
        yield Command("PATCH", path, {"status": "resolved", "action": "Put right"})


def _explained(stop: Json, chance: random.Random) -> Command:
    body = {"started_at": stop["started_at"], "ended_at": stop["ended_at"]}
    reason = chance.choice(STOP_REASONS)
    return Command("POST", f"/machines/{stop['machine_id']}/stops/explain", body | {"reason": reason})


def _given_up(stage: Json) -> Command:
    path, reason = f"/stages/{stage['id']}", {"reason": "Left over from another day"}
    return Command("POST", f"{path}/skip" if stage["status"] == "planned" else f"{path}/done", reason)


def _ends(stage: Json) -> datetime:
    return datetime.fromisoformat(stage["planned_end"])


def next_story(floor: Floor, chance: random.Random) -> Story | None:
    """The order to open now, if few are open. Some are planned too tightly, so they become late."""
    if len({each["work_order_id"] for each in floor.stages}) >= OPEN_ORDERS:
        return None
    product, quantity = chance.choice(MADE)
    press = min(PRESSES, key=lambda each: len(floor.waiting(each.id)))
    tight = 0.6 if chance.random() < HURRIES else 1.0
    steps = (
        Step(MOULDING, round(180 * tight), press.id, (MEHMET, ZEYNEP)),
        Step(ASSEMBLY, round(90 * tight), BENCH, (EMRE, FATMA)),
    )
    return Story(f"{floor.now:%H%M%S}", product, quantity, 0, steps)
