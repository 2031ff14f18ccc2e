"""The state machine of a stage: one table that decides commands and lists the allowed ones."""

from typing import Any

import pytest

from chalicelib.domain.errors import TakipError
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.transitions import TRANSITIONS, IllegalTransition, NotAssigned, allowed, legal
from chalicelib.domain.orders.work_orders import Stage, StageNotFound
from chalicelib.domain.people.permissions import PERMISSIONS
from chalicelib.domain.people.users import Actor, Role
from tests.domain.builders import (
    ADA,
    COMMANDS,
    FIRST,
    HOUR,
    MORNING,
    OYA,
    PELIN,
    VELI,
    a_stage,
    an_order,
    at_work,
    finished,
    give,
    in_progress,
    paused,
)

STAGES: dict[str, Stage] = {
    "planned": a_stage(),
    "in progress": in_progress(),
    "in progress, somebody else": in_progress(at_work("oya")),
    "in progress, unassigned": in_progress(assignee_ids=("oya",)),
    "in progress, a planner": in_progress(at_work("pelin")),
    "paused": paused(),
    "done": finished(),
    "skipped": paused(status=StageStatus.SKIPPED, ended_at=MORNING + HOUR),
    "cancelled": paused(status=StageStatus.CANCELLED, ended_at=MORNING + HOUR),
}


def a_command(name: str) -> Command[Any]:
    return Command("c", name, FIRST, COMMANDS[name][1], MORNING)


def may(stage: Stage, actor: Actor) -> list[str]:
    return allowed(an_order(stage), stage, actor)


def rows(stage: Stage, actor: Actor) -> set[str]:
    """The commands that the table names for the actor's role, whatever else stands against them."""
    return {row.command for row in TRANSITIONS if row.source is stage.status and actor.role in row.roles}


@pytest.mark.parametrize(
    ("actor", "stage", "commands"),
    [
        (VELI, "planned", ["start", "book"]),
        (VELI, "in progress", ["pause", "report", "done", "book"]),
        (VELI, "in progress, somebody else", ["start", "done", "book"]),
        (VELI, "in progress, unassigned", ["pause", "report"]),
        (VELI, "paused", ["start", "done", "book"]),
        (VELI, "done", []),
        (VELI, "skipped", []),
        (VELI, "cancelled", []),
        (PELIN, "planned", ["start", "book", "assign", "replan", "skip"]),
        (PELIN, "in progress", ["start", "pause", "report", "done", "book", "assign", "replan"]),
        (PELIN, "in progress, a planner", ["start", "pause", "report", "done", "book", "assign", "replan"]),
        (PELIN, "paused", ["start", "done", "book", "assign", "replan", "skip"]),
        (PELIN, "done", ["book", "reopen"]),
        (PELIN, "skipped", ["reopen"]),
        (PELIN, "cancelled", ["book"]),
    ],
)
def test_what_is_allowed_is_what_the_caller_could_do_now(actor: Actor, stage: str, commands: list[str]) -> None:
    assert may(STAGES[stage], actor) == commands


def test_a_worker_with_no_part_in_a_stage_is_allowed_nothing() -> None:
    for stage in STAGES.values():
        assert may(stage, Actor("default", "ali", Role.WORKER)) == []


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_an_admin_may_what_a_planner_may(stage: Stage) -> None:
    assert may(stage, ADA) == may(stage, PELIN)


@pytest.mark.parametrize("actor", [ADA, PELIN, VELI, OYA], ids=lambda actor: actor.user_id)
@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_whatever_is_allowed_passes_the_table(stage: Stage, actor: Actor) -> None:
    for name in may(stage, actor) if stage.open_to(actor) else []:
        assert legal(an_order(stage), actor, a_command(name), name) is stage


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_a_worker_can_do_all_that_is_allowed_to_them(stage: Stage) -> None:
    for name in may(stage, VELI):
        give(an_order(stage), VELI, name)


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_a_worker_is_refused_all_that_is_not_allowed_to_them(stage: Stage) -> None:
    for name in COMMANDS.keys() - may(stage, VELI):
        with pytest.raises(TakipError):
            give(an_order(stage), VELI, name)


@pytest.mark.parametrize("actor", [ADA, PELIN, VELI], ids=lambda actor: actor.user_id)
@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_what_the_table_does_not_name_is_refused_saying_what_is_allowed(stage: Stage, name: str, actor: Actor) -> None:
    if name in rows(stage, actor):
        assert legal(an_order(stage), actor, a_command(name), name) is stage
        return
    with pytest.raises(IllegalTransition) as refusal:
        give(an_order(stage), actor, name)
    assert refusal.value.allowed == tuple(may(stage, actor))


@pytest.mark.parametrize(
    ("stage", "name", "since"),
    [
        (a_stage(), "pause", MORNING - HOUR),
        (paused(started_at=MORNING - 5 * HOUR), "pause", MORNING + HOUR),
        (finished(ended_at=MORNING + 3 * HOUR), "start", MORNING + 3 * HOUR),
        (in_progress(last_session_end=MORNING - HOUR), "assign", MORNING),
    ],
)
def test_a_refusal_says_since_when_the_status_stands_in_the_way(stage: Stage, name: str, since: object) -> None:
    with pytest.raises(IllegalTransition) as refusal:
        give(an_order(stage), VELI, name)
    assert refusal.value.since == since
    assert stage.id in refusal.value.detail
    assert stage.status in refusal.value.detail


def test_the_table_comes_before_everything_else_that_could_be_wrong() -> None:
    with pytest.raises(IllegalTransition):
        give(an_order(finished()), VELI, "report", received_at=MORNING - 9 * HOUR)


def test_a_stage_that_is_not_known_to_the_caller_is_not_found_whatever_its_status() -> None:
    for stage in (a_stage(), paused(), finished()):
        with pytest.raises(StageNotFound):
            give(an_order(stage), OYA, "pause")


def test_being_at_work_is_not_being_assigned() -> None:
    order = an_order(in_progress(assignee_ids=()))
    assert legal(order, VELI, a_command("report"), "report") is order.stages[0]
    with pytest.raises(NotAssigned):
        legal(order, VELI, a_command("done"), "done", needs_assignment=True)
    assert legal(order, PELIN, a_command("done"), "done", needs_assignment=True) is order.stages[0]


def test_every_command_of_the_table_has_a_rule_and_a_permission_for_the_same_roles() -> None:
    assert {row.command for row in TRANSITIONS} == set(COMMANDS)
    for row in TRANSITIONS:
        assert row.roles <= PERMISSIONS[f"stage.{row.command}"]


def test_no_two_rows_of_the_table_disagree() -> None:
    assert len({(row.source, row.command, row.where) for row in TRANSITIONS}) == len(TRANSITIONS)


def test_only_reopening_leads_out_of_an_end_and_nothing_out_of_cancelled() -> None:
    out = {(row.source, row.command) for row in TRANSITIONS if row.source.ended and row.target is not row.source}
    assert out == {(StageStatus.DONE, "reopen"), (StageStatus.SKIPPED, "reopen")}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_a_command_leads_where_the_table_says(stage: Stage, name: str) -> None:
    targets = {row.target for row in TRANSITIONS if row.source is stage.status and row.command == name}
    actor = PELIN if name in {"assign", "replan", "skip", "reopen"} else VELI
    if not targets or name not in may(stage, actor):
        return
    after = give(an_order(stage), actor, name).order.stages[0]
    assert after.status in targets
