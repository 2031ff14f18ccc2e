"""Alarms: what is judged hour by hour is what stands in all readings, in whatever order hours are judged."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.machines.alarms import MOST_TOLD, Look, MachineAlarms, Told, is_broken, look, settled, silence
from chalicelib.domain.machines.excursions import AlarmKind, Cause, Excursion, causes, excursions
from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.machines.readings import Reading, hour_of, moment, series_of
from chalicelib.domain.machines.sensors import Sensor
from tests.domain.machines.test_excursions import HOT, MACHINE, MINUTE, at, reading
from tests.domain.reading_strategies import HOUR

NONE = MachineAlarms("M1")
BELOW, ABOVE = causes(HOT)
LATE = HOUR + timedelta(days=3)
QUIET = replace(MACHINE, silent_minutes=90)


def seen(
    sent: Iterable[Reading], hour: datetime = HOUR, known: MachineAlarms = NONE, machine: Machine = MACHINE
) -> Look:
    """A look at an hour with all that it needs."""
    sent = list(sent)
    found = look(machine, hour, of(sent, hour), LATE)
    while (more := found.next_hour(known, ())) is not None:
        found = found.and_hour(more, of(sent, more))
    return found


def of(sent: Iterable[Reading], hour: datetime) -> list[Reading]:
    return [each for each in sent if hour_of(moment(each.at)) == hour]


def told(since: float, until: float, cause: Cause = ABOVE, issue: str = "i") -> Told:
    return Told(cause, at(since), at(until), issue)


def knowing(*known: Told) -> MachineAlarms:
    return NONE.after((), known)


def test_an_alarm_is_new_once_it_lasted() -> None:
    assert seen([reading(0), reading(4)]).new(NONE, ()) == []
    (one,) = seen([reading(0), reading(4), reading(6)]).new(NONE, ())
    assert (one.since, one.proven_at) == (at(0), at(6))


def test_what_is_not_judged_yet_counts_for_nothing() -> None:
    sent = [reading(0), reading(6), reading(7, 50.0)]
    early = look(MACHINE, HOUR, sent, HOUR + 5 * MINUTE)
    assert (early.new(NONE, ()), [each.until for each in early.excursions]) == ([], [at(0)])
    assert len(look(MACHINE, HOUR, sent, HOUR + 6 * MINUTE).new(NONE, ())) == 1


def test_an_alarm_reaches_over_the_end_of_an_hour() -> None:
    sent = [reading(57), reading(59), reading(61), reading(63)]
    for hour in (HOUR, HOUR + timedelta(hours=1)):
        (one,) = seen(sent, hour).new(NONE, ())
        assert (one.since, one.proven_at) == (at(57), at(63))


def test_of_each_kind_the_newest_alarm_is_told_and_not_while_its_issue_is_open() -> None:
    sent = [reading(0), reading(6), reading(7, 50.0), reading(8), reading(14), reading(15, 5.0), reading(20, 5.0)]
    assert [(each.cause, each.since) for each in seen(sent).new(NONE, ())] == [(ABOVE, at(8)), (BELOW, at(15))]
    known = knowing(told(0, 6))
    assert [each.cause for each in seen(sent, known=known).new(known, ["i"])] == [BELOW]
    assert [each.since for each in seen(sent, known=known).new(known, [])] == [at(8), at(15)]
    known = knowing(told(8, 14), told(15, 20, BELOW))
    assert seen(sent, known=known).new(known, []) == []


def test_a_late_value_within_the_limits_disproves_an_alarm() -> None:
    known = knowing(told(0, 6))
    late = reading(3, 50.0)
    assert seen([reading(0), reading(6)], known=known).disproved(known) == []
    assert seen([reading(0), reading(6), late], known=known).disproved(known) == [told(0, 6)]
    goes_on = [reading(0), reading(6), late, reading(12)]
    assert seen(goes_on, known=known).disproved(known) == []


def test_an_alarm_is_disproved_only_when_it_is_seen_whole() -> None:
    known = knowing(told(58, 63))
    sent = [reading(58), reading(61, 50.0), reading(63)]
    second = HOUR + timedelta(hours=1)
    assert seen(sent, second, known).disproved(known) == [told(58, 63)]
    assert seen(sent, HOUR, known).disproved(known) == [told(58, 63)]
    assert look(MACHINE, second, of(sent, second), LATE).disproved(known) == []
    assert seen(sent, HOUR + timedelta(hours=5), known).disproved(known) == []


def test_another_limit_disproves_nothing() -> None:
    known = knowing(told(0, 6))
    wider = replace(MACHINE, sensors=(replace(HOT, alarm_max=99.0),))
    assert seen([reading(0), reading(6)], known=known, machine=wider).disproved(known) == []


def test_the_newest_alarm_of_a_kind_replaces_the_one_before() -> None:
    known = knowing(told(0, 6), told(15, 20, BELOW))
    after = known.after([], [told(8, 14)])
    assert (set(after.told), after.version) == ({told(8, 14), told(15, 20, BELOW)}, 2)
    assert after.after([told(8, 14)], []).told == (told(15, 20, BELOW),)
    assert (known.is_told(ABOVE, ["i"]), known.is_told(ABOVE, []), NONE.is_told(ABOVE, ["i"])) == (True, False, False)


def test_alarms_of_sensors_that_are_gone_do_not_stay_for_ever() -> None:
    known = knowing(told(0, 6))
    for n in range(MOST_TOLD):
        known = known.after((), [told(n, n + 1, replace(ABOVE, sensor=f"former-{n}"))])
    assert (len(known.told), known.like(ABOVE)) == (MOST_TOLD, told(0, 6))
    known = known.after((), [told(8, 14)])
    assert len(known.told) == MOST_TOLD
    assert known.like(replace(ABOVE, sensor="former-0")) is None
    assert known.like(ABOVE) == told(8, 14)


def test_a_silence_is_broken_by_a_reading_in_between() -> None:
    silent = silence(MACHINE, HOUR, HOUR + 15 * MINUTE)
    assert silent.cause == Cause(AlarmKind.SILENT, minutes=15)
    assert [is_broken(silent, [reading(minute, 50.0)]) for minute in (0, 1, 14.9, 15)] == [False, True, True, False]
    known = knowing(silent, told(0, 6))
    assert known.unsettled_silences() == [silent]
    assert known.after((), [settled(silent)]).unsettled_silences() == []


sent_readings = st.lists(
    st.builds(
        reading, st.integers(0, 5 * 60).map(float), st.sampled_from([5.0, 50.0, 95.0, 96.0]), st.just("temperature")
    ),
    max_size=40,
)


@given(sent_readings, st.sampled_from([None, 5, 70]), st.integers(0, 4))
def test_an_hour_is_judged_as_if_all_readings_were_seen(sent: list[Reading], minutes: int | None, hour: int) -> None:
    sensor = Sensor("main", "temperature", alarm_min=10.0, alarm_max=90.0, alarm_minutes=minutes)
    machine, begins = replace(QUIET, sensors=(sensor,)), HOUR + timedelta(hours=hour)
    found = seen(sent, begins, machine=machine)
    whole = [each for one in series_of(sent) for each in excursions(one, sensor, timedelta(minutes=90))]
    proven = [each for each in whole if each.proven_at is not None]

    assert {_told_of(each) for each in found.new(NONE, ())} <= {_told_of(each) for each in proven}
    here = [each for each in proven if any(each.since <= one.at <= each.until for one in of(sent, begins))]
    seen_here = {_told_of(each) for each in found.excursions}
    assert {_told_of(each) for each in here} <= seen_here


def _told_of(excursion: Excursion) -> tuple[Cause, int, int | None]:
    return excursion.cause, excursion.since, excursion.proven_at
