"""The old system of the benchmark is one that comes over whole."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from infra.bench.old_system import STAGES, tables
from infra.old_system.judging import judged
from infra.old_system.verdicts import Outcome

ORDERS = 30


def test_all_of_it_comes_over() -> None:
    made = tables(ORDERS)
    found = judged(made, ZoneInfo("UTC"), datetime(2026, 1, 5, tzinfo=UTC))
    assert {each.outcome for each in found.verdicts} == {Outcome.COMES}
    stages = [stage for order in found.plant.orders for stage in order.stages]
    assert len(stages) == ORDERS * len(STAGES) == sum(stage.done_at is not None for stage in stages)
    assert sum(len(stage.issues) for stage in stages) == ORDERS // 10
    assert all(len(stage.assignees) == 1 for stage in stages)
