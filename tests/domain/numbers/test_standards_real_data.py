"""What the orders of a real job shop took gives the standards that its checked answers give."""

import json
from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from statistics import median_low
from typing import Any

import pytest

from chalicelib.domain.numbers.day_sums import summed
from chalicelib.domain.numbers.metrics import rounded
from chalicelib.domain.numbers.order_facts import facts_of
from chalicelib.domain.numbers.pareto import of_scrap, rows_of
from chalicelib.domain.numbers.standards import DoneStage, done_stage, suggested
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.real_factories import folder, job_shop


@pytest.fixture(scope="module")
def facts() -> dict[Any, Any]:
    """The facts of all orders."""
    of_orders = (facts_of(each.order, each.sessions, DEFAULT_SETTINGS) for each in job_shop().values())
    return {key: fact for of_order in of_orders for key, fact in of_order.items()}


@pytest.fixture(scope="module")
def answers() -> Any:
    return json.loads((folder("production_log") / "expected.json").read_text(encoding="utf-8"))


def paces(answers: Any) -> dict[str, list[Fraction]]:
    """Of each name of a stage the seconds a piece of the last 20, as the checked answers have them."""
    last: dict[str, list[tuple[datetime, str, Fraction | None]]] = defaultdict(list)
    for case, order in answers["orders"].items():
        for name, stage in order["stages"].items():
            pieces = Fraction(stage["good"]) + Fraction(stage["rejected"]) + Fraction(stage["mrb"])
            pace = Fraction(stage["run_minutes"]) * 60 / pieces if pieces and stage["run_minutes"] else None
            last[name].append((datetime.fromisoformat(stage["last_end"]), case, pace))
    return {
        name: [pace for _, _, pace in sorted(found, key=lambda each: each[:2])[-20:] if pace]
        for name, found in last.items()
    }


def believable(found: list[Fraction]) -> list[Fraction]:
    """Those that are not far from their median, if there are enough to tell."""
    if len(found) < 3:
        return found
    middle = median_low(found)
    return [pace for pace in found if middle / 10 <= pace <= middle * 10]


def test_the_suggestions_of_the_job_shop_are_those_of_its_checked_answers(facts: Any, answers: Any) -> None:
    done = [done_stage(key.identity, fact) for key, fact in facts.items() if key.subject == "STAGE"]
    known: list[DoneStage] = [each for each in done if each]
    expected = paces(answers)
    assert len(known) == answers["totals"]["stages"] == 453
    compared = 0
    for one in suggested(known):
        wanted = believable(expected[one.name])
        median = one.metrics["suggested_standard"].value
        assert (one.name, median) == (one.name, rounded(Fraction(median_low(wanted))) if wanted else None)
        compared += bool(wanted)
    assert compared > 20


def test_the_scrap_of_the_job_shop_by_reason_is_all_that_was_rejected(facts: Any, answers: Any) -> None:
    rows, total = rows_of(of_scrap(summed(facts.values())))
    rejected = sum(Decimal(order["rejected"]) for order in answers["orders"].values())
    assert [(row.loss.reason, row.metrics["cumulative_share"].value) for row in rows] == [("other", 100)]
    assert total.size == rejected > 0
