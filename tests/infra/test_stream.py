"""The connection of the table's stream: once, and only of the stream that the table has now."""

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.aws import Aws
from infra.deployment import stream

NOW, BEFORE = (
    "arn:aws:dynamodb:eu-central-1:1:table/t/stream/2026",
    "arn:aws:dynamodb:eu-central-1:1:table/t/stream/2025",
)


class Functions:
    """Lambda's mappings and DynamoDB's table, which moto cannot connect. It refuses a new role as often as told."""

    def __init__(self, *sources: str, refusals: int = 0, code: str = "InvalidParameterValueException") -> None:
        self.mappings = {f"id of {source}": source for source in sources}
        self.settings: dict[str, Any] = {}
        self.refusals, self.code = refusals, code

    def describe_table(self, **_: str) -> dict[str, Any]:
        return {"Table": {"LatestStreamArn": NOW}}

    def list_event_source_mappings(self, **_: str) -> dict[str, Any]:
        found = [{"UUID": identity, "EventSourceArn": source} for identity, source in self.mappings.items()]
        return {"EventSourceMappings": found}

    def delete_event_source_mapping(self, UUID: str) -> None:  # noqa: N803  as boto3 names it
        del self.mappings[UUID]

    def update_event_source_mapping(self, UUID: str, **settings: Any) -> None:  # noqa: N803
        assert UUID in self.mappings
        self.settings = settings

    def create_event_source_mapping(self, EventSourceArn: str, **settings: Any) -> None:  # noqa: N803
        if self.refusals:
            self.refusals -= 1
            raise ClientError({"Error": {"Code": self.code}}, "CreateEventSourceMapping")
        self.mappings["new"], self.settings = EventSourceArn, settings


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Connects the table's stream in this AWS."""
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)

    def run(functions: Functions) -> Functions:
        monkeypatch.setattr(Aws, "client", lambda _aws, _service: functions)
        stream.connect(Aws("eu-central-1"), "takip-dev-send_events", "t")
        return functions

    return run


def test_the_stream_is_connected_with_its_filter(connect: Any) -> None:
    functions = connect(Functions())
    assert functions.mappings == {"new": NOW}
    assert functions.settings["StartingPosition"] == "LATEST"
    assert "OUTBOX#" in functions.settings["FilterCriteria"]["Filters"][0]["Pattern"]


def test_a_stream_that_is_connected_gets_the_settings_of_this_release(connect: Any) -> None:
    functions = connect(Functions(NOW))
    assert functions.mappings == {f"id of {NOW}": NOW}
    assert functions.settings["BatchSize"] == 25


def test_the_stream_of_an_earlier_table_is_let_go(connect: Any) -> None:
    assert connect(Functions(BEFORE)).mappings == {"new": NOW}


def test_a_role_that_may_not_read_yet_is_tried_again_for_half_a_minute(connect: Any) -> None:
    assert connect(Functions(refusals=9)).mappings == {"new": NOW}
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        connect(Functions(refusals=10))


def test_another_error_is_not_tried_again(connect: Any) -> None:
    functions = Functions(refusals=2, code="AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDenied"):
        connect(functions)
    assert functions.refusals == 1


def test_what_was_connected_can_be_disconnected(connect: Any) -> None:
    functions = connect(Functions())
    stream.disconnect(Aws("eu-central-1"), "takip-dev-send_events")
    assert functions.mappings == {}
