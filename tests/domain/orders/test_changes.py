"""The happenings of a change: first the command's own effect, then what followed from it."""

from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.andon import issues
from chalicelib.domain.floor import shifts
from chalicelib.domain.floor.corrections import Correct, correct
from chalicelib.domain.kept import KEPT
from chalicelib.domain.orders.changes import FOLLOWED, Change, What
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.domain.orders.issues import ChangeIssue, IssueStatus, IssueType, NewIssue
from chalicelib.domain.orders.state_machines import OF_ORDERS, OF_STAGES
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.planning import holding, replanning
from chalicelib.domain.planning.replanning import ReplanOrder, ReplanStage
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import (
    BECAUSE,
    FIRST,
    HOUR,
    MINUTE,
    MORNING,
    ORDER_ID,
    PELIN,
    SECOND,
    a_session,
    a_stage,
    an_issue,
    an_order,
    finished,
    give,
    in_progress,
    paused,
)

NOON = MORNING + 4 * HOUR
STOPPED = NewIssue(IssueType.SAFETY, "Oil", blocking=True)


def a_command(name: str, payload: Any, target: str = ORDER_ID, subject: Subject = Subject.ORDER) -> Command[Any]:
    return Command("c1", name, target, payload, NOON, subject=subject)


def said(change: Change) -> list[tuple[str, str, str | None, str | None]]:
    return [(f"{each.subject} {each.what}", each.id, each.source, each.to) for each in change.happened]


def reported(order: Order, *, joining: bool = False) -> Change:
    joined = an_issue(type=IssueType.SAFETY) if joining else None
    return issues.report(order, PELIN, a_command("issue", STOPPED, FIRST, Subject.STAGE), DEFAULT_SETTINGS, joined)


def answered(**wanted: Any) -> Change:
    command = a_command("change_issue", ChangeIssue(**wanted), an_issue().id, Subject.ISSUE)
    return issues.change(an_order(in_progress()), PELIN, command, an_issue(), DEFAULT_SETTINGS)


def test_the_first_start_starts_its_order_too() -> None:
    assert said(give(an_order(), PELIN, "start")) == [
        ("stage started", FIRST, "planned", "in_progress"),
        ("order started", ORDER_ID, "planned", "in_progress"),
    ]


def test_the_last_stage_that_is_done_closes_its_sessions_and_finishes_its_order() -> None:
    assert said(give(an_order(in_progress()), PELIN, "done")) == [
        ("stage done", FIRST, "in_progress", "done"),
        ("session closed", "of-veli", None, None),
        ("order done", ORDER_ID, "in_progress", "done"),
    ]


def test_a_done_stage_that_is_reopened_reopens_its_order() -> None:
    assert said(give(an_order(finished()), PELIN, "reopen")) == [
        ("stage reopened", FIRST, "done", "paused"),
        ("order reopened", ORDER_ID, "done", "in_progress"),
    ]


def test_a_hold_pauses_who_is_at_work() -> None:
    order = an_order(in_progress(), a_stage(2))
    assert said(holding.hold(order, PELIN, a_command("hold", BECAUSE), DEFAULT_SETTINGS)) == [
        ("order held", ORDER_ID, "in_progress", "in_progress"),
        ("session closed", "of-veli", None, None),
        ("stage paused", FIRST, "in_progress", "paused"),
    ]


def test_a_cancelled_order_cancels_every_stage_that_has_not_ended() -> None:
    order = an_order(paused(), a_stage(2), finished(position=3))
    assert said(holding.cancel(order, PELIN, a_command("cancel", BECAUSE), DEFAULT_SETTINGS)) == [
        ("order cancelled", ORDER_ID, "in_progress", "cancelled"),
        ("stage cancelled", FIRST, "paused", "cancelled"),
        ("stage cancelled", SECOND, "planned", "cancelled"),
    ]


def test_an_order_that_is_moved_moves_its_stages() -> None:
    wanted = ReplanOrder("late", planned_start=MORNING + MINUTE, planned_end=MORNING + 3 * HOUR)
    change = replanning.replan_order(an_order(), PELIN, a_command("replan", wanted), DEFAULT_SETTINGS)
    assert said(change) == [
        ("order replanned", ORDER_ID, "planned", "planned"),
        ("stage replanned", FIRST, "planned", "planned"),
    ]
    assert [each.touches_numbers for each in change.happened] == [True, True]


@pytest.mark.parametrize(
    ("wanted", "touches"),
    [({"machine_id": "M2"}, False), ({"name": "Paket"}, True), ({"planned_start": MORNING + MINUTE}, True)],
)
def test_a_replanned_stage_touches_numbers_only_where_its_time_or_its_name_is_another(
    wanted: dict[str, Any], *, touches: bool
) -> None:
    change = give(an_order(), PELIN, "replan", ReplanStage("late", **wanted))
    assert (said(change), change.touches_numbers) == ([("stage replanned", FIRST, "planned", "planned")], touches)


def test_a_blocking_issue_pauses_its_stage() -> None:
    assert said(reported(an_order(in_progress()))) == [
        ("stage issue_reported", FIRST, "in_progress", "paused"),
        ("issue reported", "order-ic1", None, "open"),
        ("session closed", "of-veli", None, None),
    ]


def test_a_report_that_joins_an_issue_edits_it() -> None:
    assert said(reported(an_order(), joining=True)) == [
        ("stage issue_reported", FIRST, "planned", "planned"),
        ("issue edited", "order-i1", "open", "open"),
    ]


@pytest.mark.parametrize(
    ("wanted", "what", "to"),
    [
        ({"status": IssueStatus.ACK}, What.ACKNOWLEDGED, "ack"),
        ({"status": IssueStatus.RESOLVED}, What.RESOLVED, "resolved"),
        ({"cause": "worn out"}, What.EDITED, "open"),
    ],
)
def test_an_answer_says_what_became_of_the_issue(wanted: dict[str, Any], what: What, to: str) -> None:
    assert said(answered(**wanted)) == [(f"issue {what}", "order-i1", "open", to)]


def test_an_issue_that_begins_to_block_stops_who_is_at_work() -> None:
    assert said(answered(blocking=True))[1:] == [
        ("session closed", "of-veli", None, None),
        ("stage paused", FIRST, "in_progress", "paused"),
    ]


@pytest.mark.parametrize(("void", "what"), [(False, "corrected"), (True, "voided")])
def test_a_correction_says_whether_it_voids(*, void: bool, what: str) -> None:
    session = a_session(MORNING, MORNING + HOUR, name="s1")
    wanted = Correct("s1", "miscounted", void=void, good=KEPT if void else Decimal(1))
    command = a_command("correct", wanted, FIRST, Subject.STAGE)
    assert said(correct(an_order(paused()), PELIN, command, DEFAULT_SETTINGS, [session])) == [
        ("stage corrected", FIRST, "paused", "paused"),
        (f"session {what}", "c1", None, None),
    ]


def test_a_shift_that_ends_says_so_of_the_order() -> None:
    command = a_command("close_sessions", shifts.CloseSessions("shift_end", (FIRST,)))
    assert said(shifts.close_sessions(an_order(in_progress()), PELIN, command, DEFAULT_SETTINGS)) == [
        ("order shift_ended", ORDER_ID, "in_progress", "in_progress"),
        ("session closed", "of-veli", None, None),
        ("stage paused", FIRST, "in_progress", "paused"),
    ]


def test_every_status_that_follows_has_a_word_and_no_other_has() -> None:
    of_orders = {(str(row.source), str(row.target)) for row in OF_ORDERS}
    of_stages = {(str(row.source), str(row.target)) for row in OF_STAGES}
    assert of_orders | of_stages == set(FOLLOWED)
