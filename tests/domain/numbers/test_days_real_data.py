"""Days of real factories by operator, product, machine and day, against their files and their checked answers."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.numbers.day_facts import Fact, FactKey, places_of
from chalicelib.domain.numbers.day_sums import DaySums, summed
from chalicelib.domain.numbers.dimensions import WHOLE, Dimension, Group
from chalicelib.domain.numbers.order_facts import facts_of
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.domain.text import key_form
from tests.domain.real_factories import Worked, bottling_line, folder, job_shop, rows

# The logs are read as if they were written in UTC.
SETTINGS = replace(DEFAULT_SETTINGS, timezone="UTC")
MINUTE = 60_000
Span = tuple[datetime, datetime]


def by_place(shop: Mapping[str, Worked]) -> dict[tuple[date, Group], DaySums]:
    """The sums of every day and group."""
    facts: dict[tuple[date, Group], list[Fact]] = defaultdict(list)
    for worked in shop.values():
        key: FactKey
        for key, fact in facts_of(worked.order, worked.sessions, SETTINGS).items():
            for place in places_of(key.day, fact):
                facts[place.day, place.group].append(fact)
    return {place: summed(each) for place, each in facts.items()}


def over_days(sums: Mapping[tuple[date, Group], DaySums], dimension: Dimension) -> dict[str, tuple[int, int, int, int]]:
    """By value, over all days: done stages, planned, run and delay minutes of what was finished."""
    found: dict[str, list[DaySums]] = defaultdict(list)
    for (_, group), each in sums.items():
        if group.dimension is dimension:
            found[group.value].append(each)
    return {
        value: (
            sum(each.stages.done for each in days),
            sum(each.stages.planned for each in days) // MINUTE,
            sum(each.stages.run for each in days) // MINUTE,
            sum(each.stages.delay for each in days) // MINUTE,
        )
        for value, days in found.items()
    }


@pytest.fixture(scope="module")
def batches() -> list[dict[str, str]]:
    return rows(folder("bottling_line") / "expected_batches.csv")


@pytest.fixture(scope="module")
def bottled() -> dict[tuple[date, Group], DaySums]:
    return by_place(bottling_line())


@pytest.mark.parametrize(("dimension", "column"), [(Dimension.WORKER, "operator"), (Dimension.PRODUCT, "product")])
def test_the_bottling_line_by_operator_and_by_product_is_as_checked(
    bottled: dict[tuple[date, Group], DaySums], batches: list[dict[str, str]], dimension: Dimension, column: str
) -> None:
    checked: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in batches:
        checked[row[column]].append(row)
    assert over_days(bottled, dimension) == {
        value: (len(own), *(sum(int(row[name]) for row in own) for name in ("planned", "actual", "delay")))
        for value, own in checked.items()
    }


def test_the_bottling_line_by_day_is_as_checked(
    bottled: dict[tuple[date, Group], DaySums], batches: list[dict[str, str]]
) -> None:
    """A batch counts on the day of its end: the one that crosses midnight on the day after its date."""
    done: dict[date, list[int]] = defaultdict(list)
    for row in batches:
        day = date.fromisoformat(row["date"]) + timedelta(days=row["wraps_midnight"] == "True")
        done[day].append(int(row["actual"]))
    found = {day: each.stages for (day, group), each in bottled.items() if group == WHOLE and each.stages.done}
    assert {day: (each.done, each.run // MINUTE) for day, each in found.items()} == {
        day: (len(own), sum(own)) for day, own in done.items()
    }
    assert sum(each.late for each in found.values()) == sum(int(row["delay"]) > 0 for row in batches)
    worked = sum(each.time.labour for (_, group), each in bottled.items() if group == WHOLE)
    assert worked == MINUTE * sum(int(row["actual"]) for row in batches)


@pytest.fixture(scope="module")
def log() -> list[dict[str, str]]:
    return rows(folder("production_log") / "production_log.csv")


@pytest.fixture(scope="module")
def quarter() -> dict[tuple[date, Group], DaySums]:
    return by_place(job_shop())


def parts_of(log: Iterable[dict[str, str]], of: Callable[[dict[str, str]], Any]) -> dict[Any, list[Span]]:
    """The time of the log's rows, cut at midnight, by day and something of the row."""
    parts: dict[Any, list[Span]] = defaultdict(list)
    for row in log:
        start, end = (
            datetime.strptime(row[f"{which} Timestamp"], "%Y/%m/%d %H:%M:%S.%f").replace(tzinfo=UTC)
            for which in ("Start", "Complete")
        )
        while start < end:
            midnight = datetime.combine(start.date() + timedelta(days=1), datetime.min.time(), UTC)
            parts[start.date(), of(row)].append((start, min(midnight, end)))
            start = midnight
    return parts


def minutes(parts: Iterable[Span]) -> tuple[int, int]:
    """The union and the sum of spans, counted minute by minute: the log has whole minutes."""
    counted = [
        start + n * timedelta(minutes=1) for start, end in parts for n in range((end - start) // timedelta(minutes=1))
    ]
    return len(set(counted)), len(counted)


@pytest.mark.parametrize(
    ("dimension", "column"), [(Dimension.MACHINE, "Resource"), (Dimension.WORKER, "Worker ID"), (Dimension.NONE, None)]
)
def test_the_job_shop_by_day_and_machine_has_the_time_of_its_log(
    quarter: dict[tuple[date, Group], DaySums], log: list[dict[str, str]], dimension: Dimension, column: str | None
) -> None:
    wanted = {key: minutes(spans) for key, spans in parts_of(log, lambda row: row[column] if column else "").items()}
    found = {
        (day, group.value): (each.time.run // MINUTE, each.time.labour // MINUTE)
        for (day, group), each in quarter.items()
        if group.dimension is dimension and each.time.labour
    }
    assert found == wanted
    assert len(found) > 80


def test_the_pieces_of_the_job_shop_by_product_are_as_checked(
    quarter: dict[tuple[date, Group], DaySums], log: list[dict[str, str]]
) -> None:
    made: dict[str, Decimal] = defaultdict(Decimal)
    for row in log:
        made[key_form(row["Part Desc."].strip())] += Decimal(row["Qty Completed"])
    found: dict[str, Decimal] = defaultdict(Decimal)
    for (_, group), each in quarter.items():
        if group.dimension is Dimension.PRODUCT:
            found[group.value] += each.time.pieces
    assert found == made
