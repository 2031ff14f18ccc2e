"""A policy for tests, the run of the clock, and what it told."""

from datetime import timedelta
from typing import Any

from chalicelib.domain.escalation import Awaited, QuietHours, Step
from chalicelib.domain.people.users import Role
from chalicelib.domain.priorities import Priority
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from chalicelib.services.andon import timers
from chalicelib.services.andon.timers import Outcome
from tests.floor import MINUTE, Person
from tests.machines import standing

HIGH = {"type": "quality", "description": "Scratches.", "priority": "high"}
ACK, DONE = Awaited

THREE_STEPS = (
    Step(Priority.HIGH, ACK, 5, (Role.PLANNER,)),
    Step(Priority.HIGH, ACK, 15, (Role.ADMIN,), ("oya",)),
    Step(Priority.HIGH, DONE, 60, (Role.ADMIN, Role.PLANNER)),
)


def decide(*steps: Step, quiet: QuietHours | None = None, tenant: str = DEFAULT_TENANT) -> None:
    """Give a tenant a policy that holds now."""
    tenants.change(tenant, {"escalation": steps, "quiet_hours": quiet})
    tenants.forget_settings()


def tick(time_left: timedelta = MINUTE) -> Outcome:
    """Let the clock take what is due."""
    return timers.take_due(lambda: time_left)


def told(kind: str = "issue.escalated") -> list[dict[str, Any]]:
    """The data of the events of a type that wait to be sent, oldest first."""
    waiting = sorted(standing("outgoing"), key=lambda item: str(item.SK))
    return [event["data"] for item in waiting for event in item.data["events"] if event["type"] == kind]


def steps_told() -> list[tuple[str, int]]:
    """What was awaited, and the step, of each escalation that was told."""
    return [(data["awaited"], int(data["step"])) for data in told()]


def due() -> list[str]:
    """When the timers of issues are due, oldest first."""
    return sorted(str(item.data["due_at"]) for item in standing("timer") if item.data["subject"] == "issue")


def counted(person: Person) -> int:
    """How many issues are overdue, as this person is told."""
    return int(person.get("/issues/counts").data["overdue"])
