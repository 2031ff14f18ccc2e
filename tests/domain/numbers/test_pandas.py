"""pandas as an outside oracle: what it makes of the raw logs of two factories is what Takip's numbers tell."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import pytest

from chalicelib.domain.numbers import order_metrics, stage_metrics
from chalicelib.domain.numbers.day_sums import DaySums
from chalicelib.domain.numbers.dimensions import Dimension, Group
from chalicelib.domain.numbers.metrics import Measured
from chalicelib.domain.text import key_form
from tests.domain.numbers.test_days_real_data import SETTINGS, by_place
from tests.domain.real_factories import TODAY, Worked, bottling_line, folder, job_shop

Sums = Mapping[tuple[date, Group], DaySums]
Table = Any
"""A table of pandas, which has no types of its own."""

MINUTE, DAY = pd.Timedelta(minutes=1), pd.Timedelta(days=1)
COLUMNS = {Dimension.MACHINE: "Resource", Dimension.WORKER: "Worker ID", Dimension.PRODUCT: "Part Desc."}


@pytest.fixture(scope="module")
def shop() -> dict[str, Worked]:
    return job_shop()


@pytest.fixture(scope="module")
def log() -> Table:
    """The rows of the quarter, with their times."""
    raw = pd.read_csv(folder("production_log") / "production_log.csv").drop_duplicates()
    for column in ("Case ID", "Activity", "Part Desc."):
        raw[column] = raw[column].str.strip()
    raw["Part Desc."] = raw["Part Desc."].map(key_form)
    for column, name in (("start", "Start Timestamp"), ("end", "Complete Timestamp")):
        raw[column] = pd.to_datetime(raw[name], format="%Y/%m/%d %H:%M:%S.%f")
    return raw.assign(none="")


def by_days(log: Table) -> Table:
    """The rows cut at midnight, each with its day."""
    first, last = log["start"].dt.normalize(), log["end"].dt.normalize()
    parts = []
    for n in range((last - first).max() // DAY + 1):
        day = first + n * DAY
        begin, until = log["start"].where(log["start"] > day, day), log["end"].where(log["end"] < day + DAY, day + DAY)
        parts.append(log.assign(start=begin, end=until, day=day.dt.date)[begin < until])
    return pd.concat(parts)


def spent(log: Table, *by: str) -> dict[Any, tuple[float, float]]:
    """The minutes of the rows by some columns: their union, and their sum."""
    columns = list(by)
    rows = log.sort_values([*columns, "start", "end"])
    reached = rows.assign(end=rows.groupby(columns)["end"].cummax()).groupby(columns)["end"].shift()
    begin = rows["start"].where(~(reached > rows["start"]), reached)
    covered = ((rows["end"] - begin) / MINUTE).clip(lower=0)
    made = rows.assign(run=covered, labour=(rows["end"] - rows["start"]) / MINUTE)
    sums = made.groupby(columns)[["run", "labour"]].sum()
    return dict(zip(sums.index, sums.itertuples(index=False, name=None), strict=True))


def time_of(measured: Measured) -> tuple[float, float]:
    run, labour = (measured.metrics[name].value for name in ("actual_duration", "labour"))
    return float(str(run)), float(str(labour))


def test_orders_and_stages_of_the_job_shop_take_what_their_rows_take(shop: Mapping[str, Worked], log: Table) -> None:
    orders, stages = {}, {}
    for case, worked in shop.items():
        orders[case] = order_metrics.of_order(worked.order, worked.sessions, TODAY, SETTINGS)
        for stage in worked.order.stages:
            measured = stage_metrics.of_stage(worked.order, stage, worked.sessions, TODAY, SETTINGS)
            stages[case, stage.name] = measured
    assert {case: time_of(each) for case, each in orders.items()} == spent(log, "Case ID")
    assert {key: time_of(each) for key, each in stages.items()} == spent(log, "Case ID", "Activity")
    ends = log.groupby("Case ID").agg(start=("start", "min"), end=("end", "max"))
    lead = ((ends["end"] - ends["start"]) / MINUTE).to_dict()
    assert {case: float(str(each.metrics["lead_time"].value)) for case, each in orders.items()} == lead
    assert len(stages) == 453


@pytest.mark.parametrize("dimension", [Dimension.NONE, *COLUMNS])
def test_days_of_the_job_shop_have_the_time_and_the_pieces_of_their_rows(
    shop: Mapping[str, Worked], log: Table, dimension: Dimension
) -> None:
    column = COLUMNS.get(dimension, "none")
    days = {(day, group.value): sums for (day, group), sums in by_place(shop).items() if group.dimension is dimension}
    worked = {key: each.time for key, each in days.items() if each.time.labour}
    assert {key: (each.run / 60_000, each.labour / 60_000) for key, each in worked.items()} == spent(
        by_days(log), "day", column
    )
    pieces = log.assign(day=log["end"].dt.date).groupby(["day", column])["Qty Completed"].sum()
    assert {key: each.time.pieces for key, each in days.items() if each.time.pieces} == pieces[pieces > 0].to_dict()


@pytest.fixture(scope="module")
def batches() -> Table:
    """The batches of the bottling line: planned, actual and delay in minutes. One crosses midnight."""
    here = folder("bottling_line")
    raw = pd.read_csv(here / "line_productivity.csv", encoding="utf-8-sig", dtype={"Batch": str})
    least = pd.read_csv(here / "products.csv", encoding="utf-8-sig").set_index("Product")["Min batch time"]
    start, end = (pd.to_datetime(raw["Date"] + " " + raw[f"{which} Time"]) for which in ("Start", "End"))
    end = end.where(end >= start, end + DAY)
    planned, actual = raw["Product"].map(least), (end - start) / MINUTE
    return raw.assign(day=end.dt.date, done=1, planned=planned, actual=actual, delay=actual - planned)


@pytest.mark.parametrize(
    ("dimension", "by"),
    [(Dimension.WORKER, ["Operator"]), (Dimension.PRODUCT, ["Product"]), (Dimension.NONE, ["day"])],
)
def test_the_bottling_line_is_what_its_rows_say(batches: Table, dimension: Dimension, by: list[str]) -> None:
    names = ["done", "planned", "actual", "delay"]
    wanted = batches.groupby(by[0])[names].sum()
    found: dict[Any, list[float]] = {}
    for (day, group), sums in by_place(bottling_line()).items():
        stages = sums.stages
        if group.dimension is dimension and stages.done:
            row = [stages.done, *(each / 60_000 for each in (stages.planned, stages.run, stages.delay))]
            key = group.value or day
            found[key] = [a + b for a, b in zip(found.get(key, [0] * 4), row, strict=True)]
    assert found == {key: list(row) for key, row in zip(wanted.index, wanted.to_numpy().tolist(), strict=True)}


def test_each_batch_has_the_efficiency_of_its_row(batches: Table) -> None:
    ratio = (100 * batches["planned"] / batches["actual"]).round(3)
    found = {
        batch: order_metrics.of_order(worked.order, worked.sessions, TODAY, SETTINGS).metrics
        for batch, worked in bottling_line().items()
    }
    assert {batch: float(str(each["efficiency"].value)) for batch, each in found.items()} == dict(
        zip(batches["Batch"], ratio, strict=True)
    )
    assert {batch: float(str(each["delay"].value)) for batch, each in found.items()} == dict(
        zip(batches["Batch"], batches["delay"], strict=True)
    )
    assert round(100 * batches["planned"].sum() / batches["actual"].sum(), 3) == 64.023
