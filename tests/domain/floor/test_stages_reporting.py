"""Quantities on a stage, and their limits."""

from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.floor.sessions import OverAllowedQuantity
from chalicelib.domain.floor.stages import Report
from chalicelib.domain.orders.session_records import Quantities, SessionKind
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.people.users import Actor
from tests.domain.builders import (
    ADA,
    COMMANDS,
    MINUTE,
    MORNING,
    PELIN,
    VELI,
    an_order,
    at_work,
    clock,
    decimals,
    give,
    in_progress,
)


def fields(refusal: pytest.ExceptionInfo[InvalidFields]) -> list[tuple[str, str]]:
    return [(error.field, error.code) for error in refusal.value.errors]


def test_a_report_adds_to_the_stage_and_names_its_session() -> None:
    before = an_order(in_progress(good=Decimal(2), scrap=Decimal(1)))
    payload = Report(good=Decimal(3), scrap=Decimal("0.5"), scrap_reason="surface", rework=Decimal(1), note="n")
    change = give(before, VELI, "report", payload, at=clock(9), received_at=clock(10))
    stage = change.order.stages[0]
    (written,) = change.reports
    assert (stage.good, stage.scrap, stage.rework) == (Decimal(5), Decimal("1.5"), Decimal(1))
    assert written.made == Quantities(Decimal(3), {"surface": Decimal("0.5")}, Decimal(1))
    assert (written.session_id, written.session_started_at, written.at) == ("of-veli", MORNING, clock(9))
    assert (written.booked_by, written.note, written.stage_id) == ("veli", "n", stage.id)
    assert (stage.status, stage.open_sessions) == (StageStatus.IN_PROGRESS, before.stages[0].open_sessions)


def test_scrap_without_a_reason_has_another() -> None:
    change = give(an_order(in_progress()), VELI, "report", Report(scrap=Decimal(1)))
    assert change.reports[0].made.scrap == {"other": Decimal(1)}


def test_a_report_names_something_and_all_that_is_wrong_with_it_is_told_at_once() -> None:
    with pytest.raises(InvalidFields) as refusal:
        give(an_order(in_progress()), VELI, "report", Report(scrap_reason="rust"), at=MORNING - MINUTE)
    assert fields(refusal) == [("at", "before_start"), ("scrap_reason", "unknown"), ("good", "required")]


@pytest.mark.parametrize("name", ["report", "done", "book"])
def test_a_worker_makes_no_more_good_than_the_order_allows(name: str) -> None:
    order = an_order(in_progress(good=Decimal(8)))
    exactly, beyond = (replace(COMMANDS[name][1], good=Decimal(good), reason="because") for good in ("2", "2.001"))
    assert give(order, VELI, name, exactly).order.stages[0].good == Decimal(10)
    with pytest.raises(OverAllowedQuantity, match="At most 2 more good pieces are allowed here \\(10 in total\\)"):
        give(order, VELI, name, beyond)


@pytest.mark.parametrize("actor", [ADA, PELIN])
def test_planners_pass_the_allowed_quantity_with_a_reason_only(actor: Actor) -> None:
    order = an_order(in_progress())
    beyond = Report(worker_id="veli", good=Decimal(11))
    assert give(order, actor, "report", replace(beyond, reason="sold more")).order.stages[0].good == Decimal(11)
    with pytest.raises(OverAllowedQuantity):
        give(order, actor, "report", beyond)


def test_scrap_and_rework_are_not_limited_by_the_quantity_even_beyond_it() -> None:
    order = an_order(in_progress(good=Decimal(12)))
    stage = give(order, VELI, "report", Report(scrap=Decimal(99), rework=Decimal(99))).order.stages[0]
    assert (stage.scrap, stage.rework) == (Decimal(99), Decimal(99))


def test_rework_is_a_balance_from_which_a_rework_session_takes_never_below_zero() -> None:
    order = an_order(in_progress(at_work(kind=SessionKind.REWORK), rework=Decimal(3), good=Decimal(1)))
    stage = give(order, VELI, "report", Report(good=Decimal(1), scrap=Decimal(1))).order.stages[0]
    assert (stage.rework, stage.good, stage.good_from_rework, stage.scrap) == decimals(1, 2, 1, 1)
    again = give(an_order(stage), VELI, "report", Report(good=Decimal(4))).order.stages[0]
    assert (again.open_rework, again.good, again.good_from_rework) == decimals(0, 6, 5)


def test_an_ordinary_session_takes_nothing_from_the_rework() -> None:
    stage = give(an_order(in_progress(rework=Decimal(3))), VELI, "report", Report(good=Decimal(2))).order.stages[0]
    assert (stage.rework, stage.good_from_rework) == decimals(3, 0)
