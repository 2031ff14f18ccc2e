"""Excursions: successive readings of a sensor beyond an alarm limit, by device time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.machines.machines import Machine, MachineStatus
from chalicelib.domain.machines.readings import Reading, hour_of, microseconds, moment
from chalicelib.domain.machines.rollups import complete
from chalicelib.domain.machines.sensors import Sensor
from chalicelib.domain.tenant_settings import TenantSettings

MINUTE = 60_000_000
"""A minute in microseconds."""
LAG = timedelta(minutes=10)
"""How long after the last reading of an hour can be judged its timer is taken at the latest."""


class AlarmKind(StrEnum):
    """What is wrong with a machine: values above a limit or below one, or no values at all."""

    ABOVE = "above"
    BELOW = "below"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Cause:
    """What an alarm is about, and the rule by which it is one.

    A silent machine has no sensor and no type, and its limit means nothing. `minutes` is how long it must last.
    """

    kind: AlarmKind
    sensor: str = ""
    type: str = ""
    limit: float = 0.0
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Excursion:
    """Successive readings of a sensor beyond a limit. Instants are microseconds since 1970, of device time.

    `since` is the first of them and `until` the last. `proven_at` is the first by which it had lasted as long as the
    sensor's minutes; None if it has not. `value` is the farthest one. `opens` and `closes` say that it has the first or
    the last reading of its sensor among those that were looked at, so it may go on before or after them.
    """

    cause: Cause
    value: float
    since: int
    until: int
    proven_at: int | None
    opens: bool
    closes: bool


def limited(machine: Machine) -> Mapping[tuple[str, str], Sensor]:
    """The sensors that have alarm limits, by sensor and type. A machine that is not active has no alarms."""
    sensors = machine.sensors if machine.status is MachineStatus.ACTIVE else ()
    return {(sensor.sensor, sensor.type): sensor for sensor in sensors if sensor.has_limits}


def causes(sensor: Sensor) -> tuple[Cause, ...]:
    """The alarms that a sensor can have."""
    minutes, kinds = sensor.alarm_minutes or 0, {"alarm_max": AlarmKind.ABOVE, "alarm_min": AlarmKind.BELOW}
    return tuple(
        Cause(kinds[name], sensor.sensor, sensor.type, limit, minutes) for name, limit in sensor.limits.items()
    )


def excursions(series: list[Reading], sensor: Sensor, gap: timedelta) -> Iterator[Excursion]:
    """The excursions of a series in order. One ends with a value within the limits.

    It also ends with a longer gap between readings: nothing is known of the time between.
    """
    longest = gap // timedelta(microseconds=1)
    could_be = causes(sensor)
    run: list[Reading] = []
    cause: Cause | None = None
    for reading in series:
        now = _broken(reading, could_be)
        if run and (now != cause or reading.at - run[-1].at > longest):
            yield from _of(run, cause, series)
            run = []
        run.append(reading)
        cause = now
    yield from _of(run, cause, series)


def to_judge(
    machine: Machine, readings: Iterable[Reading], now: datetime, settings: TenantSettings
) -> dict[datetime, datetime]:
    """The hours that must be judged because of new readings, and when each can be.

    A reading beyond a limit may begin an alarm. A reading that comes after its time was judged may change what was
    judged. All others change nothing. A past hour is not judged any more.
    """
    could_be = {name: causes(sensor) for name, sensor in limited(machine).items()}
    judged_until = microseconds(now - settings.alarm_window)
    latest: dict[datetime, int] = {}
    for reading in readings if could_be else ():
        own = could_be.get((reading.sensor, reading.type))
        if own and (reading.at <= judged_until or _broken(reading, own)):
            hour = hour_of(moment(reading.at))
            latest[hour] = max(reading.at, latest.get(hour, reading.at))
    return {
        hour: _next_minute(max(moment(at) + settings.alarm_window, now))
        for hour, at in latest.items()
        if not is_past(hour, now, settings)
    }


def is_past(hour: datetime, now: datetime, settings: TenantSettings) -> bool:
    """Whether an hour has no alarms any more: it is complete, and the last reading before could be judged."""
    return complete(hour, now - settings.alarm_window - LAG, settings.late_window)


def _broken(reading: Reading, could_be: Iterable[Cause]) -> Cause | None:
    """The limit that a reading is beyond; None if it is within all of them."""
    value = float(reading.value)
    for cause in could_be:
        if value > cause.limit if cause.kind is AlarmKind.ABOVE else value < cause.limit:
            return cause
    return None


def _of(run: list[Reading], cause: Cause | None, series: list[Reading]) -> Iterator[Excursion]:
    """The excursion of a run of readings, if they are beyond a limit."""
    if cause is None:
        return
    since, values = run[0].at, [float(reading.value) for reading in run]
    yield Excursion(
        cause,
        value=max(values) if cause.kind is AlarmKind.ABOVE else min(values),
        since=since,
        until=run[-1].at,
        proven_at=next((reading.at for reading in run if reading.at - since >= cause.minutes * MINUTE), None),
        opens=run[0] is series[0],
        closes=run[-1] is series[-1],
    )


def _next_minute(instant: datetime) -> datetime:
    """The end of the minute of an instant; the instant itself if a minute begins there."""
    begun = instant.replace(second=0, microsecond=0)
    return begun if begun == instant else begun + timedelta(minutes=1)
