"""The commands on a stage as a table: the rule, payload, permission and references of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.errors import TakipError
from chalicelib.domain.floor import stages
from chalicelib.domain.floor.corrections import Correct
from chalicelib.domain.floor.grace import dated, graceful
from chalicelib.domain.orders.commands import Because, Command
from chalicelib.domain.orders.issues import NewIssue
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning import assigning, replanning
from chalicelib.services import commands
from chalicelib.services.commands import Decide, Present, Steps
from chalicelib.services.floor import issues, sessions
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.orders.references import References

NOBODY = References()


@dataclass(frozen=True)
class StageCommand:
    """A command on a stage: its name, its permission (`action`), its payload, its rule and its references."""

    name: str
    action: str
    payload: type[Any]
    decide: Decide[Any]
    references: References = NOBODY


# Work that was done may be booked for people who have left since.
OF_WORK_DONE = References(people=("worker_id",), former=True)

_ROWS = (
    StageCommand(
        "start",
        "stage.start",
        stages.Start,
        graceful(stages.start),
        References(people=("worker_id",), machines=("machine_id",)),
    ),
    StageCommand("pause", "stage.pause", stages.Pause, sessions.pause, OF_WORK_DONE),
    StageCommand("report", "stage.report", stages.Report, sessions.report, OF_WORK_DONE),
    StageCommand("done", "stage.done", stages.Report, graceful(stages.done), OF_WORK_DONE),
    StageCommand(
        "book",
        "stage.book",
        stages.Book,
        graceful(dated(stages.book)),
        References(people=("worker_id",), machines=("machine_id",), former=True),
    ),
    StageCommand(
        "correct",
        "stage.correct",
        Correct,
        sessions.correct,
        References(machines=("machine_id",), neither=("session_id",)),
    ),
    StageCommand("assign", "stage.assign", assigning.Assign, dated(assigning.assign), References(people=("user_ids",))),
    StageCommand(
        "replan",
        "stage.replan",
        replanning.ReplanStage,
        dated(replanning.replan_stage),
        References(machines=("machine_id",)),
    ),
    StageCommand("skip", "stage.skip", Because, dated(assigning.skip)),
    StageCommand("reopen", "stage.reopen", Because, dated(assigning.reopen)),
    StageCommand("issue", "issue.report", NewIssue, graceful(issues.report)),
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

    return commands.run(actor, command, request, Steps(commands.by(row.decide), present, check))
