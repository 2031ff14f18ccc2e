"""Readings: their types and believable ranges, their identity and their order.

A reading is one measured value of one sensor at one instant of device time. No rule depends on which arrived first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import lt
from typing import NamedTuple, TypeAlias

from chalicelib.domain.markers import MachineHour

NO_NUMBERS = "must be left out: {type} has no numbers"
LIMIT = 1e15
"""The largest value, also if a machine declares a wider range. Up to it, float64 holds every whole number."""
STATES = ("producing", "idle", "setup", "planned_stop", "unplanned_stop", "off")
DEFAULT_SENSOR = "main"
CUSTOM = "custom"
"""The type without a unit of its own. A sensor of this type may name one."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_SECONDS_A_DAY = 86_400
_MICROSECONDS_AN_HOUR = 3_600_000_000

Range: TypeAlias = tuple[float | None, float | None]
"""Lowest and highest believable value. A bound of None is the bound of the type."""
SensorRanges: TypeAlias = Mapping[tuple[str, str], Range]
"""The ranges that a machine declares: (sensor, type) → range."""
Identity: TypeAlias = tuple[str, str, str, int, int | None, float | str | None]


@dataclass(frozen=True, slots=True)
class ReadingType:
    """A type of readings: its unit and believable range, or the words that it takes instead of numbers."""

    unit: str
    low: float = -LIMIT
    high: float = LIMIT
    words: tuple[str, ...] = ()


TYPES: Mapping[str, ReadingType] = {
    "temperature": ReadingType("°C", -273.15, 3_000),
    "pressure": ReadingType("bar", -1, 10_000),  # gauge: below a perfect vacuum nothing is believable
    "vibration": ReadingType("mm/s", 0, 1_000),
    "speed": ReadingType("rpm", -500_000, 500_000),  # a spindle turns both ways
    "power": ReadingType("kW", -100_000, 100_000),  # braking drives feed back
    "current": ReadingType("A", -100_000, 100_000),
    "voltage": ReadingType("V", -1_000_000, 1_000_000),
    "flow_rate": ReadingType("l/min", -1_000_000, 1_000_000),
    "humidity": ReadingType("%", 0, 100),
    "cycle_count": ReadingType("cycles", 0),
    "state": ReadingType("", words=STATES),
    CUSTOM: ReadingType(""),
}


class Reading(NamedTuple):
    """One measured value. `at` is in whole microseconds since 1970 (UTC). A value of the type `state` is a word.

    It is a tuple, not a dataclass: an hour has thousands of them, and a tuple is made, compared and hashed in C.
    """

    machine_id: str
    sensor: str
    type: str
    at: int
    value: float | str
    seq: int | None = None

    @property
    def identity(self) -> Identity:
        """Readings with the same identity are the same reading. The value counts only if the device gives no `seq`."""
        same_value = self.value if self.seq is None else None
        return (self.machine_id, self.sensor, self.type, self.at, self.seq, same_value)

    @property
    def order(self) -> tuple[int, int, float | str]:
        """The sort key of a reading in its series."""
        return in_series(self.at, self.seq, self.value)


def in_series(at: int, seq: int | None, value: float | str) -> tuple[int, int, float | str]:
    """The sort key of readings in their series: `at`, `seq` (−1 if there is none), value."""
    return at, -1 if seq is None else seq, value


def series_of(readings: Iterable[Reading]) -> list[list[Reading]]:
    """Readings by machine, sensor and type, in that order; each series in order, without exact repetitions.

    Different values of one identity all stay.
    """
    groups: dict[tuple[object, ...], list[Reading]] = {}
    for reading in readings:
        groups.setdefault(reading[:3], []).append(reading)
    return [_in_order(groups[name]) for name in sorted(groups)]


def distinct(series: list[Reading]) -> tuple[list[Reading], int]:
    """One reading per identity of a series in order, and the number of dropped values. The largest value stays."""
    counting = {reading.identity: reading for reading in series}  # a larger value comes later and replaces the smaller
    return list(counting.values()), len(series) - len(counting)


def _in_order(series: list[Reading]) -> list[Reading]:
    """A series in order, without exact repetitions. Most come in order, and then nothing is sorted or dropped."""
    instants = [reading.at for reading in series]
    if all(map(lt, instants, instants[1:])):
        return series
    return sorted(set(series), key=lambda reading: reading.order)


def believable(sensor: str, type_name: str, ranges: SensorRanges) -> tuple[float, float]:
    """Lowest and highest believable value of a sensor: the bounds that the machine declares, else those of the type."""
    own_low, own_high = ranges.get((sensor, type_name), (None, None))
    usual = TYPES[type_name]
    low = usual.low if own_low is None else own_low
    high = usual.high if own_high is None else own_high
    return max(low, -LIMIT), min(high, LIMIT)


def microseconds(moment: datetime) -> int:
    """An aware datetime as whole microseconds since 1970 (UTC)."""
    since = moment - EPOCH
    return (since.days * _SECONDS_A_DAY + since.seconds) * 1_000_000 + since.microseconds


def moment(at: int) -> datetime:
    """Whole microseconds since 1970 as an aware UTC datetime."""
    return EPOCH + timedelta(microseconds=at)


def hour_of(instant: datetime) -> datetime:
    """The beginning of the hour (UTC) in which an instant lies."""
    return instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def by_machine_hour(readings: Iterable[Reading]) -> dict[MachineHour, list[Reading]]:
    """Readings grouped by machine and hour of device time. In a group they stay as they came."""
    groups: dict[tuple[str, int], list[Reading]] = {}
    for reading in readings:
        groups.setdefault((reading.machine_id, reading.at // _MICROSECONDS_AN_HOUR), []).append(reading)
    return {
        MachineHour(machine_id, moment(hour * _MICROSECONDS_AN_HOUR)): group
        for (machine_id, hour), group in groups.items()
    }
