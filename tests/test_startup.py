"""Starting: the garbage collector rests while modules are imported."""

import gc
from collections.abc import Iterator

import pytest

from chalicelib.startup import uncollected


@pytest.fixture(autouse=True)
def _collecting() -> Iterator[None]:
    """Nothing stays as a test has left it."""
    gc.enable()
    yield
    gc.unfreeze()
    gc.enable()


def test_nothing_is_collected_meanwhile_and_what_was_made_is_left_alone_afterwards() -> None:
    frozen = gc.get_freeze_count()
    with uncollected():
        assert not gc.isenabled()
        made = [[object()] for _ in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= frozen + len(made)


def test_inside_another_one_it_waits_for_the_end_of_that() -> None:
    with uncollected():
        frozen = gc.get_freeze_count()
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
        assert gc.get_freeze_count() == frozen
    assert gc.isenabled()


def test_an_import_that_fails_leaves_the_collector_on() -> None:
    with pytest.raises(ImportError), uncollected():
        raise ImportError
    assert gc.isenabled()
