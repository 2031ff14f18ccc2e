"""The resources of `infra/resources.yaml`, brought to AWS by CloudFormation."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from infra.aws import Aws
from infra.iot import has_iot
from infra.places import PROJECT
from infra.problem import Problem

TEMPLATE = PROJECT / "infra" / "resources.yaml"
_PACE = {"Delay": 1, "MaxAttempts": 900}
# How CloudFormation says that a change set holds no change.
_NOTHING = ("didn't contain changes", "No updates are to be performed")


@dataclass(frozen=True)
class Change:
    """A change of one resource of a stack. `loses` says that Takip would lose what the resource holds."""

    action: str
    name: str
    kind: str
    loses: bool


def stack_name(environment: str) -> str:
    """The stack of an environment."""
    return f"takip-{environment}-resources"


def put_stack(aws: Aws, environment: str) -> None:
    """Create or update the environment's stack, and wait for the end.

    Raises Problem with CloudFormation's reasons.
    """
    cloudformation = aws.client("cloudformation")
    name = stack_name(environment)
    status = status_of(aws, environment)
    if status == "ROLLBACK_COMPLETE":  # a failed first creation: the stack is empty and cannot be updated
        delete_stack(aws, environment)
        status = None
    elif status and status.endswith("_IN_PROGRESS"):
        raise Problem(f"CloudFormation is still at work on {name} ({status}). Try again in a minute.")
    request = _request(aws, environment)
    try:
        if status is None:
            cloudformation.create_stack(**request)
            _wait(cloudformation, "stack_create_complete", name)
        else:
            cloudformation.update_stack(**request)
            _wait(cloudformation, "stack_update_complete", name)
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise Problem(f"CloudFormation refused the stack {name}: {error}") from error


def delete_stack(aws: Aws, environment: str) -> None:
    """Delete the environment's stack with all it holds, and wait for the end.

    Raises Problem with CloudFormation's reasons.
    """
    cloudformation = aws.client("cloudformation")
    cloudformation.delete_stack(StackName=stack_name(environment))
    _wait(cloudformation, "stack_delete_complete", stack_name(environment))


def status_of(aws: Aws, environment: str) -> str | None:
    """CloudFormation's status of the environment's stack; None if there is no stack."""
    described = aws.client("cloudformation").describe_stacks
    try:
        status: str = described(StackName=stack_name(environment))["Stacks"][0]["StackStatus"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return None if status == "DELETE_COMPLETE" else status


def changes(aws: Aws, environment: str) -> list[Change]:
    """What `put_stack` would change in an existing stack. A change set tells it, and is deleted again.

    Raises Problem with CloudFormation's reason.
    """
    cloudformation = aws.client("cloudformation")
    made = cloudformation.create_change_set(
        ChangeSetName="takip-check", ChangeSetType="UPDATE", **_request(aws, environment)
    )["Id"]
    try:
        cloudformation.get_waiter("change_set_create_complete").wait(ChangeSetName=made, WaiterConfig=_PACE)
    except WaiterError as error:
        reason = cloudformation.describe_change_set(ChangeSetName=made).get("StatusReason", "")
        if not any(nothing in reason for nothing in _NOTHING):
            raise Problem(f"CloudFormation cannot tell what would change: {reason}") from error
        return []
    else:
        pages = cloudformation.get_paginator("describe_change_set").paginate(ChangeSetName=made)
        return [_change(each["ResourceChange"]) for page in pages for each in page["Changes"]]
    finally:
        cloudformation.delete_change_set(ChangeSetName=made)


def _change(told: dict[str, Any]) -> Change:
    loses = told["Action"] == "Remove" or told.get("Replacement") == "True"
    return Change(told["Action"], told["LogicalResourceId"], told["ResourceType"], loses)


def _request(aws: Aws, environment: str) -> dict[str, Any]:
    return {
        "StackName": stack_name(environment),
        "TemplateBody": TEMPLATE.read_text(encoding="utf-8"),
        "Parameters": [
            {"ParameterKey": "Environment", "ParameterValue": environment},
            {"ParameterKey": "WithIot", "ParameterValue": "true" if has_iot(aws) else "false"},
            {"ParameterKey": "WithXray", "ParameterValue": "false" if aws.endpoint else "true"},
        ],
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
    }


def _wait(cloudformation: Any, until: str, name: str) -> None:
    try:
        cloudformation.get_waiter(until).wait(StackName=name, WaiterConfig=_PACE)
    except WaiterError as error:
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        reasons = [
            f"  {event['LogicalResourceId']}: {event['ResourceStatusReason']}"
            for event in reversed(events)
            if event["ResourceStatus"].endswith("FAILED") and "ResourceStatusReason" in event
        ]
        raise Problem("\n".join([f"CloudFormation could not bring {name} to where it should be:", *reasons])) from error
