"""Steps that bring an order of Takip to where the old system's is. They are found from both, so nothing is done twice.

A stage goes forward only: what ended in Takip stays so, and work that Takip knows is not booked again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from chalicelib.domain.floor.stages import Book, Pause, Report, Start
from chalicelib.domain.instants import milliseconds
from chalicelib.domain.machines.readings import EPOCH
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.planning.opening import NewOrder, NewStage
from infra.old_system.plant import OldOrder, OldStage, Span

WHY = "It was so in the old system."

Payload = Start | Pause | Report
Step = Command[Payload]


@dataclass(frozen=True)
class Crew:
    """Who is meant by a stage of the old system, which does not say who worked.

    `booked` is the only person assigned to it, else the planner who imports. `able` is the same, if they are active.
    """

    booked: str
    able: str


def id_of(order: OldOrder) -> str:
    """The id of an order in Takip. No other has it, and its number is that of the old system."""
    return f"old-{order.id}"


def opening(order: OldOrder, machine_id: str | None, assignees: Callable[[OldStage], tuple[str, ...]]) -> NewOrder:
    """The order as it is opened in Takip. Its machine is that of its first stage."""
    return NewOrder(
        product_code=order.product_code,
        quantity=order.quantity,
        planned_start=order.window[0],
        planned_end=order.window[1],
        lot_no=order.lot_no,
        id=id_of(order),
        number=str(order.id),
        note=order.note,
        stages=tuple(
            NewStage(
                name=stage.name,
                planned_start=stage.window and stage.window[0],
                planned_end=stage.window and stage.window[1],
                machine_id=machine_id if position == 0 else None,
                assignee_ids=assignees(stage),
            )
            for position, stage in enumerate(order.stages)
        ),
    )


def differences(old: OldOrder, order: Order) -> list[str]:
    """What the old system says otherwise of an order than Takip, and no run brings."""
    told = []
    if old.quantity != order.quantity:
        told.append(f"Its quantity is {old.quantity} in the old system and {order.quantity} in Takip. Correct one.")
    produced, last, alike = old.stages[-1].good, order.stages[-1], len(old.stages) == len(order.stages)
    if alike and last.status is StageStatus.DONE and produced > last.good:
        told.append(f"{produced} were produced, and its last stage ended in Takip with {last.good}. Correct one.")
    return told


def steps_of(old: OldStage, stage: Stage, recorded: Sequence[Session], crew: Crew) -> list[Step]:
    """The commands that are missing on a stage, in order, each received when the old system says that it happened."""
    if stage.ended:
        return []
    steps = _work(old, stage, recorded, crew)
    if old.done_at is not None:
        worker = stage.open_sessions[0].worker_id if stage.open_sessions else crew.booked
        steps.append(_step(old, stage, "done", Report(worker_id=worker), old.done_at))
    more = max(old.good - stage.good, Decimal(0))
    return _with_good(steps, more, old, stage, crew) if more else steps


def _work(old: OldStage, stage: Stage, recorded: Sequence[Session], crew: Crew) -> list[Step]:
    """The work that Takip does not know yet. An open session is closed by the pause, or by the end of the stage."""
    steps = []
    own = stage.open_sessions[0] if stage.open_sessions else None
    within = [n for n, span in enumerate(old.spans) if own and _holds(span, own.started_at)]
    for number, (start, end) in enumerate(old.spans):
        covered = max((each.ended_at for each in recorded if _holds((start, end), each.started_at)), default=None)
        if own is not None and number in within[-1:]:
            if end is not None and end != old.done_at:
                steps.append(_step(old, stage, "pause", Pause(worker_id=own.worker_id), end))
        elif end is None:
            if (own is None or within) and (covered is None or covered <= start):
                steps.append(_step(old, stage, "start", Start(worker_id=crew.able), start))
        elif covered is None or covered < end:
            booked = Book(worker_id=crew.booked, started_at=covered or start, ended_at=end, reason=WHY)
            steps.append(_step(old, stage, "book", booked, end))
    return steps


def _holds(span: Span, at: datetime) -> bool:
    """Whether an instant lies in a stretch of work."""
    start, end = span
    return start <= at and (end is None or at <= end)


def _with_good(steps: list[Step], more: Decimal, old: OldStage, stage: Stage, crew: Crew) -> list[Step]:
    """The steps with the good pieces that Takip does not know yet: booked work, or the end, or a report holds them."""
    holding = [index for index, step in enumerate(steps) if isinstance(step.payload, Book)]
    holding += [index for index, step in enumerate(steps) if step.name == "done" and not holding]
    if holding:
        step = steps[holding[-1]]
        assert isinstance(step.payload, Report)  # noqa: S101  booking is reporting too
        steps[holding[-1]] = replace(step, payload=replace(step.payload, good=more, reason=WHY))
        return steps
    if stage.open_sessions:
        own = stage.open_sessions[0]
        return [_reported(old, stage, own.worker_id, more, own.started_at), *steps]
    if steps:
        return [*steps, _reported(old, stage, crew.able, more, steps[-1].received_at)]
    at = max(at for span in old.spans for at in span if at is not None)
    booked = Book(worker_id=crew.booked, good=more, reason=WHY, started_at=at, ended_at=at)
    return [_step(old, stage, f"book_{old.good}", booked, at, "book")]


def _reported(old: OldStage, stage: Stage, worker_id: str, more: Decimal, at: datetime) -> Step:
    report = Report(worker_id=worker_id, good=more, reason=WHY)
    return _step(old, stage, f"report_{old.good}", report, at, "report")


def _step(old: OldStage, stage: Stage, what: str, payload: Payload, at: datetime, name: str | None = None) -> Step:
    """A command with an id that is the same in each run."""
    identity = f"old_stage_{old.id}_{what}_{milliseconds(at - EPOCH)}".replace(".", "_")
    return Command(identity, name or what, stage.id, payload, received_at=at, at=at)
