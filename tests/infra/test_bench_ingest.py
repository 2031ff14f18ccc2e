"""The benchmark of readings: units and CPU time that are measured, and a simulation of the workers."""

import pytest
from click.testing import CliRunner

from infra.bench import fan_out, ingest, packing
from infra.bench.ingest import Measured, measured
from infra.cli import commands
from infra.places import PROJECT

BATCHES = (*packing.SIZES.values(), "one message of 1,000 readings")
MORE = Measured(
    window=5,
    units={"chunks": 720, "markers": 1_440, "rollups": 480, "reads": 2_394},
    by_json=dict.fromkeys(BATCHES, 25.0),
    readings_a_second=dict.fromkeys(BATCHES, 30_000.0),
    hour_seconds=0.2,
)
LESS = Measured(
    window=60,
    units={"chunks": 60, "markers": 120, "rollups": 136, "latests": 17, "reads": 909},
    by_json=dict.fromkeys(BATCHES, 7.0),
    readings_a_second=dict.fromkeys(BATCHES, 80_000.0),
    hour_seconds=0.1,
)


def test_two_minutes_of_a_machine_are_lived_and_measured() -> None:
    figures = measured(PROJECT, minutes=2, rounds=2)

    assert figures.window == 60
    # In each minute one chunk, a marker that is written and deleted, eight rollups, and the latest values. The first
    # time they are written in a transaction, which costs twice, with the timer of the machine's silence.
    expected = {"chunks": 2, "markers": 4, "rollups": 16, "latests": 3}
    assert {kind: figures.of(kind) for kind in ingest.KINDS} == expected
    assert figures.units["reads"] > 0
    assert all(1 < times < 50 for times in figures.by_json.values())
    assert all(readings > 1_000 for readings in figures.readings_a_second.values())
    assert 0 < figures.hour_seconds < 5


def test_units_are_counted_for_readings_and_for_months() -> None:
    assert (MORE.writes, MORE.of("latests")) == (2_640, 0)
    assert LESS.writes_a_thousand == pytest.approx(333 / 5.76)
    assert MORE.dollars_a_month == pytest.approx(730 * (2_640 * 0.625e-6 + 2_394 * 0.125e-6))


def test_a_worker_that_is_free_takes_the_next_bucket() -> None:
    assert fan_out.makespan([3, 1, 1, 1], workers=2) == 3
    assert fan_out.makespan([1, 1, 1, 3], workers=2) == 4
    assert fan_out.makespan([2, 2], workers=5) == 2


def test_ten_workers_take_a_tenth_of_the_time_and_a_bucket_is_never_divided() -> None:
    alone, few = (fan_out.seconds_of_a_minute(2_000, 0.1, 0.5, workers) for workers in (1, 2))
    assert alone == pytest.approx(2_000 * (0.1 / 0.5 + 10 * 0.005))
    assert alone / 2 <= few < 0.6 * alone
    assert fan_out.seconds_of_a_minute(1, 0.1, 0.5) == pytest.approx(0.25)


def test_the_command_prints_both_versions_and_the_time_of_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "measure", lambda _: (MORE, LESS))

    said = CliRunner().invoke(commands.takip, ["bench", "ingest", "--commit", "abc"]).output

    assert "Today's units cost 0.17 of those of abc." in said
    assert "2,000 machines, all due in one minute: 10 workers take" in said
    assert "readings a message" in said


def test_a_message_of_many_readings_costs_what_a_message_of_one_costs() -> None:
    one, _, sixty, many = packing.rows(LESS)

    assert one[:3] == ("1", "4,204,800", "80,000")
    # A call and a fifth of the queue for each message, and 53 seconds of CPU time on 58 % of a core.
    door = 4_204_800 / 80_000 * 1769 / 1024 * 13.3334 / 1e6
    assert one[3] == f"{4.2048 * 1.2 * 0.40 + door:.2f}"
    assert one[4] == f"{4.2048 * (1.2 * 0.40 + 1.30) + door:.2f}"
    assert one[5] == f"{4.2048 * (1.2 * 0.40 + 3.70) + door:.2f}"
    assert sixty[4] == f"{4.2048 / 60 * (1.2 * 0.40 + 2 * 1.30) + door:.2f}"  # 6 KB are billed as two messages
    assert float(many[3]) < float(sixty[3]) < float(one[3]) / 30
