"""Attribution: what a machine counted is each stage's part of it, and together everything that was worked."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.intervals import Interval, merged
from chalicelib.domain.machines.joined import joined
from chalicelib.domain.machines.readings import Reading
from chalicelib.domain.machines.stops import Explanation, StopPart
from chalicelib.domain.numbers.attribution import (
    AROUND,
    CountedThere,
    Times,
    around,
    counted_there,
    cuts_of,
    of_stage,
    times_on_machines,
    with_stops,
)
from chalicelib.domain.orders.session_records import OpenSession, Session, SessionKind
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Stage
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS, CountedPieces
from tests.domain.machines.test_joined import count, pieces, state
from tests.domain.reading_strategies import HOUR

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NOW = HOUR + DAY
STAGE = Stage("WO-1-01", 1, "Montaj", HOUR, NOW, HOUR, NOW, machine_id="M1")
PROPOSING = replace(DEFAULT_SETTINGS, counted_pieces=CountedPieces.PROPOSED)


def span(begin: float, end: float) -> Interval:
    return HOUR + begin * MINUTE, HOUR + end * MINUTE


def a_minute(minutes: int) -> list[Reading]:
    """A machine that makes a piece a minute, from four hours before."""
    return [count(HOUR + n * MINUTE, 1000.0 + n) for n in range(-240, minutes)]


def there(times: Times, readings: Iterable[Reading], stage_id: str = "a") -> CountedThere:
    cut = pieces(readings, *cuts_of(around(times[stage_id], NOW), times))
    return counted_there("M1", stage_id, times, cut, NOW, DAY)


def found(*times: Interval, **others: list[Interval]) -> dict[str, int]:
    """What was counted, in whole pieces."""
    made = there({"a": list(times), **others}, a_minute(600))
    names = ("counted", "shared", "before", "between", "after")
    return {name: int(getattr(made, name) or 0) for name in names if getattr(made, name)}


def test_what_is_counted_in_sessions_is_the_stages_and_what_is_counted_around_them_is_shown() -> None:
    assert found(span(0, 60), span(90, 100)) == {"counted": 70, "before": 240 - 1, "between": 30, "after": 480}


def test_what_others_worked_before_and_after_is_theirs() -> None:
    assert found(span(0, 60), b=[span(-30, -20), span(70, 80)]) == {"counted": 60, "before": 20, "after": 10}
    assert found(span(0, 60), b=[span(60, 80), span(-30, 0)]) == {"counted": 60}


def test_stages_at_once_on_one_machine_have_equal_parts() -> None:
    assert found(span(0, 60), b=[span(30, 90)], c=[span(30, 60)]) == {
        "counted": 40,
        "shared": 20,
        "before": 239,
    }


def test_pieces_around_are_of_a_shift_at_most() -> None:
    assert timedelta(hours=8) == AROUND
    assert around([span(0, 60)], NOW) == (HOUR - AROUND, HOUR + 60 * MINUTE + AROUND)
    assert around([span(0, 60)], HOUR + 60 * MINUTE) == (HOUR - AROUND, HOUR + 60 * MINUTE)


def test_states_and_unknown_time_are_those_of_the_stages_time() -> None:
    sent = [state(HOUR + 10 * MINUTE, "producing"), state(HOUR + 70 * MINUTE, "off"), count(HOUR, 9.0)]
    made = there({"a": [span(0, 60), span(65, 80)]}, sent)
    assert made.production.by_state == {"producing": 55 * MINUTE, "off": 10 * MINUTE}
    assert made.production.unknown == 10 * MINUTE
    assert (made.counted, made.production.resets, made.production.gaps) == (Decimal(0), 0, 0)


def test_a_machine_that_counted_nothing_has_no_count() -> None:
    made = there({"a": [span(0, 60)]}, [])
    assert (made.counted, made.production.produced) == (None, None)


spans = st.tuples(st.integers(0, 300), st.integers(1, 90)).map(lambda each: span(each[0], each[0] + each[1]))
works = st.lists(spans, min_size=1, max_size=3).map(merged)
counts = st.lists(st.integers(-60, 460), unique=True, max_size=25).map(
    lambda minutes: [count(HOUR + n * MINUTE, float(7 * n % 23)) for n in sorted(minutes)]
)


@given(st.fixed_dictionaries({"a": works}, optional={"b": works, "c": works}), counts)
def test_the_parts_of_all_stages_are_what_was_counted_while_somebody_worked(
    times: dict[str, list[Interval]], sent: list[Reading]
) -> None:
    parts = {stage_id: there(times, sent, stage_id) for stage_id in times}
    busy = merged(each for own in times.values() for each in own)
    cut = pieces(sent, *(at for each in busy for at in each))
    whole = sum(joined(cut, *each, DAY).produced or 0 for each in busy)
    assert sum(part.counted or 0 for part in parts.values()) == Decimal(whole)
    assert all((part.counted or 0) % 1 == 0 for part in parts.values())
    own = [joined(pieces(sent, *each), *each, DAY).produced or 0 for each in times["a"]]
    assert (parts["a"].counted or 0) + parts["a"].shared == Decimal(sum(own))


def test_what_is_no_whole_number_is_parted_in_thousandths_that_add_up() -> None:
    times = {stage_id: [span(0, 60)] for stage_id in ("a", "b", "c")}
    sent = [count(HOUR, 0.0), count(HOUR + 59 * MINUTE, 10.4)]
    assert [there(times, sent, stage_id).counted for stage_id in times] == [
        Decimal("3.467"),
        Decimal("3.467"),
        Decimal("3.466"),
    ]


def session(begin: float, end: float, machine_id: str | None = "M1", stage_id: str = STAGE.id) -> Session:
    times = span(begin, end)
    return Session("s", stage_id, "veli", SessionKind.RUN, *times, times[1], "veli", machine_id=machine_id)


def test_the_time_of_a_stage_on_a_machine_is_that_of_its_sessions_and_open_ones_last_until_now() -> None:
    recorded = [
        session(0, 60),
        session(30, 70),
        session(0, 5, "M2"),
        session(0, 99, None),
        session(0, 99, stage_id="WO-2-01"),
        session(7, 7, "M3"),
    ]
    going_on = (OpenSession("o", "ali", HOUR + 2 * DAY / 3, machine_id="M2"), OpenSession("p", "can", HOUR))
    assert times_on_machines(replace(STAGE, open_sessions=going_on), recorded, NOW) == {
        "M1": [span(0, 70)],
        "M2": [span(0, 5), (HOUR + 2 * DAY / 3, NOW)],
    }


def test_stops_are_of_the_stage_as_far_as_it_was_worked_on() -> None:
    def stop(begin: float, end: float | None, reason: str | None) -> StopPart:
        told = Explanation("e", "M1", HOUR, NOW, reason, None, NOW, "ada") if reason else None
        ended_at = None if end is None else HOUR + end * MINUTE
        return StopPart("M1", HOUR + begin * MINUTE, ended_at, 0.0, told)

    stops = [stop(-10, 10, "setup"), stop(20, 30, None), stop(50, 70, "setup"), stop(95, None, "other")]
    made = with_stops(there({"a": [span(0, 60)]}, []), stops, [span(0, 60), span(90, 100)], HOUR + 100 * MINUTE)
    assert made.stopped == 35 * MINUTE
    assert made.by_reason == {"other": 5 * MINUTE, "setup": 20 * MINUTE}


def test_a_stage_has_the_counts_of_its_machines_beside_what_was_reported() -> None:
    made = there({"a": [span(0, 60)]}, a_minute(100))
    stage = replace(STAGE, good=Decimal(40), scrap=Decimal(5), rework=Decimal(1), last_session_end=HOUR + 60 * MINUTE)
    together = of_stage(stage, [made, made, there({"a": [span(0, 60)]}, [])], PROPOSING, NOW)
    assert (together.counted, together.difference, together.proposed) == (Decimal(120), Decimal(74), Decimal(74))
    assert (together.reason, together.complete) == (None, False)
    assert of_stage(stage, [made], PROPOSING, NOW + 2 * DAY).complete
    at_work = replace(stage, open_sessions=(OpenSession("o", "ali", HOUR),))
    assert not of_stage(at_work, [made], PROPOSING, NOW + 2 * DAY).complete


def test_nothing_is_proposed_unless_the_plant_wants_it_and_the_stage_goes_on() -> None:
    made = there({"a": [span(0, 60)]}, a_minute(100))
    assert of_stage(STAGE, [made], DEFAULT_SETTINGS, NOW).proposed is None
    assert of_stage(replace(STAGE, good=Decimal(99)), [made], PROPOSING, NOW).proposed == 0
    assert of_stage(replace(STAGE, status=StageStatus.DONE), [made], PROPOSING, NOW).proposed is None


def test_a_count_that_is_not_there_says_why() -> None:
    reasons = [of_stage(STAGE, machines, PROPOSING, NOW, why) for machines, why in (([], None), ([], "too_long"))]
    assert [(each.counted, each.difference, each.proposed, each.reason) for each in reasons] == [
        (None, None, None, "no_machine"),
        (None, None, None, "too_long"),
    ]
    assert of_stage(STAGE, [there({"a": [span(0, 60)]}, [])], PROPOSING, NOW).reason == "no_data"


def test_a_window_is_cut_where_work_begins_or_ends() -> None:
    window = around([span(0, 60)], NOW)
    cuts = cuts_of(window, {"a": [span(0, 60)], "b": [(HOUR - 2 * DAY, HOUR + 30 * MINUTE)]})
    assert cuts == [window[0], HOUR, HOUR + 30 * MINUTE, HOUR + 60 * MINUTE, window[1]]
