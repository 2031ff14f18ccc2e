"""The summary: the state of a plant now, at a glance."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.numbers.remaining import Remaining
from chalicelib.domain.orders.session_records import OpenSession
from chalicelib.domain.orders.work_orders import Stage
from chalicelib.domain.priorities import Priority


@dataclass(frozen=True)
class Forgotten:
    """A session of a stage that is open for too long."""

    stage_id: str
    session: OpenSession


@dataclass(frozen=True)
class Now:
    """The state of a plant now.

    `running` is the number of stages at which somebody works, `forgotten` are sessions, and `machine_issues` are the
    priorities of the unresolved issues of machines, as of `as_of`. `remaining` follows changes within about a minute;
    `counted_at` is when it last changed (None: never). `numbers` are those of the orders of forgotten sessions, by
    order id. An order that is not known is left out.
    """

    running: int
    forgotten: tuple[Forgotten, ...]
    numbers: Mapping[str, str]
    machine_issues: tuple[Priority, ...]
    remaining: Remaining
    counted_at: datetime | None
    as_of: datetime

    @property
    def open_issues(self) -> dict[Priority, int]:
        """The number of unresolved issues of stages and machines, by priority."""
        of_stages, of_machines = self.remaining.issues.by_priority, Counter(self.machine_issues)
        return {priority: of_stages[priority] + of_machines[priority] for priority in Priority}

    @property
    def inputs_count(self) -> int:
        """The number of stages, orders and issues that are counted."""
        return self.remaining.inputs + len(self.machine_issues)


def forgotten(stages: Iterable[Stage], now: datetime, forgotten_after: timedelta) -> tuple[Forgotten, ...]:
    """The sessions that are open for longer than the plant's `forgotten_after`, oldest first."""
    found = [
        Forgotten(stage.id, session)
        for stage in stages
        for session in stage.open_sessions
        if now - session.started_at > forgotten_after
    ]
    return tuple(sorted(found, key=lambda each: (each.session.started_at, each.session.id)))
