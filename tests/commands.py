"""Every command on an order for tests: its endpoint, and its smallest body."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.floor import HOUR, MORNING, Plant, Reply
from tests.standing import ids_of

ORDER, FIRST = "WO-1", "WO-1-01"
NO_ID = "01HZZZZZZZZZZZZZZZZZZZZZZZ"
BECAUSE = {"reason": "no drawing"}
PLANNED = {"product_code": "P-1", "lot_no": "L-1", "quantity": 10} | {
    "planned_start": (MORNING - HOUR).isoformat(),
    "planned_end": (MORNING + HOUR).isoformat(),
}
OFFLINE = [
    {"id": "c1", "command": "start", "target": FIRST},
    {"id": "c2", "command": "report", "target": FIRST, "payload": {"good": 2}},
    {"id": "c3", "command": "done", "target": FIRST},
]
SHIFT_END = {"pause_reason": "shift_end"}
WORKED = {"started_at": MORNING.isoformat(), "ended_at": MORNING.isoformat()}


@dataclass(frozen=True)
class Example:
    """A command: its endpoint, its role, and the commands before it. Its body names people by their names."""

    path: str
    body: Mapping[str, Any] = field(default_factory=dict)
    method: str = "POST"
    who: str = "planner"
    after: tuple[str, ...] = ()


EXAMPLES: Mapping[str, Example] = {
    "start": Example("/stages/{stage}/start", who="worker"),
    "pause": Example("/stages/{stage}/pause", who="worker", after=("start",)),
    "report": Example("/stages/{stage}/report", {"good": 1}, who="worker", after=("start",)),
    "done": Example("/stages/{stage}/done", who="worker", after=("start", "report")),
    "book": Example("/stages/{stage}/sessions", {**WORKED, "good": 1}, who="worker"),
    "assign": Example("/stages/{stage}/assignees", {"user_ids": ["other"]}, "PUT"),
    "replan stage": Example("/stages/{stage}", {**BECAUSE, "name": "Paket"}, "PATCH"),
    "skip": Example("/stages/{stage}/skip", BECAUSE),
    "reopen": Example("/stages/{stage}/reopen", BECAUSE, after=("start", "done")),
    "correct": Example("/stages/{stage}/sessions/{session}/correct", {**BECAUSE, "good": 2}, after=("start", "pause")),
    "issue": Example("/stages/{stage}/issue", {"type": "quality", "description": "Scratches"}, who="worker"),
    "block": Example(
        "/stages/{stage}/issue", {"type": "safety", "description": "Oil", "blocking": True}, after=("start",)
    ),
    "answer": Example(
        "/stages/{stage}/issues/{issue}", {"status": "resolved", "cause": "oil"}, "PATCH", after=("block",)
    ),
    "close sessions": Example("/stages/close-sessions", {**SHIFT_END, "stage_ids": [FIRST]}, after=("start",)),
    "hold": Example("/workorders/{order}/hold", BECAUSE, after=("start",)),
    "release": Example("/workorders/{order}/release", BECAUSE, after=("start", "hold")),
    "cancel": Example("/workorders/{order}/cancel", BECAUSE, after=("start",)),
    "replan": Example("/workorders/{order}", {**BECAUSE, "priority": 9}, "PATCH"),
    "create": Example("/workorders", {**PLANNED, "id": "WO-2", "stages": [{"name": "Montaj"}]}),
    "create by route": Example("/workorders", {**PLANNED, "id": "WO-2"}),
    "import": Example("/workorders/import", {"rows": [{**PLANNED, "id": f"WO-{n}"} for n in (2, 3)]}),
    "sync": Example("/sync/commands", {"commands": OFFLINE}, who="worker"),
}


@dataclass(frozen=True)
class Given:
    """A command of a person on the order or one of its stages, with extra fields in its body if needed.

    For a command on a session or an issue, `nth` is its number, counted from the oldest. Once `chosen`, `thing` is its
    id.
    """

    who: str
    command: str
    stage: int = 1
    body: Mapping[str, Any] = field(default_factory=dict)
    nth: int = 0
    thing: str | None = None

    def __str__(self) -> str:
        return f"{self.who}: {self.command} {self.stage} {dict(self.body) or ''}".strip()

    def to(self, plant: Plant, *, key: str | None = None, dry_run: bool = False) -> Reply:
        """Send the command."""
        example, people = EXAMPLES[self.command], plant.everybody()
        stage, thing = f"{ORDER}-{self.stage:02d}", self.thing or self.chosen().thing
        path = example.path.format(order=ORDER, stage=stage, session=thing, issue=thing)
        body = {**example.body, **self.body}
        if "worker_id" in body:
            body["worker_id"] = people[body["worker_id"]].id
        if "user_ids" in body:
            body["user_ids"] = [people[name].id for name in body["user_ids"]]
        return people[self.who].call(example.method, f"{path}?dry_run={int(dry_run)}", body, key=key, If_Match="*")

    def chosen(self) -> "Given":
        """The same command on the session or issue that is the nth now, even if others come later."""
        path = EXAMPLES[self.command].path
        found = [each for kind in ("session", "issue") if f"{{{kind}}}" in path for each in ids_of(kind)]
        return replace(self, thing=found[self.nth % len(found)] if found else NO_ID)


def plain(command: str) -> Given:
    """A command by its role, with the smallest body."""
    return Given(EXAMPLES[command].who, command)


def open_order(plant: Plant, flow: str = "free") -> None:
    """Open an order of ten pieces. Two workers are on its first stage, one of them on its second."""
    both, one = [plant.worker.id, plant.other.id], [plant.other.id]
    stages = [{"name": "Enjeksiyon", "assignee_ids": both}, {"name": "Montaj", "assignee_ids": one}]
    assert plant.planner.post("/workorders", {**PLANNED, "id": ORDER, "flow": flow, "stages": stages}).status == 201
