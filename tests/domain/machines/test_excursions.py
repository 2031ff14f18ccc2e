"""Excursions: successive readings beyond a limit, and the hours that new readings make worth judging."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.machines.excursions import AlarmKind, Cause, Excursion, excursions, to_judge
from chalicelib.domain.machines.machines import Machine, MachineStatus
from chalicelib.domain.machines.readings import Reading, microseconds
from chalicelib.domain.machines.sensors import Sensor
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS, TenantSettings
from tests.domain.reading_strategies import HOUR
from tests.floor import MORNING

MINUTE = timedelta(minutes=1)
GAP = 15 * MINUTE
HOT = Sensor("main", "temperature", alarm_min=10.0, alarm_max=90.0, alarm_minutes=5)
MACHINE = Machine("M1", "Press", MORNING, sensors=(HOT, Sensor("main", "pressure")))
NOW = HOUR + timedelta(minutes=30)


def reading(minute: float, value: float | str = 95.0, type_name: str = "temperature") -> Reading:
    return Reading("M1", "main", type_name, microseconds(HOUR + minute * MINUTE), value)


def found(*values: tuple[float, float], sensor: Sensor = HOT) -> list[Excursion]:
    return list(excursions([reading(*each) for each in values], sensor, GAP))


def at(minute: float) -> int:
    return microseconds(HOUR + minute * MINUTE)


def test_an_excursion_lasts_from_its_first_to_its_last_reading_beyond_the_limit() -> None:
    (one,) = found((0, 50.0), (1, 95.0), (3, 99.0), (6, 91.0), (7, 90.0))
    cause = Cause(AlarmKind.ABOVE, "main", "temperature", 90.0, 5)
    assert one == Excursion(cause, 99.0, at(1), at(6), proven_at=at(6), opens=False, closes=False)


def test_it_is_not_proven_by_the_reading_that_ends_it() -> None:
    (one,) = found((1, 95.0), (5.9, 95.0), (7, 50.0))
    assert (one.proven_at, one.opens, one.closes) == (None, True, False)


def test_without_minutes_a_single_value_is_enough() -> None:
    (one,) = found((1, 95.0), sensor=replace(HOT, alarm_minutes=None))
    assert (one.since, one.until, one.proven_at, one.closes) == (at(1), at(1), at(1), True)


def test_above_and_below_and_beyond_a_gap_are_different_excursions() -> None:
    kinds = [(each.cause.kind, each.value) for each in found((0, 95.0), (1, 5.0), (2, 3.0), (17.1, 9.0), (18, 10.0))]
    assert kinds == [(AlarmKind.ABOVE, 95.0), (AlarmKind.BELOW, 3.0), (AlarmKind.BELOW, 9.0)]


def test_values_on_the_limits_are_within_them() -> None:
    assert found((0, 90.0), (1, 10.0)) == []


def judged(*sent: Reading, machine: Machine = MACHINE, settings: TenantSettings = DEFAULT_SETTINGS) -> dict[str, str]:
    times = to_judge(machine, sent, NOW, settings)
    return {f"{hour:%H}": f"{due:%H:%M}" for hour, due in times.items()}


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        ([reading(29.5)], {"10": "10:32"}),
        ([reading(29), reading(29.5), reading(29.2)], {"10": "10:32"}),
        ([reading(29.5, 50.0)], {}),
        ([reading(27.9, 50.0)], {"10": "10:30"}),
        ([reading(-1, 50.0), reading(29)], {"09": "10:30", "10": "10:31"}),
        ([reading(27.9, 50.0, "pressure")], {}),
        ([reading(27.9, 50.0, "power")], {}),
        ([reading(-26 * 60)], {}),
    ],
)
def test_an_hour_is_judged_for_a_value_beyond_its_limit_and_for_one_that_comes_late(
    sent: list[Reading], due: dict[str, str]
) -> None:
    assert judged(*sent) == due


def test_the_alarm_window_is_waited_for() -> None:
    assert judged(reading(29), settings=TenantSettings(alarm_window=10 * MINUTE)) == {"10": "10:39"}
    assert judged(reading(29), settings=TenantSettings(alarm_window=0 * MINUTE)) == {"10": "10:30"}


@pytest.mark.parametrize("status", [MachineStatus.MAINTENANCE, MachineStatus.RETIRED])
def test_a_machine_that_is_not_active_has_no_alarms(status: MachineStatus) -> None:
    assert judged(reading(29), machine=replace(MACHINE, status=status)) == {}
