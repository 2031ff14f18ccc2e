"""Births of a machine: the newest one not later than a payload counts, in whatever order they came."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.machines.births import MOST_RUNS, Birth, Births, ReadWith, Run, known, names_of
from chalicelib.domain.machines.edge_nodes import Known
from chalicelib.domain.machines.sparkplug import GOOD, Metric

said = st.lists(st.builds(Birth, st.just("M1"), st.integers(0, 12), st.sampled_from("abc")), max_size=12)


def metric(name: str | None, alias: int | None, datatype: int = 3) -> Metric:
    return Metric(name, alias, None, datatype, None, GOOD)


def counting(births: list[Birth], at: int) -> str | None:
    """The rule as it stands: of all births the newest not later than an instant; of two at once the larger digest."""
    before = [(each.at, each.names) for each in births if each.at <= at]
    return max(before)[1] if before else None


def names_at(births: Births, at: int) -> str | None:
    run = births.run_at(at)
    return run.names if run else None


def learned(births: list[Birth]) -> Births:
    """What is known after births have come one by one, as the service learns them: it has stored them all."""
    now = Births("M1")
    for number, each in enumerate(births, start=1):
        stored = [other for run in now.parted([each]) for other in births[:number] if run.first <= other.at <= run.last]
        now = now.with_births([each, *stored])
    return now


@given(said, st.randoms())
def test_the_newest_birth_before_a_payload_counts_in_whatever_order_births_come(
    births: list[Birth], chance: Random
) -> None:
    known_now = learned(chance.sample(births, len(births)))
    assert [names_at(known_now, at) for at in range(-1, 14)] == [counting(births, at) for at in range(-1, 14)]
    assert len(known_now.runs) <= len({(each.at, each.names) for each in births})


def test_births_that_say_the_same_are_one_run_and_one_that_says_nothing_new_changes_nothing() -> None:
    one = learned([Birth("M1", at, "a") for at in (1, 2, 3)])
    assert one == Births("M1", (Run(1, 3, "a"),), revision=3)
    assert one.with_births([Birth("M1", 2, "a")]) is one
    assert one.with_births([Birth("M1", 9, "a")]).reads_as(one)
    assert not one.with_births([Birth("M1", 0, "a")]).reads_as(one)
    assert not one.with_births([Birth("M1", 9, "b")]).reads_as(one)


def test_a_run_is_read_again_only_if_a_birth_within_it_says_something_else() -> None:
    run = Run(1, 3, "a")
    one = Births("M1", (run,))
    assert one.parted([Birth("M1", at, "a") for at in (0, 1, 2, 3, 4)]) == []
    assert one.parted([Birth("M1", at, "b") for at in (0, 3, 4)]) == []
    assert one.parted([Birth("M1", 2, "b")]) == [run]


def test_a_birth_at_the_last_instant_of_a_run_that_counts_before_it_parts_the_run() -> None:
    births = [Birth("M1", 0, "b"), Birth("M1", 1, "b"), Birth("M1", 2, "b"), Birth("M1", 2, "a"), Birth("M1", 1, "a")]
    one = learned(births)
    assert [names_at(one, at) for at in range(3)] == ["b", "b", "b"]
    assert Births("M1", (Run(0, 2, "b"),)).parted([Birth("M1", 2, "a")]) == [Run(0, 2, "b")]
    assert Births("M1", (Run(0, 2, "b"),)).parted([Birth("M1", 2, "c"), Birth("M1", 0, "a")]) == []


def test_only_the_newest_runs_are_kept() -> None:
    many = [Birth("M1", at, str(at)) for at in range(MOST_RUNS + 2)]
    one = Births("M1").with_births(many)
    assert (len(one.runs), names_at(one, 1), names_at(one, 2)) == (MOST_RUNS, None, "2")


def test_payloads_stay_as_they_were_read_once_their_births_are_not_kept_any_more() -> None:
    one = Births("M1").with_births([Birth("M1", 1, "a"), Birth("M1", 9, "b")])
    read_with_a = ReadWith("a", 2, 3)
    assert one.count(read_with_a)
    assert not one.with_births([Birth("M1", 2, "c")]).count(read_with_a)
    assert not one.with_births([Birth("M1", 3, "c")]).count(read_with_a)
    many = [Birth("M1", at, str(at)) for at in range(10, 10 + MOST_RUNS)]
    assert one.with_births(many).count(read_with_a)


def test_what_a_birth_says_is_the_same_for_its_metrics_in_any_order() -> None:
    metrics = [metric("Tag", 7), metric("Tag", None, 0), metric("Other", 2, 10), metric(None, 9)]
    names = names_of(metrics)
    assert names == names_of([*reversed(metrics), metrics[0]])
    assert names != names_of([*metrics, metric("More", 3)])
    assert known(names) == Known({7: ("Tag", 3), 2: ("Other", 10)}, {"Tag": 3, "Other": 10})
