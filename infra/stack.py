"""The resources of `infra/resources.yaml`, brought to AWS by CloudFormation."""

import re
from typing import Any

from infra import cloudformation
from infra.aws import Aws
from infra.iot import has_iot
from infra.places import PROJECT
from infra.problem import Problem

TEMPLATE = PROJECT / "infra" / "resources.yaml"
_HALF_THERE = {"ROLLBACK_FAILED", "DELETE_FAILED"}
_HALF_UPDATED = "UPDATE_ROLLBACK_FAILED"


def stack_name(environment: str) -> str:
    """The stack of an environment."""
    return f"takip-{environment}-resources"


def queue_names(environment: str) -> list[str]:
    """The names of the queues of an environment, as the template gives them."""
    named = re.findall(r"QueueName: !Sub (\S+)", TEMPLATE.read_text(encoding="utf-8"))
    return [name.replace("${Environment}", environment) for name in named]


def put_stack(aws: Aws, environment: str, origins: str = "") -> None:
    """Create or update the environment's stack, and wait for the end. What is under way is waited for first.

    `origins` are the web origins that may use attachments, separated by commas. The stack remembers them.

    The table of a shared environment is protected once everything exists. If it were protected from its creation,
    CloudFormation could not take it back when something else cannot be created.

    Raises Problem with CloudFormation's reasons and the way out.
    """
    name = stack_name(environment)
    status = cloudformation.settled(aws, name)
    _refuse_stuck(aws, environment, status)
    is_new = status in {None, cloudformation.EMPTY}
    if is_new:
        cloudformation.put(aws, name, _request(aws, environment, origins, is_protected=False))
    if not is_new or _is_shared(environment):
        cloudformation.put(aws, *request(aws, environment, origins))


def delete_stack(aws: Aws, environment: str) -> None:
    """Delete the environment's stack with all it holds, and wait for the end.

    Raises Problem with CloudFormation's reasons.
    """
    cloudformation.delete(aws, stack_name(environment))


def _is_shared(environment: str) -> bool:
    return environment != "local"


def request(aws: Aws, environment: str, origins: str) -> tuple[str, dict[str, Any]]:
    """The name of an existing stack, and what is asked of CloudFormation for it: the template and its parameters."""
    return stack_name(environment), _request(aws, environment, origins, is_protected=_is_shared(environment))


def _request(aws: Aws, environment: str, origins: str, *, is_protected: bool) -> dict[str, Any]:
    values = {
        "Environment": environment,
        "WithIot": has_iot(aws),
        "WithXray": aws.endpoint is None,
        "Protected": is_protected,
        "Origins": origins,
    }
    return {
        "TemplateBody": TEMPLATE.read_text(encoding="utf-8"),
        "Parameters": cloudformation.parameters(values),
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
    }


def status_of(aws: Aws, environment: str) -> str | None:
    """CloudFormation's status of the environment's stack; None if there is no stack."""
    return cloudformation.status_of(aws, stack_name(environment))


def origins_of(aws: Aws, environment: str) -> str:
    """The web origins with which the environment's stack was last brought to AWS; empty if there is no stack."""
    return cloudformation.parameter_of(aws, stack_name(environment), "Origins")


def _refuse_stuck(aws: Aws, environment: str, status: str | None) -> None:
    """Raise Problem with the way out for a stack that CloudFormation can no longer update."""
    name = stack_name(environment)
    if status in _HALF_THERE:
        raise Problem(
            f"The stack {name} is half there ({status}): it could not be created or deleted as a whole.\n"
            f"Delete what is left, with all data, then deploy again: python takip.py destroy --stage {environment}"
        )
    if status == _HALF_UPDATED:
        raise Problem(
            f"An update of the stack {name} failed and could not be taken back ({status}).\n"
            "Its events in the console of CloudFormation tell why. When that is repaired:\n"
            f"  aws cloudformation continue-update-rollback --region {aws.region} --stack-name {name}"
        )
