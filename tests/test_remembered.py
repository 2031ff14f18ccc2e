"""Everything that a process remembers is forgotten at once."""

from collections.abc import Callable, Iterable

import pytest

from chalicelib.remembered import Known, cached, forget_everything, forget_records


def test_what_was_kept_is_made_once_and_made_anew_when_everything_is_forgotten() -> None:
    made: list[str] = []

    @cached
    def make(name: str) -> int:
        made.append(name)
        return len(made)

    assert (make("a"), make("a"), make("b")) == (1, 1, 2)
    forget_everything()
    assert make("a") == 3
    forget_records()
    assert make("a") == 3


@pytest.mark.parametrize("forget", [forget_everything, forget_records])
def test_known_records_are_read_anew_when_they_are_forgotten(forget: Callable[[], None]) -> None:
    asked: list[list[str]] = []

    def read(_: str, ids: Iterable[str]) -> dict[str, int]:
        asked.append(list(ids))
        return {"a": 1}

    known = Known(read)
    for _ in range(2):
        assert known.find([("t", "a")]) == {("t", "a"): 1}
    forget()
    known.find([("t", "a")])

    assert asked == [["a"], ["a"]]


def test_what_is_forgotten_while_others_are_read_is_found_all_the_same() -> None:
    def read(_: str, ids: Iterable[str]) -> dict[str, int]:
        forget_records()
        return dict.fromkeys(ids, 1)

    known = Known(read)
    known.find([("t", "a")])
    assert known.find([("t", "a"), ("t", "b")]) == {("t", "a"): 1, ("t", "b"): 1}
