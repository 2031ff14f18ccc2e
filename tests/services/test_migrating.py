"""Migrating while people work: stopped and resumed, up and down, and nothing is lost. `--full` takes 2,000 items."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.errors import StorageUnavailable
from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.schema import TableSchema, UnknownSchema
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import migrating, system
from chalicelib.storage import schema
from chalicelib.storage import table as tables
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import machines as keys
from infra.migrations import migrations
from tests.floor import MORNING, Plant
from tests.sampling import IS_FULL

MACHINES = 2_000 if IS_FULL else 200
(MIGRATION,) = migrations()


def stored(number: int) -> Item:
    """A machine as the first release stored it."""
    machine = Machine(f"M{number}", f"Press {number}", created_at=MORNING)
    made = item(keys.machine(DEFAULT_TENANT, machine.id), "machine", machine)
    return Item.of({**made.attribute_values, "schema": 1})


@pytest.fixture
def old(table: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of the first schema, which is read in some pages a segment."""
    monkeypatch.setattr(schema, "A_PAGE", MACHINES // 8)
    tables.batch_put([stored(number) for number in range(MACHINES)])


def everything() -> dict[Any, Item]:
    """All items but the state of the schema, by key."""
    found: dict[Any, Item] = {}
    place: Any = {}
    while place is not None:
        page = tables.scan(0, 1, limit=1_000, place=place)
        found |= {each.key: each for each in page.items if each.kind != "schema"}
        place = page.place or None
    return found


def machines() -> dict[str, Machine]:
    return {each.read(Machine).id: each.read(Machine) for each in everything().values()}


def rename(number: int, name: str) -> None:
    """Change a machine as the doors do: the next revision, if nobody else changed it."""
    key = keys.machine(DEFAULT_TENANT, f"M{number}")
    before = tables.get(key)
    assert before is not None
    was = before.read(Machine)
    after = replace(was, name=name, version=was.version + 1)
    tables.put(item(key, "machine", after, revision=after.version), tables.at_version(was.version))


def steps_with_people(direction: Any) -> Iterator[migrating.Step]:
    """A migration during which a machine is renamed and another registered after each step."""
    for n, step in enumerate(migrating.migrate(MIGRATION, direction, "ada")):
        rename(7 * n % MACHINES, f"renamed {direction} {n}")
        key = keys.machine(DEFAULT_TENANT, f"new {direction} {n}")
        tables.put(item(key, "machine", Machine(f"new {direction} {n}", "New", created_at=MORNING), revision=1))
        yield step


def test_nothing_is_lost_when_it_is_stopped_and_resumed_under_live_writes_up_and_down(old: None) -> None:
    names = {each.id: each.name for each in machines().values()}
    for direction, reached in (("up", 2), ("down", 1)):
        for n, _ in enumerate(steps_with_people(direction)):
            if n == 1:  # stopped half-way, as by Ctrl-C
                break
        standing = migrating.state()
        assert standing.run
        assert 0 < standing.run.seen < MACHINES
        assert (standing.lowest, standing.highest) == (1, 2)
        for n, _ in enumerate(steps_with_people(direction)):
            names |= {f"M{7 * n}": ""}

        state = migrating.state()
        assert (state.lowest, state.highest, state.run) == (reached, reached, None)
        kept = machines()
        assert set(names) <= set(kept)
        unchanged = [number for number in range(MACHINES) if kept[f"M{number}"].version == 1]
        assert len(unchanged) > MACHINES / 2
        assert all(kept[f"M{number}"].name == f"Press {number}" for number in unchanged)
        assert any(each.name.startswith(f"renamed {direction}") for each in kept.values())
        old_form = [each for each in everything().values() if each.schema != reached and "new" not in each.SK]
        assert [each.SK for each in old_form if not each.read(Machine).name.startswith("renamed")] == []
    assert [(run.direction, run.by) for run in migrating.state().history] == [("up", "ada"), ("down", "ada")]


def test_counting_writes_nothing(old: None) -> None:
    before = {key: each.attribute_values for key, each in everything().items()}
    steps = list(migrating.counted(MIGRATION, "up"))
    assert (sum(step.seen for step in steps), sum(step.written for step in steps)) == (MACHINES, MACHINES)
    assert {key: each.attribute_values for key, each in everything().items()} == before


def test_an_item_that_was_changed_meanwhile_is_left_to_the_next_pass(
    table: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables.batch_put([stored(1)])
    real = schema.rewrite
    raced: list[str] = []

    def after_somebody(before: Any, after: Any) -> bool:
        if not raced:
            raced.append(before["SK"])
            tables.put(Item.of({**stored(1).attribute_values, "data": {**before["data"], "name": "Mine"}}))
        return real(before, after)

    monkeypatch.setattr(schema, "rewrite", after_somebody)
    steps = list(migrating.migrate(MIGRATION, "up", "ada"))

    assert sum(step.left for step in steps) == 1
    (moved,) = everything().values()
    assert (moved.schema, moved.revision, moved.read(Machine).name) == (2, 1, "Mine")


def test_what_always_changes_is_given_up_after_some_passes_and_told(
    table: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables.batch_put([stored(1)])
    monkeypatch.setattr(schema, "rewrite", lambda *_: False)
    steps = list(migrating.migrate(MIGRATION, "up", "ada"))
    assert sum(step.left for step in steps) == migrating.MOST_PASSES
    assert migrating.state().history[-1].left == 1


def test_a_new_table_has_the_schema_of_its_first_release_and_an_old_one_the_first(table: None) -> None:
    migrating.note_first()
    assert (migrating.state().lowest, migrating.state().highest) == (2, 2)
    migrating.note_first()
    assert migrating.state().revision == 1


def test_a_table_that_was_never_noted_is_of_the_first_schema(old: None) -> None:
    migrating.note_first()
    assert (migrating.state().lowest, migrating.state().highest) == (1, 1)


def test_a_release_is_not_ready_on_a_schema_that_it_does_not_know(plant: Plant) -> None:
    system.ask_all()
    schema.put(TableSchema(2, 3, revision=1))
    with pytest.raises(UnknownSchema):
        system.ask_all()
    assert not issubclass(UnknownSchema, StorageUnavailable)
