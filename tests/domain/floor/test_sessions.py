"""The quantities of sessions and their reports."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.floor.sessions import (
    Closing,
    OverAllowedQuantity,
    closed,
    counted,
    earliest,
    latest,
    scrap_by_reason,
    widened,
    within_allowed,
)
from chalicelib.domain.orders.session_records import Quantities, SessionKind, SessionReport, completed, standing
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS, TenantSettings
from tests.domain.builders import (
    FIRST,
    HOUR,
    MORNING,
    VELI,
    a_session,
    a_stage,
    an_order,
    at_work,
    finished,
    in_progress,
)

amounts = st.decimals(0, 1000, places=3)
quantities = st.builds(
    Quantities, amounts, st.none() | st.dictionaries(st.sampled_from(["surface", "other"]), amounts), amounts
)


def a_report(session: str, made: Quantities) -> SessionReport:
    return SessionReport("r", FIRST, session, MORNING, MORNING, made, "veli")


def test_a_session_made_what_its_reports_and_its_closing_say() -> None:
    one = a_session(MORNING, MORNING + HOUR, name="one", made=Quantities(Decimal(1), {"other": Decimal(1)}))
    two = a_session(MORNING, MORNING + HOUR, name="two")
    reports = [
        a_report("one", Quantities(Decimal(2), {"other": Decimal(3), "surface": Decimal(1)})),
        a_report("one", Quantities(rework=Decimal(4))),
        a_report("open", Quantities(Decimal(9))),
    ]
    made = Quantities(Decimal(3), {"other": Decimal(4), "surface": Decimal(1)}, Decimal(4))
    assert completed([one, two], reports) == [replace(one, made=made), two]


@given(st.lists(quantities), st.randoms())
def test_the_order_of_reports_does_not_matter(made: list[Quantities], random: Random) -> None:
    session = a_session(MORNING, MORNING)
    reports = [a_report(session.id, each) for each in made]
    shuffled = list(reports)
    random.shuffle(shuffled)
    assert completed([session], reports) == completed([session], shuffled)


def test_of_a_chain_the_last_session_stands_and_a_voided_one_does_not() -> None:
    first, other = a_session(MORNING, MORNING, name="first"), a_session(MORNING, MORNING, name="other")
    second, third = replace(first, id="second", corrects="first"), replace(first, id="third", corrects="second")
    voided = replace(other, id="voided", corrects="other", voided=True)
    assert standing([third, first, other, second]) == [third, other]
    assert standing([voided, third, first, other, second]) == [third]


def test_closing_nobody_of_a_paused_stage_leaves_it_as_it_is() -> None:
    stage = a_stage(status=StageStatus.PAUSED)
    assert closed(stage, [], Closing(MORNING, MORNING, "veli")) == (stage, ())


def test_closing_one_of_two_leaves_the_other_at_work() -> None:
    veli, oya = at_work("veli"), at_work("oya")
    after, ended = closed(in_progress(veli, oya), [veli], Closing(MORNING + HOUR, MORNING + HOUR, "veli"))
    assert (after.status, after.open_sessions) == (StageStatus.IN_PROGRESS, (oya,))
    assert [session.worker_id for session in ended] == ["veli"]


def test_a_session_that_is_over_moves_what_is_known_of_begin_and_end_only_outwards() -> None:
    stage = finished()
    assert widened(stage, a_session(MORNING, MORNING + HOUR)) == stage
    wider = widened(stage, a_session(MORNING - HOUR, MORNING + 2 * HOUR))
    assert (wider.started_at, wider.last_session_end) == (MORNING - HOUR, MORNING + 2 * HOUR)
    assert wider.status is StageStatus.DONE


@given(st.lists(st.tuples(st.sampled_from(SessionKind), quantities)))
def test_everything_made_is_counted_and_what_is_taken_back_never_was(
    made: list[tuple[SessionKind, Quantities]],
) -> None:
    stage = a_stage()
    for kind, each in made:
        stage = counted(stage, kind, each)
    reworked = [each for kind, each in made if kind is SessionKind.REWORK]
    assert stage.good == sum(each.good for _, each in made)
    assert stage.scrap == sum(each.scrapped for _, each in made)
    assert stage.rework == sum(each.rework for _, each in made) - sum(each.good + each.scrapped for each in reworked)
    assert stage.open_rework == max(stage.rework, 0)
    assert stage.good_from_rework == sum(each.good for each in reworked)
    for kind, each in made:
        stage = counted(stage, kind, -each)
    assert stage == a_stage()


def test_a_plant_may_tolerate_a_share_of_overproduction() -> None:
    tolerant, stage = TenantSettings(tolerance=Decimal("0.25")), a_stage(good=Decimal(10))
    within_allowed(stage, a_stage(good=Decimal("12.5")), an_order(), VELI, None, tolerant)
    with pytest.raises(OverAllowedQuantity, match=r"At most 2\.5 more good pieces are allowed here \(12\.5 in total\)"):
        within_allowed(stage, a_stage(good=Decimal("12.501")), an_order(), VELI, None, tolerant)


def test_what_is_beyond_the_allowed_already_may_be_corrected_downwards() -> None:
    before, after = a_stage(good=Decimal(15)), a_stage(good=Decimal(12))
    within_allowed(before, after, an_order(), VELI, None, DEFAULT_SETTINGS)


def test_no_scrap_has_no_reason() -> None:
    assert scrap_by_reason(Decimal(0), "surface") == {}
    assert scrap_by_reason(Decimal(1), None) == {"other": 1}
    assert scrap_by_reason(Decimal(1), "surface") == {"surface": 1}


def test_the_earlier_and_the_later_of_what_is_known() -> None:
    later = MORNING + HOUR
    assert (earliest(None, later), earliest(MORNING, later), earliest(later, MORNING)) == (later, MORNING, MORNING)
    assert (latest(None, MORNING), latest(MORNING, later), latest(later, MORNING)) == (MORNING, later, later)
