"""Items: the revision is stored in one place, and every record that counts its changes reads it from there."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.machines.rollups import HourRollup
from chalicelib.domain.numbers.day_sums import DaySums
from chalicelib.domain.numbers.projections import Projection
from chalicelib.domain.people.admins import Admins
from chalicelib.domain.people.throttling import Counter
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.domain.tenants import Tenant
from chalicelib.storage.idempotency import StoredAnswer
from chalicelib.storage.items import _revision_field, item
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.numbers.daily_sums import Daily
from tests.floor import MORNING

KEY = Key("P", "S")

COUNTED: list[tuple[Any, str]] = [
    (Admins(frozenset({"ada"}), version=3), "version"),
    (Counter(failures=1, version=3), "version"),
    (Daily(MORNING.date(), DaySums(), MORNING, revision=3), "revision"),
    (Projection(revision=3), "revision"),
    (Tenant("acme", None, DEFAULT_SETTINGS, revision=3), "revision"),
]


@pytest.mark.parametrize(("record", "field"), COUNTED)
def test_a_record_that_counts_its_changes_keeps_the_count_in_the_items_revision_alone(
    record: object, field: str
) -> None:
    made = item(KEY, "kind", record, revision=3)

    assert made.revision == 3
    assert field not in made.data
    assert getattr(made.read(type(record)), field) == 3


def test_an_item_of_before_that_holds_its_count_twice_is_read_by_its_revision() -> None:
    made = item(KEY, "admins", Admins(frozenset({"ada"})), revision=3)
    made.data["version"] = 2

    assert made.read(Admins).version == 3


def test_a_version_of_something_else_is_data_like_any_other() -> None:
    made = item(KEY, "idempotency_key", StoredAnswer("f", b"", version=7))

    assert made.revision is None
    assert made.data["version"] == 7
    assert made.read(StoredAnswer).version == 7


def test_a_record_that_counts_nothing_is_as_it_was_written_at_any_revision() -> None:
    @dataclass(frozen=True)
    class Note:
        span: timedelta

    assert item(KEY, "note", Note(timedelta(hours=1)), revision=3).read(Note) == Note(timedelta(hours=1))
    assert _revision_field(HourRollup) == "revision"
