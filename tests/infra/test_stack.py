"""The stack in every status in which an interrupted or failed deployment leaves it. CloudFormation is written here."""

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra import cloudformation, stack
from infra.aws import Aws
from infra.deployment import tables, watching
from infra.problem import Problem

NAME = "takip-dev-resources"
GONE: str | None = None


class CloudFormation:
    """One stack, with the statuses in which it is found, one after the other; the last one stays."""

    def __init__(self, *statuses: str | None, after: dict[str, str | None]) -> None:
        self.statuses, self.after = list(statuses), after
        self.asked: list[tuple[str, str | None]] = []  # each change, and whether the table is to be protected

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803  as boto3 names it
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if status is None:
            raise ClientError({"Error": {"Message": f"Stack {StackName} does not exist"}}, "DescribeStacks")
        return {"Stacks": [{"StackStatus": status}]}

    def describe_stack_events(self, **_: str) -> dict[str, Any]:
        table = {"LogicalResourceId": "Table", "ResourceStatus": "CREATE_FAILED", "ResourceStatusReason": "No room"}
        return {"StackEvents": [table, {"LogicalResourceId": "Queue", "ResourceStatus": "CREATE_COMPLETE"}]}

    def _change(self, verb: str, request: dict[str, Any]) -> None:
        given = {each["ParameterKey"]: each["ParameterValue"] for each in request.get("Parameters", [])}
        self.asked.append((verb, given.get("Protected")))
        self.statuses = [f"{verb.upper()}_IN_PROGRESS", self.after[verb]]

    def create_stack(self, **request: Any) -> None:
        self._change("create", request)

    def update_stack(self, **request: Any) -> None:
        self._change("update", request)

    def delete_stack(self, **request: Any) -> None:
        self._change("delete", request)


SUCCESS = {"create": "CREATE_COMPLETE", "update": "UPDATE_COMPLETE", "delete": GONE}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)


def put(monkeypatch: pytest.MonkeyPatch, *statuses: str | None, **after: str | None) -> list[tuple[str, str | None]]:
    """Put the stack that is found so. Returns what CloudFormation was asked for."""
    cloudformation = CloudFormation(*statuses, after=SUCCESS | after)
    monkeypatch.setattr(Aws, "client", lambda _aws, _service: cloudformation)
    stack.put_stack(Aws("eu-central-1"), "dev")
    return cloudformation.asked


CREATED = [("create", "false"), ("update", "true")]
UPDATED = [("update", "true")]


def test_a_table_is_protected_when_everything_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    assert put(monkeypatch, GONE) == CREATED


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_a_stack_that_is_there_stays_protected(monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    assert put(monkeypatch, status) == UPDATED


def test_what_is_under_way_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert put(monkeypatch, "CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_COMPLETE") == UPDATED
    assert put(monkeypatch, "DELETE_IN_PROGRESS", GONE) == CREATED
    assert put(monkeypatch, "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE") == [("delete", None), *CREATED]


def test_a_stack_that_never_settles_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloudformation, "SECONDS", 0)
    with pytest.raises(Problem, match=r"still at work.*UPDATE_IN_PROGRESS.*Try again later"):
        put(monkeypatch, "UPDATE_IN_PROGRESS")


@pytest.mark.parametrize("status", ["ROLLBACK_FAILED", "DELETE_FAILED"])
def test_a_stack_that_is_half_there_is_told_with_the_way_out(monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    with pytest.raises(Problem, match=rf"{NAME} is half there \({status}\)(?s:.*)takip.py destroy --stage dev"):
        put(monkeypatch, status)


def test_an_update_that_could_not_be_taken_back_is_told_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Problem, match=rf"continue-update-rollback --region eu-central-1 --stack-name {NAME}"):
        put(monkeypatch, "UPDATE_ROLLBACK_FAILED")


@pytest.mark.parametrize(("verb", "before"), [("create", GONE), ("update", "CREATE_COMPLETE")])
def test_reasons_of_a_failure_are_told(monkeypatch: pytest.MonkeyPatch, verb: str, before: str | None) -> None:
    with pytest.raises(Problem, match=rf"could not bring {NAME} to where it should be:\n  Table: No room$"):
        put(monkeypatch, before, **{verb: "ROLLBACK_COMPLETE"})


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "UPDATE_ROLLBACK_FAILED", "DELETE_FAILED"])
def test_stacks_of_alarms_that_cannot_be_updated_are_made_anew(monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    made = CloudFormation(status, after=SUCCESS)
    monkeypatch.setattr(Aws, "client", lambda _aws, _service: made)
    monkeypatch.setattr(tables, "serving", lambda _aws, environment: tables.first(environment))
    watching.put(Aws("eu-central-1"), "dev")
    assert [verb for verb, _ in made.asked] == ["delete", "create", "update"]
