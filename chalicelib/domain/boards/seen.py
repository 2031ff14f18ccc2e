"""What was read of a plant at one instant, from which all its boards are made, and which of it is a line's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.boards.state import Shift
from chalicelib.domain.intervals import Interval, bounds, local_day
from chalicelib.domain.machines.machines import Machine, MachineStatus
from chalicelib.domain.machines.stops import StopPart
from chalicelib.domain.numbers.calendars import DEFAULT, Calendar, busy, planned_shifts
from chalicelib.domain.numbers.day_facts import SessionFact
from chalicelib.domain.numbers.day_sums import DaySums
from chalicelib.domain.numbers.dimensions import WHOLE, Dimension, Group
from chalicelib.domain.numbers.hourly import WorkedStage
from chalicelib.domain.numbers.remaining import Remaining, counted
from chalicelib.domain.orders.issues import Issue
from chalicelib.domain.orders.work_orders import Order, Stage, order_id_of
from chalicelib.domain.priorities import Priority
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.domain.text import folded


@dataclass(frozen=True)
class Seen:
    """A plant at an instant.

    `worked` are the stages that were worked on in the shift, by id; None if there are too many of them. `began` are
    those of them that have not ended. `facts` are sessions from 24 hours before the shift on. `orders` are heads.
    `open_stages` and `open_orders` are all that have not ended; they are read only for lines. `counts` and
    `machine_issues` are those of the summary. `sums` are those of today, of the plant and of lines.
    `stops` are those of today. `names` are those of people.
    """

    tenant: str
    now: datetime
    settings: TenantSettings
    shift: Shift
    machines: Sequence[Machine]
    calendars: Mapping[str, Calendar]
    at_work: Sequence[Stage]
    began: Sequence[Stage]
    worked: Mapping[str, WorkedStage] | None
    facts: Sequence[SessionFact]
    orders: Mapping[str, Order]
    issues: Sequence[Issue]
    machine_issues: Sequence[Priority]
    counts: Remaining
    open_stages: Sequence[Stage]
    open_orders: Mapping[str, Order]
    sums: Mapping[Group, DaySums]
    stops: Sequence[StopPart]
    names: Mapping[str, str]

    @property
    def window(self) -> Interval:
        """The shift so far."""
        return self.shift.start, self.now

    def busy(self, machine_id: str | None, window: Interval) -> list[Interval] | None:
        """The planned busy time of a machine or, if it has no calendar, of the plant. None if that has none either."""
        calendar = self.calendars.get(machine_id or DEFAULT) or self.calendars.get(DEFAULT)
        if calendar is None:
            return None
        return busy(planned_shifts(calendar, window, self.settings.timezone), window)


@dataclass(frozen=True)
class Part:
    """What of a plant belongs to a line, or all of it (a line of None). Retired machines are left out."""

    seen: Seen
    line: str | None

    @property
    def machines(self) -> list[Machine]:
        """The machines of the line."""
        known = [each for each in self.seen.machines if each.status is not MachineStatus.RETIRED]
        return [each for each in known if self.line is None or _on(each, self.line)]

    @property
    def machine_ids(self) -> frozenset[str]:
        """Their ids."""
        return frozenset(machine.id for machine in self.machines)

    def stages(self, stages: Sequence[Stage]) -> list[Stage]:
        """Those of the stages that belong to the line.

        That are those at which somebody is at work at one of its machines; of the others, those that are planned for
        one of its machines.
        """
        if self.line is None:
            return list(stages)
        own = self.machine_ids
        return [stage for stage in stages if _places(stage) & own]

    def issues(self) -> list[Issue]:
        """The unresolved issues of the line's machines and stages, oldest first."""
        if self.line is None:
            return list(self.seen.issues)
        own, stages = self.machine_ids, {stage.id for stage in self.stages(self.seen.open_stages)}
        return [issue for issue in self.seen.issues if issue.machine_id in own or issue.stage_id in stages]

    def stops(self) -> list[StopPart]:
        """The stops of the line's machines today."""
        own = self.machine_ids
        return [stop for stop in self.seen.stops if self.line is None or stop.machine_id in own]

    def counts(self) -> tuple[Remaining, Mapping[Priority, int]]:
        """What remains of it, and its unresolved issues by priority."""
        seen = self.seen
        if self.line is None:
            of_stages, of_machines = seen.counts.issues.by_priority, list(seen.machine_issues)
            return seen.counts, {each: of_stages[each] + of_machines.count(each) for each in Priority}
        stages = self.stages(seen.open_stages)
        orders = {order_id_of(stage.id) for stage in stages}
        heads = [seen.open_orders[each] for each in sorted(orders) if each in seen.open_orders]
        priorities = [issue.priority for issue in self.issues()]
        remaining = counted(heads, stages, priorities, seen.now, seen.settings).counts
        return remaining, remaining.issues.by_priority

    def sums(self) -> DaySums:
        """The sums of today."""
        group = WHOLE if self.line is None else Group(Dimension.LINE, self.line).key
        return self.seen.sums.get(group, DaySums())


def shift_at(calendar: Calendar | None, now: datetime, timezone: str) -> Shift:
    """The plant's shift in which an instant lies; outside of shifts, or without a calendar, the local day."""
    day = bounds(local_day(now, timezone), timezone)
    shifts = planned_shifts(calendar, day, timezone) if calendar else ()
    running = next((each for each in shifts if each.span[0] <= now < each.span[1]), None)
    return Shift(*running.span, running.name) if running else Shift(*day)


def _on(machine: Machine, line: str) -> bool:
    return machine.line is not None and folded(machine.line) == folded(line)


def _places(stage: Stage) -> set[str | None]:
    """At which machines somebody works at a stage or, if nobody does, for which it is planned."""
    at_work = {session.machine_id for session in stage.open_sessions if session.machine_id}
    return {*at_work} or {stage.machine_id}
