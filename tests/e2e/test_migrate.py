"""Items moved up and down on the deployed table: stopped and resumed, under live writes, and nothing is lost.

`--full` takes 2,000 items.
"""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from click.testing import CliRunner

from infra.administration import ask
from infra.cli import commands, migrate
from tests.e2e.conftest import ENVIRONMENT, Deployed
from tests.sampling import IS_FULL

ITEMS = 2_000 if IS_FULL else 500
PARTITION = "T#moved#MACHINES"
GIVEN = {"rate": 10_000, "dry_run": False, "by": "ada"}


def stored(number: int) -> dict[str, Any]:
    """A machine as the first release stored it."""
    data = {"id": f"M{number}", "name": f"Press {number}", "created_at": "2026-01-05T08:00:00Z"}
    plain = {"PK": PARTITION, "SK": f"M#{number:04}", "kind": "machine", "schema": 1, "data": data}
    return dict(TypeSerializer().serialize(plain)["M"])


@pytest.fixture
def table(deployed: Deployed) -> Iterator[Any]:
    """A client of the table, which holds old machines."""
    client = deployed.client("dynamodb")
    name = deployed.site.table
    for first in range(0, ITEMS, 25):
        puts = [{"PutRequest": {"Item": stored(number)}} for number in range(first, first + 25)]
        client.batch_write_item(RequestItems={name: puts})
    yield client
    for each in read(client, name):
        client.delete_item(TableName=name, Key={"PK": {"S": PARTITION}, "SK": {"S": each["SK"]}})


def read(client: Any, name: str) -> list[dict[str, Any]]:
    """The machines, as plain values."""
    pages = client.get_paginator("query").paginate(
        TableName=name,
        KeyConditionExpression="PK = :pk",
        ExpressionAttributeValues={":pk": {"S": PARTITION}},
        ConsistentRead=True,
    )
    return [TypeDeserializer().deserialize({"M": item}) for page in pages for item in page["Items"]]


def rename(client: Any, name: str, number: int) -> None:
    """Rename a machine and count its change, whatever form it has, as a release does that knows both."""
    client.update_item(
        TableName=name,
        Key={"PK": {"S": PARTITION}, "SK": {"S": f"M#{number:04}"}},
        UpdateExpression="SET #d.#n = :name, revision = if_not_exists(revision, :one) + :one",
        ExpressionAttributeNames={"#d": "data", "#n": "name"},
        ExpressionAttributeValues={":name": {"S": "renamed"}, ":one": {"N": "1"}},
    )


def test_nothing_is_lost_when_it_is_stopped_and_resumed_under_live_writes_up_and_down(
    deployed: Deployed, table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = deployed.site.table
    for direction, reached in (("up", 2), ("down", 1)):
        given = {**GIVEN, "direction": direction}
        for answer in ask(deployed.aws, ENVIRONMENT, "migrate", given):
            if "seen" in answer:  # stopped after its first step
                break
        ended = threading.Event()
        renamed: list[int] = []

        def people(ended: threading.Event = ended, renamed: list[int] = renamed) -> None:
            while not ended.wait(0.05):
                rename(table, name, number := len(renamed) * 13 % ITEMS)
                renamed.append(number)

        busy = threading.Thread(target=people)
        busy.start()
        try:
            list(ask(deployed.aws, ENVIRONMENT, "migrate", given))
        finally:
            ended.set()
            busy.join()
        machines = {each["data"]["id"]: each for each in read(table, name)}
        assert len(machines) == ITEMS
        assert renamed
        assert all(machines[f"M{number}"]["data"]["name"] == "renamed" for number in renamed)
        assert {each["schema"] for each in machines.values()} == {reached}
        assert {each.get("revision", 0) > 0 for each in machines.values()} == {True}

    monkeypatch.setattr(migrate, "aws_of", lambda _stage: deployed.aws)
    told = CliRunner().invoke(commands.takip, ["migrate", "status"], catch_exceptions=False).output
    assert "The table holds   schema 1\n" in told
    assert "To be run         0002 Every machine, product and webhook has a revision\n" in told
    assert told.count("Has run") == 2
