"""Events: which happenings others are told of, and what."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.andon import issues
from chalicelib.domain.floor import shifts
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.domain.orders.issues import ChangeIssue, IssueStatus, IssueType, NewIssue
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Held, Order
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning import holding
from chalicelib.domain.planning.assigning import Assign
from chalicelib.domain.planning.replanning import ReplanStage
from chalicelib.domain.priorities import Priority
from chalicelib.domain.telling.events import CATALOGUE, LONGEST_TEXT, EventType, of_change, opened
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import (
    BECAUSE,
    COMMANDS,
    FIRST,
    HOUR,
    MORNING,
    ORDER_ID,
    PELIN,
    SECOND,
    VELI,
    a_stage,
    an_issue,
    an_order,
    at_work,
    finished,
    in_progress,
    paused,
)

NOW = MORNING + 2 * HOUR
HELD = Held("no drawing", MORNING, "pelin")
ISSUE = an_issue(priority=Priority.HIGH)
RESOLVED = an_issue(status=IssueStatus.RESOLVED, resolved_at=MORNING, resolved_by="pelin")
REPORT = NewIssue(IssueType.QUALITY, "Scratches.", blocking=True)


def told(rule: Callable[..., Change], order: Order, actor: Actor, payload: Any, target: str, *rest: Any) -> list[Any]:
    """The events of a command."""
    subjects = {ORDER_ID: Subject.ORDER, ISSUE.id: Subject.ISSUE}
    command = Command("c", rule.__name__, target, payload, NOW, subject=subjects.get(target, Subject.STAGE))
    return list(of_change(rule(order, actor, command, *rest), actor, command, "E"))


def on_stage(name: str, order: Order, actor: Actor = VELI, payload: Any = None) -> list[str]:
    """The types of the events of a command on the first stage."""
    rule, usual = COMMANDS[name]
    return [each.type for each in told(rule, order, actor, payload or usual, FIRST, DEFAULT_SETTINGS)]


def on_order(name: str, order: Order) -> list[str]:
    """The types of the events of a command on the order, by a planner."""
    return [each.type for each in told(getattr(holding, name), order, PELIN, BECAUSE, ORDER_ID, DEFAULT_SETTINGS)]


def on_issue(issue: Any = ISSUE, order: Order | None = None, **wanted: Any) -> list[Any]:
    """The events of a change of an issue, by a planner."""
    return told(
        issues.change, order or an_order(paused()), PELIN, ChangeIssue(**wanted), issue.id, issue, DEFAULT_SETTINGS
    )


def test_the_first_start_of_an_order_starts_it_too() -> None:
    assert on_stage("start", an_order(a_stage(), a_stage(2))) == ["stage.started", "order.started"]


def test_an_event_names_the_shared_terminal_on_which_it_was_done() -> None:
    rule, payload = COMMANDS["start"]
    there, elsewhere = (
        told(rule, an_order(), actor, payload, FIRST, DEFAULT_SETTINGS)
        for actor in (replace(VELI, terminal_id="T-1"), VELI)
    )
    assert {(each.data["by"], each.data["terminal_id"]) for each in there} == {(VELI.user_id, "T-1")}
    assert not any("terminal_id" in each.data for each in elsewhere)


def test_a_second_worker_on_a_stage_starts_nothing_and_one_of_two_who_leaves_pauses_nothing() -> None:
    others = at_work("oya")
    assert on_stage("start", an_order(in_progress(others, assignee_ids=("veli", "oya")))) == []
    assert on_stage("pause", an_order(in_progress(at_work(), others))) == []
    assert on_stage("pause", an_order(in_progress())) == ["stage.paused"]
    assert on_stage("start", an_order(paused())) == ["stage.started"]


def test_the_last_stage_ends_the_order() -> None:
    assert on_stage("done", an_order(in_progress(), a_stage(2))) == ["stage.done"]
    assert on_stage("done", an_order(in_progress())) == ["stage.done", "order.done"]
    assert on_stage("skip", an_order(), PELIN) == ["order.done"]


def test_a_reopened_stage_reopens_its_order() -> None:
    assert on_stage("reopen", an_order(finished()), PELIN) == ["stage.reopened", "order.reopened"]


@pytest.mark.parametrize(("name", "payload"), [("report", None), ("replan", ReplanStage("late"))])
def test_nobody_is_told_of_what_changes_no_status(name: str, payload: Any) -> None:
    assert on_stage(name, an_order(in_progress()), PELIN if name != "report" else VELI, payload) == []


def test_commands_on_an_order_are_told_with_the_stages_that_they_pause() -> None:
    busy = an_order(in_progress(), in_progress(position=2, open_sessions=(at_work("oya"),)))
    assert on_order("hold", busy) == ["order.held", "stage.paused", "stage.paused"]
    assert on_order("release", an_order(held=HELD)) == ["order.released"]
    assert on_order("cancel", busy) == ["order.cancelled"]
    close = shifts.CloseSessions(stage_ids=(FIRST,), pause_reason="shift_end")
    events = told(shifts.close_sessions, busy, PELIN, close, ORDER_ID, DEFAULT_SETTINGS)
    assert [(each.type, each.subject) for each in events] == [("stage.paused", FIRST)]


def test_a_report_that_blocks_pauses_the_stage_and_one_that_joins_is_not_told() -> None:
    order = an_order(in_progress())
    assert [each.type for each in told(issues.report, order, VELI, REPORT, FIRST, DEFAULT_SETTINGS)] == [
        "stage.paused",
        "issue.reported",
    ]
    assert told(issues.report, an_order(paused()), VELI, REPORT, FIRST, DEFAULT_SETTINGS, ISSUE) == []


def test_answers_to_an_issue_are_told_and_other_changes_of_it_are_not() -> None:
    assert [each.type for each in on_issue(status=IssueStatus.ACK)] == ["issue.acknowledged"]
    assert [each.type for each in on_issue(status=IssueStatus.RESOLVED)] == ["issue.resolved"]
    assert [each.type for each in on_issue(RESOLVED, status=IssueStatus.OPEN)] == ["issue.reopened"]
    assert on_issue(priority=Priority.LOW) == []


def test_an_issue_is_assigned_if_somebody_else_gets_it_and_nothing_else_is_told() -> None:
    (assigned,) = on_issue(assignee_id="oya")
    assert (assigned.type, assigned.data["assignee_id"]) == ("issue.assigned", "oya")
    assert on_issue(replace(ISSUE, assignee_id="oya"), assignee_id="oya") == []
    assert on_issue(replace(ISSUE, assignee_id="oya"), assignee_id=None) == []
    assert [each.type for each in on_issue(status=IssueStatus.ACK, assignee_id="oya")] == ["issue.acknowledged"]


def test_a_stage_is_assigned_if_somebody_joins_who_was_not_assigned() -> None:
    rule, _ = COMMANDS["assign"]
    order = an_order(a_stage(assignee_ids=("veli",)))
    (event,) = told(rule, order, PELIN, Assign(("veli", "oya")), FIRST, DEFAULT_SETTINGS)
    assert (event.type, event.subject, event.data["assigned_ids"]) == ("stage.assigned", FIRST, ["oya"])
    assert told(rule, order, PELIN, Assign(()), FIRST, DEFAULT_SETTINGS) == []


def test_an_order_names_those_whose_work_on_it_has_not_ended() -> None:
    stages = (a_stage(assignee_ids=("veli", "oya")), finished(position=2, id=SECOND, assignee_ids=("ali",)))
    (event,) = told(holding.cancel, an_order(*stages), PELIN, BECAUSE, ORDER_ID, DEFAULT_SETTINGS)
    assert event.data["assignee_ids"] == ["veli", "oya"]


def test_every_type_is_in_the_catalogue() -> None:
    assert list(CATALOGUE) == list(EventType)


def test_an_event_says_what_who_when_and_why() -> None:
    order = an_order(in_progress(machine_id="M1", good=Decimal(3)), held=None)
    held, stopped = told(holding.hold, order, PELIN, BECAUSE, ORDER_ID, DEFAULT_SETTINGS)

    assert (held.id, stopped.id) == ("E-1", "E-2")
    assert (held.tenant, held.at, held.subject, stopped.subject) == ("default", NOW, ORDER_ID, FIRST)
    assert held.data == {
        "work_order_id": ORDER_ID,
        "number": "N-1",
        "product_code": "P-1",
        "lot_no": "L-1",
        "quantity": 10,
        "planned_end": "2026-01-05T10:00:00.000Z",
        "assignee_ids": ["veli"],
        "status": "in_progress",
        "by": "pelin",
        "reason": "the mould is broken",
    }
    assert stopped.data == {
        "work_order_id": ORDER_ID,
        "number": "N-1",
        "product_code": "P-1",
        "stage_id": FIRST,
        "stage_name": "Montaj",
        "machine_id": "M1",
        "good": 3,
        "scrap": 0,
        "planned_end": "2026-01-05T10:00:00.000Z",
        "status": "paused",
        "by": "pelin",
        "reason": "the mould is broken",
    }


def test_an_event_of_an_issue_says_what_it_is_as_it_is_now() -> None:
    (event,) = on_issue(status=IssueStatus.ACK, assignee_id="oya")

    assert event.subject == ISSUE.id
    assert event.data == {
        "work_order_id": ORDER_ID,
        "number": "N-1",
        "product_code": "P-1",
        "stage_id": FIRST,
        "stage_name": "Montaj",
        "issue_id": ISSUE.id,
        "type": "tooling",
        "priority": "high",
        "blocking": False,
        "description": "The drill is blunt.",
        "machine_id": None,
        "assignee_id": "oya",
        "cause_code": None,
        "cause": None,
        "action": None,
        "created_by": "veli",
        "reported_at": "2026-01-05T08:00:00.000Z",
        "status": "ack",
        "by": "pelin",
        "reason": None,
    }


def test_an_event_happened_when_the_phone_says() -> None:
    command = Command("c", "start", FIRST, COMMANDS["start"][1], NOW, at=MORNING)
    change = COMMANDS["start"][0](an_order(), VELI, command, DEFAULT_SETTINGS)
    assert {each.at for each in of_change(change, VELI, command, "E")} == {MORNING}


def test_a_new_order_is_told_at_its_creation() -> None:
    (event,) = opened(an_order(), PELIN, "E")
    assert (event.id, event.type, event.at, event.subject) == ("E-1", "order.opened", MORNING - HOUR, ORDER_ID)
    assert (event.data["status"], event.data["by"]) == ("planned", "pelin")


@pytest.mark.parametrize("more", [0, 1])
def test_a_long_text_is_cut(more: int) -> None:
    text = "ş" * (LONGEST_TEXT + more)
    (event,) = on_issue(replace(ISSUE, description=text), status=IssueStatus.ACK)
    assert event.data["description"] == (text[: LONGEST_TEXT - 1] + "…" if more else text)


def test_a_stage_that_a_cancelled_order_takes_along_is_not_told() -> None:
    order = an_order(paused(), finished(position=2, id=SECOND, status=StageStatus.DONE))
    assert on_order("cancel", order) == ["order.cancelled"]
