"""Kept fields: an absent field stays, and a field of None is a value."""

from dataclasses import dataclass

from chalicelib.domain.kept import KEPT, Kept, given, value_after


@dataclass(frozen=True)
class Wanted:
    """A change of two fields, beside one that is none."""

    name: str | Kept = KEPT
    machine_id: str | Kept | None = KEPT
    reason: str = "late"


def test_only_what_a_change_gives_is_given_and_none_is_given() -> None:
    assert given(Wanted(), "name", "machine_id") == {}
    assert given(Wanted(name="Kesim", machine_id=None), "name", "machine_id") == {"name": "Kesim", "machine_id": None}


def test_a_field_that_is_kept_has_the_value_that_it_had() -> None:
    assert [value_after("before", wanted) for wanted in (KEPT, "", "after")] == ["before", "", "after"]
    assert value_after("before", None) is None
