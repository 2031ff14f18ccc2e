"""Every command on an order for tests: the door that it goes through, and the plainest body that it goes with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.floor import HOUR, MINUTE, MORNING, Plant, Reply

ORDER = "WO-1"
BECAUSE = {"reason": "no drawing"}
WORKED = {"started_at": (MORNING - 20 * MINUTE).isoformat(), "ended_at": (MORNING - 10 * MINUTE).isoformat()}


@dataclass(frozen=True)
class Door:
    """Where a command is sent; people stand in its body by their names."""

    path: str
    body: Mapping[str, Any] = field(default_factory=dict)
    method: str = "POST"


DOORS: Mapping[str, Door] = {
    "start": Door("/stages/{stage}/start"),
    "pause": Door("/stages/{stage}/pause"),
    "report": Door("/stages/{stage}/report", {"good": 1}),
    "done": Door("/stages/{stage}/done"),
    "book": Door("/stages/{stage}/sessions", {**WORKED, "good": 1}),
    "assign": Door("/stages/{stage}/assignees", {"user_ids": ["other"]}, "PUT"),
    "replan stage": Door("/stages/{stage}", {**BECAUSE, "name": "Paket"}, "PATCH"),
    "skip": Door("/stages/{stage}/skip", BECAUSE),
    "reopen": Door("/stages/{stage}/reopen", BECAUSE),
    "issue": Door("/stages/{stage}/issue", {"type": "quality", "description": "Scratches"}),
    "hold": Door("/workorders/{order}/hold", BECAUSE),
    "release": Door("/workorders/{order}/release", BECAUSE),
    "cancel": Door("/workorders/{order}/cancel", BECAUSE),
    "replan": Door("/workorders/{order}", {**BECAUSE, "priority": 9}, "PATCH"),
}


@dataclass(frozen=True)
class Given:
    """Somebody gives a command on the order or on one of its stages, with more in its body or without."""

    who: str
    command: str
    stage: int = 1
    body: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.who}: {self.command} {self.stage} {dict(self.body) or ''}".strip()

    def to(self, plant: Plant, *, key: str | None = None, dry_run: bool = False) -> Reply:
        """Send it."""
        door, people = DOORS[self.command], plant.everybody()
        path = door.path.format(order=ORDER, stage=f"{ORDER}-{self.stage:02d}") + ("?dry_run=1" if dry_run else "")
        body = {**door.body, **self.body}
        if "worker_id" in body:
            body["worker_id"] = people[body["worker_id"]].id
        if "user_ids" in body:
            body["user_ids"] = [people[name].id for name in body["user_ids"]]
        return people[self.who].call(door.method, path, body, key=key, If_Match="*")


def open_order(plant: Plant, flow: str = "free") -> None:
    """Open an order of ten pieces: two workers on its first stage, one of them on its second."""
    both, one = [plant.worker.id, plant.other.id], [plant.other.id]
    stages = [{"name": "Enjeksiyon", "assignee_ids": both}, {"name": "Montaj", "assignee_ids": one}]
    plant.order(*stages, id=ORDER, flow=flow, planned_start=(MORNING - HOUR).isoformat())
