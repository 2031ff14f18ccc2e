"""Notifications: who hears of which event, what they are told, and how far they have read."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.people.users import Actor, Role
from chalicelib.domain.telling.events import Event, EventType
from chalicelib.domain.telling.notifications import (
    HEARD,
    Notification,
    ReadMark,
    audiences_of,
    audiences_with,
    notification_of,
)
from tests.domain.builders import MORNING

NOTIFICATION = Notification("E-1", EventType.ISSUE_REPORTED, MORNING, "veli")


def event(kind: EventType, **data: Any) -> Event:
    return Event("E-1", kind, "acme", MORNING, "WO-1", {"by": "pelin"} | data)


def hear(kind: EventType, **data: Any) -> set[str]:
    """Who hears of an event, such as `role planner`."""
    return {" ".join(audience) for audience in audiences_of(event(kind, **data))}


@pytest.mark.parametrize("kind", [EventType.ISSUE_REPORTED, EventType.ISSUE_REOPENED])
def test_planners_hear_of_every_issue_that_is_open_and_admins_of_critical_ones(kind: EventType) -> None:
    assert hear(kind, priority="high") == {"role planner"}
    assert hear(kind, priority="critical") == {"role planner", "role admin"}


@pytest.mark.parametrize("kind", [EventType.ISSUE_ASSIGNED, EventType.ISSUE_ACKNOWLEDGED, EventType.ISSUE_RESOLVED])
def test_reporter_and_assignee_hear_of_what_becomes_of_an_issue(kind: EventType) -> None:
    assert hear(kind, created_by="veli", assignee_id="oya") == {"user veli", "user oya"}
    assert hear(kind, created_by="veli", assignee_id=None) == {"user veli"}
    assert hear(kind, created_by="veli", assignee_id="veli") == {"user veli"}


@pytest.mark.parametrize("kind", [EventType.ISSUE_RESOLVED, EventType.ISSUE_ASSIGNED])
def test_whoever_did_it_does_not_hear_of_it(kind: EventType) -> None:
    assert hear(kind, created_by="veli", assignee_id="pelin") == {"user veli"}
    assert hear(kind, created_by="pelin", assignee_id="pelin") == set()


@pytest.mark.parametrize(
    "kind", [EventType.ORDER_OPENED, EventType.ORDER_HELD, EventType.ORDER_RELEASED, EventType.ORDER_CANCELLED]
)
def test_the_assignees_of_an_order_hear_of_it(kind: EventType) -> None:
    assert hear(kind, assignee_ids=["veli", "pelin", "oya"]) == {"user veli", "user oya"}
    assert hear(kind, assignee_ids=[]) == set()


def test_the_roles_and_people_of_a_step_hear_that_an_issue_waits_and_planners_that_an_order_is_late() -> None:
    step = {"by": None, "roles": ["planner", "admin"], "user_ids": ["oya"], "priority": "critical"}
    assert hear(EventType.ISSUE_ESCALATED, **step) == {"role planner", "role admin", "user oya"}
    assert hear(EventType.ISSUE_ESCALATED, by=None, roles=[], user_ids=["oya"], created_by="veli") == {"user oya"}
    assert hear(EventType.ORDER_LATE, by=None, assignee_ids=["veli"]) == {"role planner"}


def test_who_is_newly_assigned_to_a_stage_hears_of_it() -> None:
    assert hear(EventType.STAGE_ASSIGNED, assigned_ids=["oya"], assignee_ids=["veli", "oya"]) == {"user oya"}


def test_nobody_is_disturbed_by_the_usual_course_of_work() -> None:
    silent = set(EventType) - set(HEARD)
    assert {"stage.started", "stage.paused", "stage.done", "order.started", "order.done"} <= silent
    people = {"created_by": "veli", "assignee_id": "oya", "assignee_ids": ["veli"]}
    assert [kind for kind in silent if hear(kind, **people)] == []


@pytest.mark.parametrize("kind", HEARD)
def test_every_event_in_inboxes_has_a_label_in_both_languages(kind: EventType) -> None:
    title = replace(NOTIFICATION, type=kind, number="2026-1", stage_name="Montaj").title
    assert {language: text.partition(":")[2] for language, text in title.items()} == dict.fromkeys(
        ("tr", "en"), " 2026-1, Montaj"
    )
    assert len({HEARD[kind].tr, HEARD[kind].en} - {""}) == 2


def test_a_title_says_where() -> None:
    on_machine = replace(NOTIFICATION, machine_id="PRESS-1")
    assert on_machine.title == {"tr": "Sorun bildirildi: PRESS-1", "en": "Issue reported: PRESS-1"}
    on_stage = replace(on_machine, number="2026-1", stage_name="Montaj")
    assert on_stage.title["en"] == "Issue reported: 2026-1, Montaj"


def test_a_notification_says_what_the_event_says() -> None:
    told = {
        "work_order_id": "WO-1",
        "number": "2026-1",
        "stage_id": "WO-1-01",
        "stage_name": "Montaj",
        "machine_id": "PRESS-1",
        "issue_id": "WO-1-i1",
        "priority": "high",
    }
    made = notification_of(
        event(EventType.ISSUE_RESOLVED, type="tooling", description="Blunt.", reason=None, cause="worn", **told)
    )
    assert made == Notification(
        "E-1", EventType.ISSUE_RESOLVED, MORNING, "pelin", issue_type="tooling", text="Blunt.", **told
    )
    held = notification_of(event(EventType.ORDER_HELD, work_order_id="WO-1", reason="no drawing"))
    assert held == Notification("E-1", EventType.ORDER_HELD, MORNING, "pelin", "WO-1", text="no drawing")


def test_somebody_reads_what_their_role_hears_and_what_they_hear_themselves() -> None:
    assert [" ".join(each) for each in audiences_with(Actor("acme", "oya", Role.WORKER))] == ["role worker", "user oya"]


def test_a_mark_never_moves_back() -> None:
    mark = ReadMark().moved("02")
    assert mark == ReadMark("02", 1)
    assert mark.moved("01") is mark
    assert mark.moved("02") is mark
    assert mark.moved("03") == ReadMark("03", 2)
