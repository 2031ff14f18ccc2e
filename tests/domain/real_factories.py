"""Logs of real factories run through the rules: orders opened, sessions booked, stages done."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from chalicelib.domain.floor.stages import Book, Report
from chalicelib.domain.orders.session_records import Session, SessionKind
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.planning.opening import NewOrder, NewStage, open_order
from tests.domain.builders import ADA, MINUTE, give

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
TODAY = datetime(2026, 11, 21, tzinfo=UTC)
KINDS = {"D": SessionKind.RUN, "S": SessionKind.SETUP, "B": SessionKind.BREAKDOWN}


@dataclass(frozen=True)
class Worked:
    """An order after all that happened to it."""

    order: Order
    sessions: tuple[Session, ...]


@dataclass(frozen=True)
class Run:
    """One stretch of work as a log has it."""

    stage: str
    booking: Book


def folder(name: str) -> Path:
    """Find real data, or skip the test that needs it."""
    if not (DATA / name).is_dir():
        pytest.skip(f"the real data of {name} is not beside the project")
    return DATA / name


def rows(path: Path) -> list[dict[str, str]]:
    """Read the distinct rows of a table, in its order."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [dict(row) for row in dict.fromkeys(tuple(row.items()) for row in csv.DictReader(lines))]


def job_shop() -> dict[str, Worked]:
    """The job shop's quarter, case by case; each stage planned as it went, done at its last end."""
    cases: dict[str, list[dict[str, str]]] = {}
    for row in rows(folder("production_log") / "production_log.csv"):
        cases.setdefault(row["Case ID"].strip(), []).append(row)
    return {case: _case(case, of_case) for case, of_case in cases.items()}


def bottling_line() -> dict[str, Worked]:
    """The bottling line's batches, each a stage planned for its product's least time."""
    here = folder("bottling_line")
    least = {row["Product"]: int(row["Min batch time"]) for row in rows(here / "products.csv")}
    return {row["Batch"]: _batch(row, least[row["Product"]]) for row in rows(here / "line_productivity.csv")}


def _case(case: str, of_case: Iterable[dict[str, str]]) -> Worked:
    runs = sorted(map(_report, of_case), key=lambda run: run.booking.started_at)
    stages = []
    for name in dict.fromkeys(run.stage for run in runs):
        start = min(run.booking.started_at for run in runs if run.stage == name)
        end = max(run.booking.ended_at for run in runs if run.stage == name)
        stages.append(NewStage(name, start, max(end, start + MINUTE)))
    quantity = Decimal(next(iter(of_case))["Work Order Qty"])
    product = next(iter(of_case))["Part Desc."].strip()
    return _worked(case, quantity, stages, runs, product)


def _report(row: dict[str, str]) -> Run:
    start, end = (
        datetime.strptime(row[f"{which} Timestamp"], "%Y/%m/%d %H:%M:%S.%f").replace(tzinfo=UTC)
        for which in ("Start", "Complete")
    )
    booking = Book(
        worker_id=row["Worker ID"],
        started_at=start,
        ended_at=end,
        machine_id=row["Resource"],
        kind=KINDS[row["Report Type"]],
        good=Decimal(row["Qty Completed"]),
        scrap=Decimal(row["Qty Rejected"]),
        rework=Decimal(row["Qty for MRB"]),
        reason="as the log says",
    )
    return Run(row["Activity"].strip(), booking)


def _batch(row: dict[str, str], least_minutes: int) -> Worked:
    start, end = (
        datetime.fromisoformat(f"{row['Date']}T{row[f'{which} Time']}").replace(tzinfo=UTC)
        for which in ("Start", "End")
    )
    end += timedelta(days=end < start)
    stage = NewStage("Filling", start, duration_minutes=Decimal(least_minutes))
    booking = Book(worker_id=row["Operator"], started_at=start, ended_at=end, good=Decimal(1))
    return _worked(row["Batch"], Decimal(1), [stage], [Run("Filling", booking)], row["Product"])


def _worked(number: str, quantity: Decimal, stages: list[NewStage], runs: list[Run], product: str) -> Worked:
    starts = [stage.planned_start for stage in stages if stage.planned_start is not None]
    ends = [stage.planned_end for stage in stages if stage.planned_end is not None]
    minutes = [stage.duration_minutes or Decimal(0) for stage in stages]
    window = min(starts), max([*ends, max(starts) + timedelta(minutes=float(max(minutes)))])
    new = NewOrder(product, quantity, *window, lot_no=number, number=number, stages=tuple(stages))
    order, sessions = open_order(new, ADA, number, window[0]), ()
    ids = {stage.name: stage.id for stage in order.stages}
    return _finished(Worked(order, sessions), [(ids[run.stage], run.booking) for run in runs])


def _finished(worked: Worked, bookings: list[tuple[str, Book]]) -> Worked:
    """Book everything as it comes, finishing each stage with its last row."""
    order, sessions = worked.order, list(worked.sessions)
    for stage_id, booking in bookings:
        change = give(order, ADA, "book", booking, stage=stage_id, received_at=TODAY)
        order = change.order
        sessions += change.sessions
    for stage in order.stages:
        assert stage.last_session_end is not None
        order = give(order, ADA, "done", Report(), stage=stage.id, at=stage.last_session_end, received_at=TODAY).order
    return Worked(order, tuple(sessions))
