"""Orders, stages, people and commands for tests of the rules. They are valid unless a test changes them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from chalicelib.domain.floor import stages as rules
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import Because, Command, Subject
from chalicelib.domain.orders.issues import Issue, IssueType, issue_id
from chalicelib.domain.orders.session_records import OpenSession, Quantities, Session, SessionKind
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage, settled, stage_id
from chalicelib.domain.people.users import Actor, Role
from chalicelib.domain.planning import assigning, replanning
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS, TenantSettings
from tests.domain.happenings import told

MORNING = datetime(2026, 1, 5, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

ADA = Actor("default", "ada", Role.ADMIN)
PELIN = Actor("default", "pelin", Role.PLANNER)
VELI = Actor("default", "veli", Role.WORKER)
OYA = Actor("default", "oya", Role.WORKER)

ORDER_ID = "order"
FIRST, SECOND = stage_id(ORDER_ID, 1), stage_id(ORDER_ID, 2)

BECAUSE = Because("the mould is broken")

# Every command on a stage: the rule that decides it, and a payload that is as plain as can be.
COMMANDS: Mapping[str, tuple[Callable[[Order, Actor, Command[Any], TenantSettings], Change], Any]] = {
    "start": (rules.start, rules.Start()),
    "pause": (rules.pause, rules.Pause()),
    "report": (rules.report, rules.Report(good=Decimal(1))),
    "done": (rules.done, rules.Report()),
    "book": (rules.book, rules.Book(started_at=MORNING, ended_at=MORNING + HOUR)),
    "assign": (assigning.assign, assigning.Assign(("veli",))),
    "replan": (replanning.replan_stage, replanning.ReplanStage("late")),
    "skip": (assigning.skip, BECAUSE),
    "reopen": (assigning.reopen, BECAUSE),
}

_numbers = count(1)


def clock(hour: int, minute: int = 0, *, day: int = 5) -> datetime:
    """An instant of January 2026; the 5th is a Monday."""
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


def decimals(*numbers: int) -> tuple[Decimal, ...]:
    """Quantities to compare with."""
    return tuple(map(Decimal, numbers))


def a_stage(position: int = 1, **fields: Any) -> Stage:
    """A planned stage of two hours, from the morning on, for Veli."""
    window: dict[str, Any] = {"planned_start": MORNING, "planned_end": MORNING + 2 * HOUR}
    window |= {name: fields[name] for name in window if name in fields}
    plan: dict[str, Any] = {**window, "baseline_start": window["planned_start"], "baseline_end": window["planned_end"]}
    known: dict[str, Any] = {
        "id": stage_id(ORDER_ID, position),
        "position": position,
        "name": "Montaj",
        "assignee_ids": ("veli",),
    }
    return Stage(**(known | plan | fields))


def an_order(*stages: Stage, **fields: Any) -> Order:
    """An order of ten pieces, opened an hour before its two hours begin, with one stage by default."""
    window: dict[str, Any] = {"planned_start": MORNING, "planned_end": MORNING + 2 * HOUR}
    window |= {name: fields[name] for name in window if name in fields}
    known: dict[str, Any] = {
        "id": ORDER_ID,
        "number": "N-1",
        "product_code": "P-1",
        "lot_no": "L-1",
        "quantity": Decimal(10),
        "baseline_start": window["planned_start"],
        "baseline_end": window["planned_end"],
        "created_at": MORNING - HOUR,
        "created_by": "pelin",
        "stages": stages or (a_stage(),),
    }
    return settled(Order(**(known | window | fields)))


def at_work(worker_id: str = "veli", since: datetime = MORNING, **fields: Any) -> OpenSession:
    """An open session."""
    return OpenSession(id=f"of-{worker_id}", worker_id=worker_id, started_at=since, **fields)


def in_progress(*sessions: OpenSession, **fields: Any) -> Stage:
    """A stage with an open session of Veli since the morning, by default."""
    open_sessions = sessions or (at_work(),)
    started_at = min(session.started_at for session in open_sessions)
    known: dict[str, Any] = {
        "status": StageStatus.IN_PROGRESS,
        "started_at": started_at,
        "open_sessions": open_sessions,
    }
    return a_stage(**(known | fields))


def paused(**fields: Any) -> Stage:
    """A stage that Veli worked on for an hour."""
    known: dict[str, Any] = {"status": StageStatus.PAUSED, "started_at": MORNING, "last_session_end": MORNING + HOUR}
    return a_stage(**(known | fields))


def finished(**fields: Any) -> Stage:
    """A stage that was worked on and done within an hour."""
    return paused(**({"status": StageStatus.DONE, "ended_at": MORNING + HOUR} | fields))


def an_issue(**fields: Any) -> Issue:
    """An issue on the first stage that Veli reported in the morning: a blunt drill."""
    known: dict[str, Any] = {
        "id": issue_id(ORDER_ID, "1"),
        "work_order_id": ORDER_ID,
        "stage_id": FIRST,
        "type": IssueType.TOOLING,
        "description": "The drill is blunt.",
        "created_at": MORNING,
        "created_by": "veli",
        "reported_at": MORNING,
    }
    return Issue(**(known | fields))


def a_session(
    start: datetime,
    end: datetime,
    *,
    stage: str = FIRST,
    kind: SessionKind = SessionKind.RUN,
    made: Quantities | None = None,
    name: str | None = None,
) -> Session:
    """A closed session of Veli."""
    return Session(
        id=name or f"session-{next(_numbers)}",
        stage_id=stage,
        worker_id="veli",
        kind=kind,
        started_at=start,
        ended_at=end,
        received_at=end,
        booked_by="veli",
        made=made or Quantities(),
    )


def give(
    order: Order,
    actor: Actor,
    name: str,
    payload: Any = None,
    *,
    stage: str = FIRST,
    at: datetime | None = None,
    received_at: datetime | None = None,
    settings: TenantSettings = DEFAULT_SETTINGS,
) -> Change:
    """Give a command on a stage. It is received when it happened, or two hours after the morning."""
    decide, plain = COMMANDS[name]
    arrived = received_at or at or MORNING + 2 * HOUR
    wanted = plain if payload is None else payload
    command = Command(f"command-{next(_numbers)}", name, stage, wanted, arrived, at)
    return told(order, decide(order, actor, command, settings), Subject.STAGE, stage)
