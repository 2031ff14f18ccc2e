"""The shape of the summary."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from chalicelib.domain.numbers.day_sums import DaySums
from chalicelib.domain.numbers.metrics import Measured
from chalicelib.domain.numbers.summary import Forgotten, Now
from chalicelib.domain.orders.work_orders import order_id_of
from chalicelib.domain.priorities import Priority
from chalicelib.schemas.base import Out
from chalicelib.schemas.metrics import MeasuredOut, around
from chalicelib.schemas.values import InstantOut

RATES = ("on_time_rate", "order_on_time_rate")


class ForgottenOut(Out):
    """A session that was probably forgotten."""

    id: str
    stage_id: str
    order_number: str | None
    worker_id: str
    machine_id: str | None
    started_at: InstantOut


class NowOut(Out):
    """The state of a plant now. `late` is the same as `late_stages`. `open_issues` are counted by priority.

    `running` and `forgotten` are as of `as_of`. The other counts follow a change within about a minute; `watermark` is
    when they last changed.
    """

    running: int
    late: int
    late_stages: int
    late_orders: int
    blocked: int
    held: int
    open_issues: dict[Priority, int]
    forgotten: int
    forgotten_sessions: list[ForgottenOut]
    as_of: InstantOut
    watermark: InstantOut | None
    inputs_count: int


class DoneOut(Out):
    """How many stages and orders were done."""

    stages: int
    orders: int


class TodayOut(MeasuredOut):
    """What a plant finished today.

    `late_open` (stages) and `late_open_orders` count late work that is not finished, which the ratios leave out.
    """

    date: date
    done: DoneOut
    late_open: int
    late_open_orders: int


class SummaryOut(Out):
    """The summary of a plant."""

    now: NowOut
    today: TodayOut


def summary_out(now: Now, day: date, sums: DaySums, measured: Measured) -> SummaryOut:
    """Show the state of a plant now, and what it finished on its local day."""
    rates = {name: measured.metrics[name] for name in RATES}
    today = TodayOut(
        date=day,
        done=DoneOut(stages=sums.stages.done, orders=sums.orders.done),
        late_open=now.remaining.late_stages,
        late_open_orders=now.remaining.late_orders,
        **around(replace(measured, metrics=rates)),
    )
    return SummaryOut(now=_now_out(now), today=today)


def _now_out(now: Now) -> NowOut:
    """Show the state of a plant now."""
    remaining = now.remaining
    return NowOut(
        running=now.running,
        late=remaining.late_stages,
        late_stages=remaining.late_stages,
        late_orders=remaining.late_orders,
        blocked=remaining.blocked,
        held=remaining.held,
        open_issues=now.open_issues,
        forgotten=len(now.forgotten),
        forgotten_sessions=[_forgotten_out(each, now.numbers) for each in now.forgotten],
        as_of=now.as_of,
        watermark=now.counted_at,
        inputs_count=now.inputs_count,
    )


def _forgotten_out(forgotten: Forgotten, numbers: Mapping[str, str]) -> ForgottenOut:
    """Show a session that was probably forgotten."""
    session = forgotten.session
    return ForgottenOut(
        id=session.id,
        stage_id=forgotten.stage_id,
        order_number=numbers.get(order_id_of(forgotten.stage_id)),
        worker_id=session.worker_id,
        machine_id=session.machine_id,
        started_at=session.started_at,
    )
