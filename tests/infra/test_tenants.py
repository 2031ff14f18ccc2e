"""`takip.py tenant`: its options, the resulting items, and its output."""

import json
import shlex
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chalicelib.domain.escalation import Awaited, QuietHours, Step
from chalicelib.domain.people.users import Actor, Role
from chalicelib.domain.planning.opening import NewOrder
from chalicelib.domain.priorities import Priority
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS, CountedPieces, IssueCause, TenantSettings, WithoutStates
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.idempotency import Request
from chalicelib.services.planning import opening
from chalicelib.services.tenants import every, require
from infra import administration
from infra.administration.__main__ import _said
from infra.aws import Aws
from infra.cli import commands, tenants
from infra.problem import Problem
from tests.floor import HOUR, MINUTE, MORNING
from tests.machines import standing

EVERYTHING = TenantSettings(
    timezone="Europe/Berlin",
    tolerance=Decimal("0.05"),
    grace=90 * MINUTE,
    readings_kept=timedelta(days=30),
    rollups_within=timedelta(minutes=10),
    max_carry=2 * HOUR,
    stop_reason_after=10 * MINUTE,
    counted_pieces=CountedPieces.PROPOSED,
    without_states=WithoutStates.SESSIONS,
    late_window=36 * HOUR,
    alarm_window=3 * MINUTE,
    forgotten_after=8 * HOUR,
    terminal_session=30 * MINUTE,
    self_registration=True,
    pause_reasons=("lunch", "other"),
    scrap_reasons=("other", "burr"),
    stop_reasons=("other", "tool"),
    issue_causes=(IssueCause("other", "Diğer", "Other"), IssueCause("rust", "Pas", "Rust")),
    escalation=(
        Step(Priority.HIGH, Awaited.ACKNOWLEDGED, 15, (Role.PLANNER, Role.ADMIN)),
        Step(Priority.LOW, Awaited.RESOLVED, 60, (Role.ADMIN,)),
    ),
    quiet_hours=QuietHours("22:00", "06:00"),
    minimum_app_version="1.4.0",
    old_app=True,
)
SAYING_EVERYTHING = shlex.split(
    "--timezone Europe/Berlin --tolerance 0.05 --grace 90m --retention 30d --rollups-within 10m --max-carry 2h "
    "--stop-reason-after 10m --counted-pieces proposed --without-states sessions --late-window 36h --alarm-window 3m "
    "--forgotten-after 8h --terminal-session 30m --self-registration --pause-reason lunch --pause-reason other "
    "--scrap-reason other --scrap-reason burr --stop-reason other --stop-reason tool "
    "--issue-cause other=Diğer/Other --issue-cause rust=Pas/Rust "
    "--escalate low/resolved/60=admin --escalate high/acknowledged/15=planner,admin --quiet-hours 22:00-06:00 "
    "--minimum-app-version 1.4.0 --old-app"
)

Verb = Callable[..., Result]


@pytest.fixture
def asked() -> list[str]:
    """The verbs that Takip's own code was asked."""
    return []


@pytest.fixture
def verb(table: None, asked: list[str], monkeypatch: pytest.MonkeyPatch) -> Verb:
    """The verbs of `takip.py tenant`, which ask in this process, on the table of the tests."""

    def stream(command: list[str], _sentence: str, *, given: str, **_: Any) -> Iterator[str]:
        asked.append(command[-1])
        yield from map(json.dumps, _said(command[-1], json.loads(given)))

    monkeypatch.setattr(administration, "stream", stream)
    monkeypatch.setattr(tenants, "aws_of", lambda _stage: Aws("eu-central-1"))
    return lambda *arguments: CliRunner().invoke(commands.takip, ["tenant", *arguments])


def problem(result: Result) -> str:
    """What a verb complains about."""
    assert isinstance(result.exception, Problem)
    return str(result.exception)


def test_a_tenant_starts_with_what_is_usual(verb: Verb) -> None:
    made = verb("create", "north")
    assert made.exit_code == 0
    assert require("north").settings == DEFAULT_SETTINGS
    assert "python takip.py admin create --tenant north --username NAME\n" in made.output
    assert "--username NAME --stage dev\n" in verb("create", "south", "--stage", "dev").output


def test_everything_can_be_said_when_a_tenant_is_made_or_later(verb: Verb) -> None:
    assert verb("create", "north", *SAYING_EVERYTHING).exit_code == 0
    assert verb("set", DEFAULT_TENANT, *SAYING_EVERYTHING).exit_code == 0
    assert [each.settings for each in every()] == [EVERYTHING, EVERYTHING]


def test_only_what_is_said_changes(verb: Verb) -> None:
    verb("create", "north", *SAYING_EVERYTHING)
    shown = verb("set", "north", "--no-self-registration", "--retention", "none", "--grace", "0").output
    settings = require("north").settings
    assert (settings.self_registration, settings.readings_kept, settings.grace) == (False, None, timedelta(0))
    assert (settings.timezone, settings.pause_reasons) == (EVERYTHING.timezone, EVERYTHING.pause_reasons)
    assert ("retention           │ none" in shown, "within a minute" in shown) == (True, True)


def test_what_is_set_stands_among_the_events_that_admins_read(verb: Verb) -> None:
    verb("set", DEFAULT_TENANT, "--grace", "10m")

    (event,) = standing("security_event")
    assert (event.data["kind"], event.data["actor_id"]) == ("tenant_changed", "system")
    assert event.data["detail"] == {"setting": "grace", "from": "0:00:00", "to": "0:10:00"}


def test_the_list_is_for_people_and_for_programs(verb: Verb) -> None:
    verb("create", "north", *SAYING_EVERYTHING)
    shown = verb("list").output
    assert [line.split("│")[1].strip() for line in shown.splitlines() if " timezone " in line] == ["default", "north"]
    assert all(f"│ {told} " in shown for told in ("Europe/Berlin", "1h30m", "30d", "1d12h", "lunch, other", "yes"))
    default, north = json.loads(verb("list", "--json").output)
    assert (default["id"], default["created_at"], default["settings"]["readings_kept"]) == ("default", None, None)
    assert (default["settings"]["old_app"], north["settings"].pop("old_app")) == (False, True)
    assert north["settings"] == {
        "timezone": "Europe/Berlin",
        "tolerance": "0.05",
        "grace": "1h30m",
        "readings_kept": "30d",
        "rollups_within": "10m",
        "max_carry": "2h",
        "stop_reason_after": "10m",
        "counted_pieces": "proposed",
        "without_states": "sessions",
        "late_window": "1d12h",
        "alarm_window": "3m",
        "forgotten_after": "8h",
        "terminal_session": "30m",
        "self_registration": True,
        "pause_reasons": ["lunch", "other"],
        "scrap_reasons": ["other", "burr"],
        "stop_reasons": ["other", "tool"],
        "issue_causes": [{"code": "other", "tr": "Diğer", "en": "Other"}, {"code": "rust", "tr": "Pas", "en": "Rust"}],
        "escalation": [
            {
                "priority": "high",
                "awaited": "acknowledged",
                "after_minutes": 15,
                "roles": ["planner", "admin"],
                "user_ids": [],
            },
            {"priority": "low", "awaited": "resolved", "after_minutes": 60, "roles": ["admin"], "user_ids": []},
        ],
        "quiet_hours": {"start": "22:00", "end": "06:00"},
        "minimum_app_version": "1.4.0",
    }


def test_all_that_is_wrong_is_told_by_its_option_before_anybody_is_asked(verb: Verb, asked: list[str]) -> None:
    wrong = shlex.split("--timezone Berlin --tolerance 5 --retention 1m --pause-reason lunch --scrap-reason Other")
    told = problem(verb("create", "North.1", *wrong))
    assert [line.split()[0] for line in told.splitlines()[1:]] == [
        "ID",
        "--timezone",
        "--tolerance",
        "--retention",
        "--pause-reason",
        "--scrap-reason",
        "--scrap-reason",
    ]
    assert problem(verb("set", "north", *wrong)).splitlines()[1:] == told.splitlines()[2:]
    assert asked == []


@pytest.mark.parametrize(
    ("option", "value", "way_out"),
    [
        ("--grace", "10 minutes", "like 90m, 12h, 30d or 1d12h."),
        ("--grace", "none", "like 90m, 12h, 30d or 1d12h."),
        ("--retention", "ever", "or none."),
        ("--tolerance", "5%", "five percent is 0.05"),
        ("--escalate", "high/15=planner", "write it like high/acknowledged/15=planner,admin."),
        ("--escalate", "urgent/acknowledged/15=planner", "write it like high/acknowledged/15=planner,admin."),
        ("--quiet-hours", "22:00", "write them like 22:00-06:00, or none."),
        ("--issue-cause", "wear", "write it like wear=Aşınma/Wear."),
        ("--issue-cause", "wear=Aşınma/ ", "write it like wear=Aşınma/Wear."),
    ],
)
def test_what_cannot_be_read_is_told_with_how_to_write_it(verb: Verb, option: str, value: str, way_out: str) -> None:
    refused = verb("set", DEFAULT_TENANT, option, value)
    said = " ".join(refused.output.replace("│", " ").split())
    assert (refused.exit_code, f"'{option}'" in said, way_out in said) == (2, True, True)


def test_a_policy_is_taken_away_with_none(verb: Verb) -> None:
    verb("create", "north", *SAYING_EVERYTHING)
    verb("set", "north", "--escalate", "none", "--quiet-hours", "none")
    settings = require("north").settings
    assert (settings.escalation, settings.quiet_hours) == ((), None)
    assert "--escalate must name a role" in problem(verb("set", "north", "--escalate", "low/resolved/60="))
    assert "no active user has this id" in problem(verb("set", "north", "--escalate", "low/resolved/60=oya"))


def test_nothing_to_change_is_a_slip(verb: Verb, asked: list[str]) -> None:
    refused = verb("set", DEFAULT_TENANT)
    assert (refused.exit_code, "--grace 10m" in refused.output, asked) == (2, True, [])


def test_what_takip_refuses_is_told_with_the_way_out(verb: Verb) -> None:
    assert "change the settings of that tenant" in problem(verb("create", DEFAULT_TENANT))
    assert "create it first" in problem(verb("set", "nowhere", "--grace", "10m"))
    new = NewOrder("P-1", Decimal(10), MORNING, MORNING + HOUR, "L-1")
    opening.open_work_order(Actor(DEFAULT_TENANT, "pelin", Role.PLANNER), new, Request(), lambda order: order.id)
    assert "days are counted in Europe/Istanbul" in problem(verb("set", DEFAULT_TENANT, "--timezone", "Europe/Berlin"))
