"""Reads a bottling line's batches. Each is a work order with one stage, "Filling", planned at the product's minimum."""

import csv
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

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
)

FILES = ("line_productivity.csv", "products.csv", "line_downtime.csv", "expected_batches.csv")
STAGE = "Filling"
LINE = Machine("bottling-line", "Bottling line", "filling line", "bottling")
A_DAY = timedelta(days=1)


def read(folder: Path) -> FloorPlan:
    """Read the batches and their checked answers."""
    products = _rows(folder / "products.csv")
    least_minutes = {product["Product"]: int(product["Min batch time"]) for product in products}
    batches = _rows(folder / "line_productivity.csv")
    return FloorPlan(
        name="bottling_line",
        people=tuple(dict.fromkeys(batch["Operator"] for batch in batches)),
        machines=(LINE,),
        orders=tuple(_order(batch, least_minutes[batch["Product"]]) for batch in batches),
        expected=expected_answers(_rows(folder / "expected_batches.csv"), downtime_of(folder / "line_downtime.csv")),
    )


def downtime_of(path: Path) -> dict[str, int]:
    """The minutes of all downtime factors together, per batch. The table has two heading lines."""
    return {
        batch: sum(int(minutes) for minutes in factors if minutes)
        for batch, *factors in csv.reader(read_lines(path)[2:])
    }


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(read_lines(path)))


def _order(batch: Mapping[str, str], least_minutes: int) -> Order:
    start, end = _window(batch)
    planned_end = start + timedelta(minutes=least_minutes)
    booking = Booking(
        stage=0,
        worker=batch["Operator"],
        machine_id=LINE.id,
        kind="run",
        started_at=start,
        ended_at=end,
        good=1,
        scrap=0,
        rework=0,
        key=content_key("bottling_line", *batch.values()),
    )
    return Order(
        id=f"bl-{batch['Batch']}",
        number=batch["Batch"],
        product_code=batch["Product"],
        quantity=1,
        planned_start=start,
        planned_end=planned_end,
        stages=(Stage(STAGE, start, planned_end, done_at=end),),
        bookings=(booking,),
    )


def _window(batch: Mapping[str, str]) -> tuple[datetime, datetime]:
    """The start and end of a batch. An end before the start is on the next day."""
    start, end = (
        read_instant(f"{batch['Date']} {batch[when]}", "%Y-%m-%d %H:%M:%S") for when in ("Start Time", "End Time")
    )
    return start, end if end >= start else end + A_DAY


def expected_answers(batches: list[dict[str, str]], downtime: Mapping[str, int]) -> dict[Question, Value]:
    """The checked batches as answers to questions, and their totals.

    The downtime of a batch must equal its delay.
    """
    answers: dict[Question, Value] = {}
    for row in batches:
        batch = row["batch"]
        answers |= {
            Question("order", batch, "sessions"): 1,
            Question("order", batch, "planned_minutes"): int(row["planned"]),
            Question("order", batch, "run_minutes"): int(row["actual"]),
            Question("order", batch, "delay_minutes"): int(row["delay"]),
            Question("order", batch, "delay_minutes_by_factor"): downtime[batch],
        }
    planned, actual, delay = (sum(int(row[column]) for row in batches) for column in ("planned", "actual", "delay"))
    return answers | {
        Question("total", "all", "planned_minutes"): planned,
        Question("total", "all", "run_minutes"): actual,
        Question("total", "all", "delay_minutes"): delay,
        Question("total", "all", "efficiency_percent"): round(100 * planned / actual, 3),
    }
