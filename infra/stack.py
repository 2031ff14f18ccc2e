"""The resources of `infra/resources.yaml`, brought to AWS by CloudFormation."""

from typing import Any

from botocore.exceptions import ClientError, WaiterError

from infra.aws import Aws
from infra.iot import has_iot
from infra.places import PROJECT
from infra.problem import Problem

TEMPLATE = PROJECT / "infra" / "resources.yaml"
_SECONDS_BETWEEN_LOOKS = 1
_LOOKS = 900


def stack_name(environment: str) -> str:
    """The stack of an environment."""
    return f"takip-{environment}-resources"


def put_stack(aws: Aws, environment: str) -> None:
    """Create or update the environment's stack, and wait for the end.

    Raises Problem with CloudFormation's reasons.
    """
    cloudformation = aws.client("cloudformation")
    name = stack_name(environment)
    status = _status(cloudformation, name)
    if status == "ROLLBACK_COMPLETE":  # a failed first creation: the stack is empty and cannot be updated
        delete_stack(aws, environment)
        status = None
    elif status and status.endswith("_IN_PROGRESS"):
        raise Problem(f"CloudFormation is still at work on {name} ({status}). Try again in a minute.")
    request = {
        "StackName": name,
        "TemplateBody": TEMPLATE.read_text(encoding="utf-8"),
        "Parameters": [
            {"ParameterKey": "Environment", "ParameterValue": environment},
            {"ParameterKey": "WithIot", "ParameterValue": "true" if has_iot(aws) else "false"},
            {"ParameterKey": "WithXray", "ParameterValue": "false" if aws.endpoint else "true"},
        ],
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
    }
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


def _status(cloudformation: Any, name: str) -> str | None:
    try:
        status: str = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return None if status == "DELETE_COMPLETE" else status


def _wait(cloudformation: Any, until: str, name: str) -> None:
    pace = {"Delay": _SECONDS_BETWEEN_LOOKS, "MaxAttempts": _LOOKS}
    try:
        cloudformation.get_waiter(until).wait(StackName=name, WaiterConfig=pace)
    except WaiterError as error:
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        reasons = [
            f"  {event['LogicalResourceId']}: {event['ResourceStatusReason']}"
            for event in reversed(events)
            if event["ResourceStatus"].endswith("FAILED") and "ResourceStatusReason" in event
        ]
        raise Problem("\n".join([f"CloudFormation could not bring {name} to where it should be:", *reasons])) from error
