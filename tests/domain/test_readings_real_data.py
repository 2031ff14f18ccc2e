"""Real machines' readings, sent as messages, come to the answers that were checked elsewhere."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.chunks import pack, unpack
from chalicelib.domain.machines import Machine, Sensor
from chalicelib.domain.markers import MachineHour
from chalicelib.domain.messages import check, decode
from chalicelib.domain.readings import Reading, by_machine_hour, distinct
from chalicelib.domain.rollups import Rollup, roll_up

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
READINGS_A_MESSAGE = 60
READINGS_A_BATCH = 3_000

RIG = {
    "Accelerometer1RMS": "vibration",
    "Accelerometer2RMS": "vibration",
    "Current": "current",
    "Pressure": "pressure",
    "Temperature": "temperature",
    "Thermocouple": "temperature",
    "Voltage": "voltage",
    "Volume Flow RateRMS": "flow_rate",
}
OVEN_MACHINE = Machine("oven", "Oven", created_at=NOW)
RIG_MACHINE = Machine("rig", "Valve rig", created_at=NOW, sensors=(Sensor("Pressure", "pressure", min=-2.0),))


def rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=delimiter))


def needs(folder: str) -> Path:
    if not (DATA / folder).is_dir():
        pytest.skip(f"the real data of {folder} is not beside the project")
    return DATA / folder


def expected(folder: Path) -> Any:
    return json.loads((folder / "expected_hourly.json").read_text(encoding="utf-8"))


def instant(naive: str) -> str:
    return naive.replace(" ", "T") + "Z"


def accepted(machine: Machine, parts: list[dict[str, Any]]) -> list[Reading]:
    """Readings as they come out of messages of sixty, all of them good."""
    readings: list[Reading] = []
    for start in range(0, len(parts), READINGS_A_MESSAGE):
        body = json.dumps({"machine_id": machine.id, "readings": parts[start : start + READINGS_A_MESSAGE]})
        verdict = check(decode(body), machine, NOW)
        assert verdict.problems == ()
        readings += verdict.readings
    return readings


def rolled_up(readings: list[Reading]) -> dict[datetime, list[Rollup]]:
    """Hour → its rollups, after the readings went through chunks in batches."""
    chunks: dict[MachineHour, dict[str, bytes]] = {}
    for start in range(0, len(readings), READINGS_A_BATCH):
        for key, group in by_machine_hour(readings[start : start + READINGS_A_BATCH]).items():
            chunks.setdefault(key, {}).update((chunk.digest, chunk.content) for chunk in pack(group))
    return {
        touched.hour: roll_up(
            reading for content in contents.values() for reading in unpack(touched.machine_id, content)
        )
        for touched, contents in chunks.items()
    }


def key(hour: datetime) -> str:
    return hour.strftime("%Y-%m-%dT%H:%M:%SZ")


def assert_equals(rollup: Rollup, answer: dict[str, float]) -> None:
    assert rollup.numbers is not None
    assert rollup.count == answer["count"]
    for statistic in ("min", "max", "mean"):
        assert getattr(rollup.numbers, statistic) == pytest.approx(answer[statistic], abs=1e-9, rel=0)


@pytest.fixture(scope="module")
def temperatures() -> list[Reading]:
    folder = needs("machine_temperature")
    parts = [
        {"type": "temperature", "value": float(row["value"]), "at": instant(row["timestamp"])}
        for row in rows(folder / "machine_temperature.csv")
    ]
    return accepted(OVEN_MACHINE, parts)


@pytest.fixture(scope="module")
def rig() -> list[Reading]:
    folder = needs("valve_rig")
    parts = [
        {
            "sensor": channel.replace(" ", "_"),
            "type": kind,
            "value": float(row[channel]),
            "at": instant(row["datetime"]),
        }
        for path in sorted(folder.glob("*/*.csv"))
        for row in rows(path, ";")
        for channel, kind in RIG.items()
    ]
    return accepted(RIG_MACHINE, parts)


def test_every_hour_of_the_machine_temperature_is_as_checked(temperatures: list[Reading]) -> None:
    answers = expected(DATA / "machine_temperature")
    assert len(temperatures) == answers["rows"] == 10_989
    hours = rolled_up(temperatures)
    assert {key(hour) for hour in hours} == set(answers["hours"])
    for hour, (rollup,) in hours.items():
        assert_equals(rollup, answers["hours"][key(hour)])


def test_two_values_at_one_instant_are_both_kept(temperatures: list[Reading]) -> None:
    (rollup,) = rolled_up(temperatures)[datetime(2014, 1, 7, 2, tzinfo=UTC)]
    assert rollup.numbers is not None
    assert (rollup.count, rollup.numbers.min, rollup.numbers.max) == (24, 92.78472036, 95.33282414)


def test_rows_that_two_files_share_count_once(rig: list[Reading]) -> None:
    assert len(rig) == 5_284 * len(RIG)
    kept, conflicts = distinct(rig)
    assert (len(kept), conflicts) == (5_164 * len(RIG), 0)


def test_every_hour_and_channel_of_the_valve_rig_is_as_checked(rig: list[Reading]) -> None:
    answers = expected(DATA / "valve_rig")["channels"]
    hours = rolled_up(rig)
    found = {(rollup.sensor, hour): rollup for hour, rollups in hours.items() for rollup in rollups}
    assert len(found) == sum(len(by_hour) for by_hour in answers.values())
    for channel, by_hour in answers.items():
        for hour, answer in by_hour.items():
            assert_equals(found[channel.replace(" ", "_"), datetime.fromisoformat(hour)], answer)


@pytest.mark.parametrize("machine", ["temperatures", "rig"])
def test_shuffled_and_sent_twice_gives_the_same_to_the_last_digit(machine: str, request: pytest.FixtureRequest) -> None:
    sent: list[Reading] = request.getfixturevalue(machine)
    again = [*sent, *sent]
    again.sort(key=lambda reading: hash((reading.at, reading.value)))
    assert rolled_up(again) == rolled_up(sent)
