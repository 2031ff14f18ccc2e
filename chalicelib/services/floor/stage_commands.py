"""The commands on a stage as a table: the rule, payload, permission and references of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.errors import TakipError
from chalicelib.domain.floor import stages
from chalicelib.domain.floor.corrections import Correct
from chalicelib.domain.floor.grace import dated, graceful, starts_of_all
from chalicelib.domain.orders.changes import Decide
from chalicelib.domain.orders.commands import Because, Command
from chalicelib.domain.orders.issues import NewIssue
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning import assigning, replanning
from chalicelib.services import commands
from chalicelib.services.andon import issues
from chalicelib.services.commands import Present, Steps
from chalicelib.services.floor import sessions
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.orders.references import References

NOBODY = References()

Prepare = Callable[[Order, Actor, Command[Any]], Decide[Any]]


@dataclass(frozen=True)
class StageCommand:
    """A command on a stage: its name, its permission (`action`), its payload, its rule and its references.

    `prepare` refuses callers who may not see the stage, and returns the rule.
    """

    name: str
    action: str
    payload: type[Any]
    prepare: Prepare
    references: References = NOBODY


def _seen(decide: Decide[Any]) -> Prepare:
    """Decide by a rule that needs nothing prepared, for whoever may know of the stage. Raises StageNotFound."""

    def prepare(order: Order, actor: Actor, command: Command[Any]) -> Decide[Any]:
        order.stage_seen_by(actor, command.target)
        return decide

    return prepare


# Work that was done may be booked for people who have left since.
OF_WORK_DONE = References(people=("worker_id",), former=True)

_ROWS = (
    StageCommand(
        "start",
        "stage.start",
        stages.Start,
        _seen(graceful(stages.start)),
        References(people=("worker_id",), machines=("machine_id",)),
    ),
    StageCommand("pause", "stage.pause", stages.Pause, sessions.pause, OF_WORK_DONE),
    StageCommand("report", "stage.report", stages.Report, sessions.report, OF_WORK_DONE),
    StageCommand("done", "stage.done", stages.Report, _seen(graceful(stages.done, starts=starts_of_all)), OF_WORK_DONE),
    StageCommand(
        "book",
        "stage.book",
        stages.Book,
        _seen(graceful(dated(stages.book))),
        References(people=("worker_id",), machines=("machine_id",), former=True),
    ),
    StageCommand(
        "correct",
        "stage.correct",
        Correct,
        sessions.correct,
        References(machines=("machine_id",), neither=("session_id",)),
    ),
    StageCommand(
        "assign", "stage.assign", assigning.Assign, _seen(dated(assigning.assign)), References(people=("user_ids",))
    ),
    StageCommand(
        "replan",
        "stage.replan",
        replanning.ReplanStage,
        _seen(dated(replanning.replan_stage)),
        References(machines=("machine_id",)),
    ),
    StageCommand("skip", "stage.skip", Because, _seen(dated(assigning.skip))),
    StageCommand("reopen", "stage.reopen", Because, _seen(dated(assigning.reopen))),
    StageCommand("issue", "issue.report", NewIssue, _seen(graceful(issues.report))),
)
STAGE_COMMANDS: Mapping[str, StageCommand] = {row.name: row for row in _ROWS}


def run(
    actor: Actor, command: Command[Any], request: Request, present: Present, barred: TakipError | None = None
) -> Answer:
    """Run a command on a stage by its row. Raises `barred`, if given, unless the command was done before.

    Costs and raises what `commands.run` and the row's rule do. The actor's own id is not checked.
    """
    row = STAGE_COMMANDS[command.name]

    def check() -> None:
        if barred is not None:
            raise barred
        row.references.check(actor.tenant, command.payload, known=actor.user_id)

    return commands.run(
        actor, command, request, Steps(lambda order: row.prepare(order, actor, command), present, check)
    )
