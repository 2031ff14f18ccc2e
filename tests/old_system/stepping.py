"""Helpers of tests that give the commands of the old system to the rules, without a table."""

from collections.abc import Sequence
from typing import Any

from chalicelib.domain.floor import stages
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.people.users import Actor, Role
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from infra.old_system.plant import OldStage
from infra.old_system.steps import Crew, steps_of

PLANNER = Actor("default", "pelin", Role.PLANNER)
CREW = Crew("ayşe", "ayşe")
RULES: dict[str, Any] = {
    "start": stages.start, "pause": stages.pause, "report": stages.report, "done": stages.done, "book": stages.book,
}  # fmt: skip


def brought(
    old: OldStage, order: Order, recorded: Sequence[Session], position: int = 0
) -> tuple[Order, list[Session], list[str]]:
    """The order after the missing commands, all that was recorded of it, and the names of the commands."""
    known, names = list(recorded), []
    for step in steps_of(old, order.stages[position], recorded, CREW):
        change = RULES[step.name](order, PLANNER, step, DEFAULT_SETTINGS)
        order, known = change.order, [*known, *change.sessions]
        names.append(step.name)
    return order, known, names
