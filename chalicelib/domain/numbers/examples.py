"""The worked examples of the catalogue: orders, days and issues as data, measured as every answer is."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from chalicelib.domain import instants
from chalicelib.domain.intervals import Interval
from chalicelib.domain.numbers import days, issue_metrics, order_metrics, stage_metrics
from chalicelib.domain.numbers.day_sums import DaySums, FinishedOrders, FinishedStages, WorkedTime
from chalicelib.domain.numbers.issue_days import IssueOfDay
from chalicelib.domain.numbers.metrics import Metric
from chalicelib.domain.orders.issues import IssueType
from chalicelib.domain.orders.session_records import OpenSession, Quantities, Session, SessionKind
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage, settled, stage_id
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS

Inputs = Mapping[str, Any]

WORK = "WO-1"
MINUTE = 60_000


def of_first_stage(inputs: Inputs) -> Mapping[str, Metric]:
    """The metrics of the first stage of an order."""
    order, sessions = _order(inputs), _sessions(inputs)
    return stage_metrics.of_stage(order, order.stages[0], sessions, _at(inputs["now"]), DEFAULT_SETTINGS).metrics


def of_order(inputs: Inputs) -> Mapping[str, Metric]:
    """The metrics of an order."""
    return order_metrics.of_order(_order(inputs), _sessions(inputs), _at(inputs["now"]), DEFAULT_SETTINGS).metrics


def of_day(inputs: Inputs) -> Mapping[str, Metric]:
    """The metrics of a day from its sums."""
    stages, orders, time, now = inputs["stages"], inputs["orders"], inputs["time"], _at(inputs["now"])
    sums = DaySums(
        stages=FinishedStages(
            done=stages["done"],
            late=stages["late"],
            planned=MINUTE * stages["planned_minutes"],
            run=MINUTE * stages["run_minutes"],
            delay=MINUTE * stages["delay_minutes"],
            baseline_late=stages["baseline_late"],
        ),
        orders=FinishedOrders(done=orders["done"], late=orders["late"], baseline_late=orders["baseline_late"]),
        time=WorkedTime(
            run=MINUTE * time["run_minutes"],
            labour=MINUTE * time["labour_minutes"],
            last_stage_pieces=Decimal(time["last_stage_pieces"]),
        ),
    )
    return days.of_day(
        date.fromisoformat(inputs["date"]),
        sums,
        revision=1,
        as_of=now,
        watermark=now,
        late_window=timedelta(0),
        timezone=DEFAULT_SETTINGS.timezone,
        now=now,
    ).metrics


def of_issues(inputs: Inputs) -> Mapping[str, Metric]:
    """The metrics of issues. Who is not resolved is open for some minutes now."""
    answered = [
        IssueOfDay(
            str(place),
            IssueType(issue["type"]),
            issue["machine_id"],
            reported=True,
            acknowledged=MINUTE * issue["minutes_to_acknowledge"],
            resolved=MINUTE * issue["minutes_to_resolve"] if "minutes_to_resolve" in issue else None,
        )
        for place, issue in enumerate(inputs["issues"])
    ]
    old = [
        issue_metrics.OpenAge(IssueType(issue["type"]), issue["machine_id"], MINUTE * issue["minutes_open"])
        for issue in inputs["issues"]
        if "minutes_open" in issue
    ]
    return issue_metrics.of_group(answered, old).metrics


def _order(inputs: Inputs) -> Order:
    """The order of an example, settled as after every command."""
    start, end = _at(inputs["planned_start"]), _at(inputs["planned_end"])
    order = Order(
        id=WORK,
        number=WORK,
        product_code="P-1",
        lot_no=None,
        quantity=Decimal(inputs["quantity"]),
        planned_start=start,
        planned_end=end,
        baseline_start=start,
        baseline_end=end,
        created_at=_at(inputs["created_at"]),
        created_by="planner",
        holds=_times(inputs["held"]),
        stages=tuple(_stage(stage, place) for place, stage in enumerate(inputs["stages"], 1)),
    )
    return settled(order)


def _stage(stage: Inputs, position: int) -> Stage:
    """A stage of an example, with its plan and its quantities. It is done if nobody works on it."""
    start, end = _at(stage["planned_start"]), _at(stage["planned_end"])
    working = stage.get("open_sessions", [])
    last = max((_at(session["ended_at"]) for session in stage["sessions"]), default=None)
    return Stage(
        id=stage_id(WORK, position),
        position=position,
        name=stage["name"],
        planned_start=start,
        planned_end=end,
        baseline_start=start,
        baseline_end=end,
        status=StageStatus.IN_PROGRESS if working else StageStatus.DONE,
        started_at=min(_at(session["started_at"]) for session in [*stage["sessions"], *working]),
        ended_at=None if working else last,
        last_session_end=last,
        good=Decimal(stage["good"]),
        scrap=Decimal(stage["scrap"]),
        rework=Decimal(stage["rework"]),
        good_from_rework=Decimal(stage["good_from_rework"]),
        standard_seconds_per_unit=Decimal(stage["standard_seconds_per_unit"]),
        open_sessions=tuple(
            OpenSession(session["worker"], session["worker"], _at(session["started_at"])) for session in working
        ),
        blocks=_times(stage["blocked"]),
    )


def _sessions(inputs: Inputs) -> Sequence[Session]:
    """The closed sessions of an example."""
    return [
        Session(
            id=f"{stage_id(WORK, position)}-{number}",
            stage_id=stage_id(WORK, position),
            worker_id=session["worker"],
            kind=SessionKind.RUN,
            started_at=_at(session["started_at"]),
            ended_at=_at(session["ended_at"]),
            received_at=_at(session["ended_at"]),
            booked_by=session["worker"],
            made=Quantities(good=Decimal(session.get("good", 0))),
        )
        for position, stage in enumerate(inputs["stages"], 1)
        for number, session in enumerate(stage["sessions"], 1)
    ]


def _times(listed: Sequence[Inputs]) -> tuple[Interval, ...]:
    return tuple((_at(each["from"]), _at(each["to"])) for each in listed)


def _at(text: str) -> datetime:
    return instants.read(text)
