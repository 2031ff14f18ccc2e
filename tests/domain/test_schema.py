"""Migrations of one item: its keys stay, only its kinds move, and the way back is the way there."""

from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.schema import (
    MOST_RUNS,
    OLDEST_READ,
    WRITTEN,
    Migration,
    OtherMigrationRuns,
    TableSchema,
    UnknownSchema,
    begun,
    ended,
)
from chalicelib.storage.items import Item
from infra.migrations import migrations, next_of
from infra.problem import Problem
from tests.floor import MORNING

REVISIONS = import_module("infra.migrations.0002_revision_of_things")
STORED = {
    "PK": "T",
    "SK": "M",
    "kind": "machine",
    "schema": 1,
    "data": {"id": "M1", "name": "Press", "type": "press", "created_at": "2026-01-05T08:00:00Z"},
}


def renamed(item: Any) -> Any:
    return {**item, "SK": "other"}


def test_every_migration_follows_the_one_before_and_the_newest_is_what_this_release_writes() -> None:
    assert [each.number for each in migrations()] == list(range(2, WRITTEN + 1))
    assert all(each.kinds and each.name for each in migrations())
    assert OLDEST_READ <= WRITTEN


@given(st.none() | st.integers(1, 99))
def test_an_item_that_went_up_and_down_is_read_as_before(revision: int | None) -> None:
    stored = STORED if revision is None else {**STORED, "revision": revision}
    (migration,) = migrations()

    there = migration.moved(stored, "up")
    assert there is not None
    assert (there["revision"], there["schema"]) == (revision or 1, 2)
    back = migration.moved(there, "down")
    assert back is not None
    assert back["schema"] == 1
    assert Item.of(dict(back)).read(Machine) == Item.of(stored).read(Machine)
    assert migration.moved(there, "up") is None
    assert migration.moved(back, "down") is None


def test_only_the_kinds_of_a_migration_move() -> None:
    (migration,) = migrations()
    assert migration.moved({**STORED, "kind": "order"}, "up") is None
    assert REVISIONS.down(STORED) == STORED


def test_a_migration_that_changes_a_key_is_refused() -> None:
    wrong = Migration(2, "wrong", frozenset({"machine"}), renamed, renamed)
    with pytest.raises(ValueError, match="Migration 2 changes SK"):
        wrong.moved(STORED, "up")


@pytest.mark.parametrize(
    ("lowest", "highest", "known"), [(1, 1, True), (1, 2, True), (2, 2, True), (2, 3, False), (3, 3, False)]
)
def test_a_release_reads_a_table_if_it_knows_all_its_schemas(lowest: int, highest: int, *, known: bool) -> None:
    state = TableSchema(lowest, highest)
    assert state.is_known(1, 2) is known
    if known:
        state.refuse_unknown()
    else:
        with pytest.raises(UnknownSchema, match=f"holds schemas {lowest} to {highest}; this release knows 1 to 2"):
            state.refuse_unknown()


def test_a_table_holds_both_schemas_while_a_migration_runs_and_one_when_it_has_ended() -> None:
    (migration,) = migrations()
    running = begun(TableSchema(), migration, "up", "ada", MORNING)
    assert (running.lowest, running.highest) == (1, 2)
    assert running.run
    assert begun(running, migration, "up", "oya", MORNING).run == running.run
    with pytest.raises(OtherMigrationRuns, match=r"Migration 2 \(up\) was begun"):
        begun(running, migration, "down", "ada", MORNING)

    there = ended(running, running.run, MORNING)
    assert (there.lowest, there.highest, there.run) == (2, 2, None)
    falling = begun(there, migration, "down", "ada", MORNING)
    assert falling.run
    back = ended(falling, falling.run, MORNING)
    assert (back.lowest, back.highest) == (1, 1)
    assert [run.direction for run in back.history] == ["up", "down"]


def test_the_history_does_not_grow_without_end() -> None:
    (migration,) = migrations()
    state = TableSchema()
    for n in range(MOST_RUNS + 2):
        state = begun(state, migration, "up", str(n), datetime(2026, 1, 5, tzinfo=UTC))
        assert state.run
        state = ended(replace(state, lowest=1), state.run, MORNING)
    assert len(state.history) == MOST_RUNS
    assert state.history[-1].by == str(MOST_RUNS + 1)


def test_what_is_to_be_run_leads_to_this_release_and_what_is_undone_is_the_last() -> None:
    assert [each.number for each in next_of(1, "up")] == [2]
    assert next_of(2, "up") == []
    assert [each.number for each in next_of(2, "down")] == [2]
    with pytest.raises(Problem, match="schema 1, the oldest that there is"):
        next_of(1, "down")
