"""CloudFormation: brings a stack to where it should be, waits for the end, and tells why something failed."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from infra.aws import Aws
from infra.problem import Problem

SECONDS_BETWEEN_LOOKS = 1
SECONDS = 900
# A first creation failed and was taken back; such a stack cannot be updated.
EMPTY = "ROLLBACK_COMPLETE"
_PACE = {"Delay": SECONDS_BETWEEN_LOOKS, "MaxAttempts": SECONDS}
# How CloudFormation says that a change set holds no change.
_NOTHING = ("didn't contain changes", "No updates are to be performed")


@dataclass(frozen=True)
class Change:
    """A change of one resource of a stack. `loses` says that Takip would lose what the resource holds."""

    action: str
    name: str
    kind: str
    loses: bool


def bring(aws: Aws, name: str, ask: Callable[[], object], wanted: str | None) -> None:
    """Ask CloudFormation for a change, and wait until the stack has the wanted status; None: until it is gone.

    Raises Problem with CloudFormation's reasons.
    """
    try:
        ask()
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            return
        raise Problem(f"CloudFormation refused the stack {name}: {error}") from error
    if settled(aws, name) != wanted:
        reasons = _reasons(aws.client("cloudformation"), name)
        raise Problem("\n".join([f"CloudFormation could not bring {name} to where it should be:", *reasons]))


def put(aws: Aws, name: str, request: Mapping[str, Any], stuck: Collection[str] = (EMPTY,)) -> None:
    """Create or update a stack. One with a `stuck` status, which cannot be updated, is made anew. Raises Problem."""
    client, status = aws.client("cloudformation"), settled(aws, name)
    if status in stuck:
        delete(aws, name)
        status = None
    if status is None:
        bring(aws, name, lambda: client.create_stack(StackName=name, **request), "CREATE_COMPLETE")
    else:
        bring(aws, name, lambda: client.update_stack(StackName=name, **request), "UPDATE_COMPLETE")


def delete(aws: Aws, name: str) -> None:
    """Delete a stack with all it holds, and wait for the end. Raises Problem with CloudFormation's reasons."""
    settled(aws, name)
    client = aws.client("cloudformation")
    bring(aws, name, lambda: client.delete_stack(StackName=name), None)


def settled(aws: Aws, name: str) -> str | None:
    """The status of a stack once CloudFormation does not work on it. None if there is no stack. Raises Problem."""
    deadline = time.monotonic() + SECONDS
    while (status := status_of(aws, name)) and status.endswith("_IN_PROGRESS"):
        if time.monotonic() > deadline:
            raise Problem(f"CloudFormation is still at work on {name} ({status}). Try again later.")
        time.sleep(SECONDS_BETWEEN_LOOKS)
    return status


def changes(aws: Aws, name: str, request: Mapping[str, Any]) -> list[Change]:
    """What an update would change in an existing stack. A change set tells it, and is deleted again.

    `request` has the template and the parameters. Raises Problem with CloudFormation's reason.
    """
    client = aws.client("cloudformation")
    kind = {"ChangeSetName": "takip-check", "ChangeSetType": "UPDATE"}
    made = client.create_change_set(StackName=name, **kind, **request)["Id"]
    try:
        client.get_waiter("change_set_create_complete").wait(ChangeSetName=made, WaiterConfig=_PACE)
    except WaiterError as error:
        reason = client.describe_change_set(ChangeSetName=made).get("StatusReason", "")
        if not any(nothing in reason for nothing in _NOTHING):
            raise Problem(f"CloudFormation cannot tell what would change: {reason}") from error
        return []
    else:
        pages = client.get_paginator("describe_change_set").paginate(ChangeSetName=made)
        return [_change(each["ResourceChange"]) for page in pages for each in page["Changes"]]
    finally:
        client.delete_change_set(ChangeSetName=made)


def _change(told: Mapping[str, Any]) -> Change:
    loses = told["Action"] == "Remove" or told.get("Replacement") == "True"
    return Change(told["Action"], told["LogicalResourceId"], told["ResourceType"], loses)


def status_of(aws: Aws, name: str) -> str | None:
    """CloudFormation's status of a stack; None if there is no stack."""
    status: str | None = _described(aws, name).get("StackStatus")
    return None if status == "DELETE_COMPLETE" else status


def parameter_of(aws: Aws, name: str, parameter: str) -> str:
    """A parameter with which a stack was last brought to AWS; empty if there is no stack."""
    values = _described(aws, name).get("Parameters", ())
    return next((str(each["ParameterValue"]) for each in values if each["ParameterKey"] == parameter), "")


def parameters(values: Mapping[str, object]) -> list[dict[str, str]]:
    """Values as CloudFormation takes them."""
    return [{"ParameterKey": name, "ParameterValue": _text(value)} for name, value in values.items()]


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _described(aws: Aws, name: str) -> Mapping[str, Any]:
    """What CloudFormation tells of a stack; empty if there is no stack."""
    describe = aws.client("cloudformation").describe_stacks
    try:
        found: Mapping[str, Any] = describe(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return {}
        raise
    return found


def _reasons(client: Any, name: str) -> list[str]:
    """Why resources failed, oldest first."""
    events = client.describe_stack_events(StackName=name)["StackEvents"]
    return [
        f"  {event['LogicalResourceId']}: {event['ResourceStatusReason']}"
        for event in reversed(events)
        if event["ResourceStatus"].endswith("FAILED") and "ResourceStatusReason" in event
    ]
