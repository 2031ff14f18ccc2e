"""The benchmark of one hot order: time that is not real, a table that is not DynamoDB, and the rules that are."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from click.testing import CliRunner

from chalicelib.storage import table
from chalicelib.storage.conflicts import ConditionFailed
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.table import Check, Put
from infra.bench import hot_order
from infra.bench.hot_order import Assumed, measure
from infra.bench.memory_table import MemoryTable
from infra.bench.virtual_time import VirtualTime
from infra.cli import bench, commands

A, B = Key("P", "A"), Key("P", "B")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def note(key: Key, revision: int | None = None, expires_at: datetime | None = None) -> Item:
    return item(key, "note", {"text": "x"}, revision=revision, expires_at=expires_at)


def test_whoever_waits_longer_comes_later_and_nobody_waits_in_earnest() -> None:
    time, seen = VirtualTime(), list[tuple[str, float]]()

    def act(name: str, seconds: float) -> None:
        for _ in range(2):
            time.sleep(seconds)
            seen.append((name, time.seconds))

    time.run(lambda: act("slow", 3000), lambda: act("quick", 1000))

    assert seen == [("quick", 1000), ("quick", 2000), ("slow", 3000), ("slow", 6000)]


def test_what_one_of_them_raises_is_raised_once_all_have_ended() -> None:
    time, seen = VirtualTime(), list[float]()

    def fail() -> None:
        raise ValueError("no")

    def act() -> None:
        time.sleep(1)
        seen.append(time.seconds)

    with pytest.raises(ValueError, match="no"):
        time.run(fail, act)
    assert seen == [1]


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def memory(slept: list[float]) -> MemoryTable:
    """A table in memory with an item."""
    made = MemoryTable(slept.append, 2, 4)
    made.transact([Put(note(A, revision=1))])
    slept.clear()
    return made


def test_requests_take_their_time_and_find_what_was_written(memory: MemoryTable, slept: list[float]) -> None:
    memory.transact([Put(note(B))])
    assert [each.key for each in memory.query("P")] == [A, B]
    assert [each.key for each in memory.query("P", "B")] == [B]
    assert [each.key for each in memory.query("P", between=("A", "A"))] == [A]
    memory.transact([], [B])
    assert (memory.get(B), list(memory.batch_get([A, B]))) == (None, [A])
    assert slept == [2, 2, 1, 1, 1, 1, 1, 1, 2, 2, 1, 1, 1, 1]


@pytest.mark.parametrize("revision", [None, 2])
def test_nothing_is_written_where_a_condition_does_not_hold(memory: MemoryTable, revision: int | None) -> None:
    with pytest.raises(ConditionFailed) as failed:
        memory.transact([Put(note(B)), Put(note(A, revision=3), table.at_revision(revision))])
    assert (list(failed.value.keys), memory.get(B)) == ([A], None)


def test_conditions_hold_as_they_do_in_dynamodb(memory: MemoryTable) -> None:
    memory.transact([Put(note(A, revision=2), table.at_revision(1)), Put(note(B, expires_at=NOON), table.absent())])
    memory.transact(
        [Put(note(B), table.absent_or_expired(NOON.replace(hour=13)))], checks=[Check(A, table.at_revision(2))]
    )
    with pytest.raises(ConditionFailed):
        memory.transact([Put(note(B), table.absent_or_expired(NOON))])
    with pytest.raises(ConditionFailed):
        memory.transact([], checks=[Check(A, table.at_revision(1))])
    memory.transact([], takes=[B], checks=[Check(A, table.at_count(2)), Check(B, table.at_count(0))])
    with pytest.raises(ConditionFailed):
        memory.transact([], takes=[B])
    with pytest.raises(ConditionFailed):
        memory.transact([], checks=[Check(A, table.at_count(0))])


def test_one_persons_commands_take_what_their_requests_take() -> None:
    (alone,) = measure([1], Assumed(0.005, 0.02, 0.015), seconds=3)

    assert [round(wait, 3) for wait in alone.waits] == [0.04, 0.04, 0.04]
    assert alone.refused == 0


def test_more_people_than_an_order_takes_wait_and_then_are_refused_and_nothing_is_lost() -> None:
    slow = Assumed(0.1, 0.2, 0.3)
    few, many = measure([2, 12], slow, seconds=5)

    assert few.refused == 0
    assert many.refused > 0
    assert few.median < many.longest
    assert many.longest < 15
    assert many.per_second < 1 / (slow.compute + (slow.read + slow.write) / 2)
    assert len(many.waits) + many.refused == 12 * 5


def test_the_same_is_measured_each_time() -> None:
    first, again = (list(measure([5], Assumed(), seconds=2)) for _ in range(2))

    assert first == again


def test_the_reports_are_in_the_order_afterwards() -> None:
    plant = hot_order.HotOrder(3, Assumed(), 2)

    measured = plant.measured()

    assert (len(measured.waits), plant.good) == (6, Decimal(6))


def test_the_command_prints_the_figure_and_what_was_assumed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "PEOPLE", (1, 2))

    said = CliRunner().invoke(commands.takip, ["bench", "hot-order", "--read-ms", "10"]).output

    assert "One order takes at most about 2 commands a second." in said
    assert "a query takes 10 ms, deciding 20 ms, a transaction 15 ms" in said
