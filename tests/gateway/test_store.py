"""Readings wait on disk, in bounds that are told."""

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.examples.gateway.store import Store, StoreFull
from tests.gateway.stores import empty, fill, reading


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store.db", megabytes=1)
    yield opened
    opened.close()


def values(store: Store, most: int = 100) -> list[str]:
    batch = store.oldest(most)
    return [part.split('"value":')[1].split(",")[0] for part in batch.parts] if batch else []


def test_the_machine_that_waits_longest_is_next_with_its_oldest_readings(store: Store) -> None:
    store.add([reading(1, "M1"), reading(2, "M2"), reading(3, "M1"), reading(4, "M1")])
    first = store.oldest(2)
    assert first
    assert (first.machine, values(store, 2)) == ("M1", ["1", "3"])
    store.remove(first)
    second = store.oldest(2)
    assert second
    assert (second.machine, values(store, 2)) == ("M2", ["2"])
    store.remove(second)
    assert (values(store), store.waiting()) == (["4"], 1)


def test_an_empty_store_has_no_batch(store: Store) -> None:
    assert store.oldest(60) is None


def test_what_came_after_a_batch_was_taken_stays(store: Store) -> None:
    store.add([reading(1)])
    batch = store.oldest(60)
    store.add([reading(2)])
    assert batch
    store.remove(batch)
    assert values(store) == ["2"]


def test_readings_and_marks_are_there_after_the_program_was_started_again(tmp_path: Path) -> None:
    first = Store(tmp_path / "store.db", megabytes=1)
    first.add([reading(1)])
    first.set_marks({"node": "2026-01-05T10:00:00Z"})
    first.set_marks({"node": "2026-01-05T09:00:00Z"})
    first.close()
    again = Store(tmp_path / "store.db", megabytes=1)
    assert (values(again), again.mark("node"), again.mark("other")) == (["1"], "2026-01-05T10:00:00Z", None)
    again.close()


def test_a_second_gateway_on_the_same_store_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        Store(tmp_path / "store.db", megabytes=1, seconds_to_open=0)


def test_a_full_store_keeps_what_it_has_and_says_what_it_refuses(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    taken = fill(store)
    for _ in range(3):
        with pytest.raises(StoreFull):
            store.add([reading(-1)])
    assert store.waiting() == taken > 3_000
    assert (tmp_path / "store.db").stat().st_size <= 1_000_000
    (said,) = caplog.messages
    assert "THE STORE IS FULL" in said


def test_a_store_that_has_room_again_says_how_much_was_refused(
    store: Store, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    caplog.clear()
    empty(store)
    monkeypatch.setattr("docs.examples.gateway.store.SECONDS_BETWEEN_WARNINGS", 0)
    store.add([reading(1)])
    store.add([reading(2)])
    assert (values(store), caplog.messages) == (
        ["1", "2"],
        ["The store has room again. Readings refused meanwhile: 101."],
    )
    assert caplog.records[0].levelno == logging.WARNING
