"""The benchmarks measure and compute what they say."""

import statistics
from itertools import pairwise

import pytest
from click.testing import CliRunner

from infra.bench.sign_in import ONE_CPU_MB, Measured, measure
from infra.cli import bench, commands


def test_one_more_of_bcrypts_cost_takes_about_twice_as_long() -> None:
    figures = [measured.cpu_seconds for measured in measure(range(7, 11), runs=5)]

    assert 1.6 < statistics.geometric_mean(b / a for a, b in pairwise(figures)) < 2.4


@pytest.mark.parametrize(("memory", "seconds"), [(ONE_CPU_MB / 4, 1.0), (ONE_CPU_MB, 0.25), (4 * ONE_CPU_MB, 0.25)])
def test_less_memory_takes_longer_in_proportion_and_more_than_a_core_does_not_help(memory: int, seconds: float) -> None:
    assert Measured(12, 0.25).at(memory) == pytest.approx(seconds)


def test_the_figures_say_which_of_them_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "COSTS", range(4, 6))

    said = CliRunner().invoke(commands.takip, ["bench", "sign-in"]).output

    assert "512 MB" in said
    assert "Measured on a core of this machine: 1769 MB" in said
    assert "Computed from that: less memory" in said
