"""What watches an environment, brought to AWS in stacks of their own: alarms with the budget, and dashboards."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra import cloudformation, stack
from infra.aws import Aws
from infra.deployment import tables
from infra.deployment.watching.alarms import Watched
from infra.deployment.watching.template import templates
from infra.places import PROJECT

# Alarms hold nothing that would be lost, so a stack that cannot be updated is made anew.
_STUCK = {cloudformation.EMPTY, "ROLLBACK_FAILED", "DELETE_FAILED", "UPDATE_ROLLBACK_FAILED"}


@dataclass(frozen=True)
class Wishes:
    """Who is told of alarms, and the US dollars that a month may cost. None: as it was in the deployment before."""

    email: str | None = None
    budget: int | None = None


NO_WISHES = Wishes()


def watched(environment: str, table: str | None = None) -> Watched:
    """What of an environment is watched: its functions and its queues, as this clone names them, and a table.

    Without one it is the table of the stack.
    """
    config = json.loads((PROJECT / ".chalice" / "config.json").read_text(encoding="utf-8"))
    timeouts = {name: int(own["lambda_timeout"]) for name, own in config["lambda_functions"].items()}
    return Watched(environment, timeouts, tuple(stack.queue_names(environment)), table or tables.first(environment))


def put(aws: Aws, environment: str, wishes: Wishes = NO_WISHES) -> None:
    """Create or update alarms, dashboards and the budget. Raises Problem with CloudFormation's reasons."""
    for name, request in requests(aws, environment, wishes).items():
        cloudformation.put(aws, name, request, _STUCK)


def requests(aws: Aws, environment: str, wishes: Wishes) -> dict[str, Mapping[str, Any]]:
    """What is asked of CloudFormation for each stack: the template and its parameters."""
    alarms, email, budget = _stack_name(environment, "alarms"), wishes.email, wishes.budget
    values = {
        "Email": cloudformation.parameter_of(aws, alarms, "Email") if email is None else email,
        "Budget": cloudformation.parameter_of(aws, alarms, "Budget") or "0" if budget is None else str(budget),
        "OnAmazon": aws.endpoint is None,
    }
    return {
        _stack_name(environment, part): {
            "TemplateBody": template,
            "Parameters": cloudformation.parameters(values if part == "alarms" else {}),
        }
        for part, template in templates(watched(environment, tables.serving(aws, environment))).items()
    }


def who_is_told(aws: Aws, environment: str) -> str:
    """A sentence: who is told of the alarms of an environment that was deployed."""
    email = cloudformation.parameter_of(aws, _stack_name(environment, "alarms"), "Email")
    return f"are told to {email}" if email else "are told to nobody: deploy with --alarms-to EMAIL"


def delete(aws: Aws, environment: str) -> None:
    """Delete what watches an environment, before what it watches goes. Raises Problem with CloudFormation's reasons."""
    for part in templates(watched(environment)):
        name = _stack_name(environment, part)
        if cloudformation.settled(aws, name):
            cloudformation.delete(aws, name)


def _stack_name(environment: str, part: str) -> str:
    return f"takip-{environment}-{part}"
