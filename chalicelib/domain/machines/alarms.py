"""Alarms of machines: what people were told of, what they must be told of now, and what late readings disprove.

Readings are judged once the plant's alarm window has passed after them. So readings that arrive a little late disprove
an alarm before anybody is told. What is told is kept, and a reading that comes later still takes it back.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.domain.machines.excursions import AlarmKind, Cause, Excursion, causes, excursions, limited
from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.machines.readings import Reading, distinct, microseconds, moment, series_of
from chalicelib.domain.machines.rollups import HOUR

LONGEST = timedelta(days=1)
"""How far around an hour readings are looked at. No alarm needs longer to be proven."""
MOST_TOLD = 500
"""A machine has 100 sensors with two limits each. Alarms of former sensors would make its item larger for ever."""


@dataclass(frozen=True, slots=True)
class Told:
    """An alarm of which people were told, and the issue that tells it. Instants are microseconds since 1970.

    Between `since` and `until` it had lasted as long as it must. A `settled` one is not looked at any more.
    """

    cause: Cause
    since: int
    until: int
    issue_id: str = ""
    settled: bool = False

    def overlaps(self, first: datetime, end: datetime) -> bool:
        """Whether it has a part in a time."""
        return moment(self.since) < end and moment(self.until) >= first

    def lies_in(self, first: datetime, end: datetime) -> bool:
        """Whether it lies whole in a time."""
        return first <= moment(self.since) and moment(self.until) < end


@dataclass(frozen=True)
class MachineAlarms:
    """The newest alarm of each sensor and kind of which people were told. Each change raises its `version`."""

    machine_id: str
    told: tuple[Told, ...] = ()
    version: int = 0

    def like(self, cause: Cause) -> Told | None:
        """The newest alarm of this kind, sensor and type; it may have had another limit."""
        return next((told for told in self.told if _name(told.cause) == _name(cause)), None)

    def is_told(self, cause: Cause, open_issues: Collection[str]) -> bool:
        """Whether an open issue tells of such an alarm already."""
        told = self.like(cause)
        return told is not None and told.issue_id in open_issues

    def unsettled_silences(self) -> list[Told]:
        """The silence of which people were told, if nobody looked since whether it was one."""
        return [told for told in self.told if told.cause.kind is AlarmKind.SILENT and not told.settled]

    def after(self, gone: Iterable[Told], new: Iterable[Told]) -> "MachineAlarms":
        """Without those that were disproved, and with new ones in the place of those like them. The newest 500 stay."""
        standing = {_name(told.cause): told for told in self.told}
        for told in gone:
            standing.pop(_name(told.cause), None)
        standing |= {_name(told.cause): told for told in new}
        newest = sorted(standing.values(), key=lambda told: told.until)[-MOST_TOLD:]
        return replace(self, told=tuple(newest), version=self.version + 1)


@dataclass(frozen=True)
class Look:
    """The readings of some hours of a machine, for judging one of them. What comes after `judged_until` is left out.

    `excursions` are those of all sensors with limits, in order of time.
    """

    machine: Machine
    hour: datetime
    judged_until: datetime
    first: datetime
    end: datetime
    readings: tuple[Reading, ...] = field(repr=False)
    excursions: tuple[Excursion, ...]

    def and_hour(self, hour: datetime, readings: Iterable[Reading]) -> "Look":
        """The look, with the readings of one hour more."""
        both = (*self.readings, *_until(self.judged_until, readings))
        found = _excursions(self.machine, both)
        first, end = min(hour, self.first), max(hour + HOUR, self.end)
        return replace(self, first=first, end=end, readings=both, excursions=found)

    def next_hour(self, known: MachineAlarms, open_issues: Collection[str]) -> datetime | None:
        """The hour that must be looked at too; None if this look is enough.

        An excursion that nobody was told of may have begun before, or go on afterwards. What people were told of must
        be seen whole.
        """
        gap = timedelta(minutes=self.machine.silent_minutes)
        found = [each for each in self.excursions if not known.is_told(each.cause, open_issues)]
        told = [each for each in known.told if each.overlaps(self.first, self.end)]
        began = any(each.opens and moment(each.since) - gap < self.first for each in found)
        if (began or any(moment(each.since) < self.first for each in told)) and self.first > self.hour - LONGEST:
            return self.first - HOUR
        unproven = (each for each in found if each.closes and each.proven_at is None)
        goes_on = any(moment(each.until) + gap >= self.end for each in unproven)
        goes_on = goes_on or any(moment(each.until) >= self.end for each in told)
        if goes_on and self.end <= min(self.hour + LONGEST, self.judged_until):
            return self.end
        return None

    def disproved(self, known: MachineAlarms) -> list[Told]:
        """What people were told of in these hours, by rules that still hold, and is not there any more."""
        rules = {cause for sensor in limited(self.machine).values() for cause in causes(sensor)}
        proven = [each for each in self.excursions if each.proven_at is not None]
        return [
            told
            for told in known.told
            if told.cause in rules and told.lies_in(self.first, self.end) and not _is_among(told, proven)
        ]

    def new(self, known: MachineAlarms, open_issues: Collection[str]) -> list[Excursion]:
        """What people must be told of now: of each sensor and kind the newest excursion that lasted.

        Not while the issue of the last one is open. What is older than the last one is past.
        """
        newest: dict[tuple[str, ...], Excursion] = {}
        for each in self.excursions:
            told = known.like(each.cause)
            past = told is not None and each.since <= told.until
            if each.proven_at is not None and not past and not known.is_told(each.cause, open_issues):
                newest[_name(each.cause)] = each
        return list(newest.values())


def look(machine: Machine, hour: datetime, readings: Iterable[Reading], judged_until: datetime) -> Look:
    """A look at one hour, which is to be judged."""
    seen = tuple(_until(judged_until, readings))
    return Look(machine, hour, judged_until, hour, hour + HOUR, seen, _excursions(machine, seen))


def silence(machine: Machine, since: datetime, until: datetime) -> Told:
    """A silence, of which no issue tells yet: the machine sent nothing after an instant."""
    return Told(Cause(AlarmKind.SILENT, minutes=machine.silent_minutes), microseconds(since), microseconds(until))


def settled(told: Told) -> Told:
    """An alarm that is not looked at any more."""
    return replace(told, settled=True)


def is_broken(silent: Told, readings: Iterable[Reading]) -> bool:
    """Whether there are readings in a silence: they arrived late."""
    return any(silent.since < reading.at < silent.until for reading in readings)


def _name(cause: Cause) -> tuple[str, ...]:
    return cause.kind, cause.sensor, cause.type


def _is_among(told: Told, proven: Iterable[Excursion]) -> bool:
    return any(each.cause == told.cause and each.since <= told.until and each.until >= told.since for each in proven)


def _until(instant: datetime, readings: Iterable[Reading]) -> Iterable[Reading]:
    last = microseconds(instant)
    return (reading for reading in readings if reading.at <= last)


def _excursions(machine: Machine, readings: Iterable[Reading]) -> tuple[Excursion, ...]:
    sensors, gap = limited(machine), timedelta(minutes=machine.silent_minutes)
    every = series_of(reading for reading in readings if (reading.sensor, reading.type) in sensors)
    found = (each for one in every for each in excursions(distinct(one)[0], sensors[one[0].sensor, one[0].type], gap))
    return tuple(sorted(found, key=lambda each: each.since))
