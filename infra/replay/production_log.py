"""Reads a job shop's log (one row per report of a worker) as work orders with booked sessions."""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from infra.replay.plan import (
    Booking,
    FloorPlan,
    Machine,
    Order,
    Question,
    Stage,
    Value,
    content_key,
    read_instant,
    read_lines,
    slug,
    wire,
)

FILES = ("production_log.csv", "expected.json")
KINDS = {"D": "run", "S": "setup", "B": "breakdown"}
SHORTEST_PLAN = timedelta(minutes=1)


@dataclass(frozen=True)
class Row:
    """One distinct row of the log."""

    case: str
    activity: str
    resource: str
    started_at: datetime
    ended_at: datetime
    quantity: int
    part: str
    worker: str
    kind: str
    good: int
    scrap: int
    rework: int
    key: str


def read(folder: Path) -> FloorPlan:
    """Read the log and its checked answers."""
    rows = read_rows(folder / "production_log.csv")
    by_case = sorted(rows, key=lambda row: row.case)
    resources = dict.fromkeys(row.resource for row in rows)
    return FloorPlan(
        name="production_log",
        people=tuple(dict.fromkeys(row.worker for row in rows)),
        machines=tuple(Machine(slug(name), name, "machine tool", "job shop") for name in resources),
        orders=tuple(_order(case, list(reports)) for case, reports in groupby(by_case, key=lambda row: row.case)),
        expected=expected_answers(json.loads((folder / "expected.json").read_text(encoding="utf-8"))),
    )


def read_rows(path: Path) -> list[Row]:
    """The distinct rows in file order. Some differ only in type or quantity, so a key covers the whole row."""
    distinct = dict.fromkeys(tuple(row) for row in csv.reader(read_lines(path)[1:]))
    return [_row(fields) for fields in distinct]


def _row(fields: tuple[str, ...]) -> Row:
    case, activity, resource, start, end, _span, quantity, part, worker, kind, good, scrap, mrb, _rework = fields
    return Row(
        case=case.strip(),
        activity=activity.strip(),
        resource=resource.strip(),
        started_at=read_instant(start, "%Y/%m/%d %H:%M:%S.%f"),
        ended_at=read_instant(end, "%Y/%m/%d %H:%M:%S.%f"),
        quantity=int(quantity),
        part=part.strip(),
        worker=worker.strip(),
        kind=KINDS[kind],
        good=int(good),
        scrap=int(scrap),
        rework=int(mrb),
        key=content_key("production_log", *fields),
    )


def _order(case: str, rows: Sequence[Row]) -> Order:
    """One case as a work order. The log has no plan, so each stage's plan is what happened."""
    in_order_of_first_start = sorted(rows, key=lambda row: row.started_at)
    activities = list(dict.fromkeys(row.activity for row in in_order_of_first_start))
    stages = [_stage(name, [row for row in rows if row.activity == name]) for name in activities]
    return Order(
        id=f"pl-{slug(case)}",
        number=case,
        product_code=rows[0].part,
        quantity=rows[0].quantity,
        planned_start=min(stage.planned_start for stage in stages),
        planned_end=max(stage.planned_end for stage in stages),
        stages=tuple(stages),
        bookings=tuple(_booking(activities.index(row.activity), row) for row in in_order_of_first_start),
    )


def _stage(name: str, rows: Sequence[Row]) -> Stage:
    first_start = min(row.started_at for row in rows)
    last_end = max(row.ended_at for row in rows)
    return Stage(name, first_start, max(last_end, first_start + SHORTEST_PLAN), done_at=last_end)


def _booking(stage: int, row: Row) -> Booking:
    return Booking(
        stage=stage,
        worker=row.worker,
        machine_id=slug(row.resource),
        kind=row.kind,
        started_at=row.started_at,
        ended_at=row.ended_at,
        good=row.good,
        scrap=row.scrap,
        rework=row.rework,
        key=row.key,
    )


def expected_answers(checked: dict[str, Any]) -> dict[Question, Value]:
    """`expected.json` as answers to questions: per order, per stage, and the log's total good and scrap."""
    answers: dict[Question, Value] = {
        Question("total", "all", "good"): checked["totals"]["good"],
        Question("total", "all", "scrap"): checked["totals"]["rejected"],
    }
    for case, order in checked["orders"].items():
        for what in ("lead_minutes", "run_minutes", "labour_minutes", "sessions"):
            answers[Question("order", case, what)] = order[what]
        answers[Question("order", case, "scrap")] = order["rejected"]
        for name, stage in order["stages"].items():
            subject = f"{case} · {name}"
            answers |= {
                Question("stage", subject, "started_at"): _instant(stage["first_start"]),
                Question("stage", subject, "ended_at"): _instant(stage["last_end"]),
                Question("stage", subject, "run_minutes"): stage["run_minutes"],
                Question("stage", subject, "labour_minutes"): stage["labour_minutes"],
                Question("stage", subject, "sessions"): stage["sessions"],
                Question("stage", subject, "good"): stage["good"],
                Question("stage", subject, "scrap"): stage["rejected"],
                Question("stage", subject, "rework"): stage["mrb"],
            }
    return answers


def _instant(text: str) -> str:
    return wire(read_instant(text, "%Y-%m-%dT%H:%M:%S"))
