"""Administration: the tools run Takip's own code in a separate process, on the emulator's table."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.administration import ask, log, make_admin
from infra.aws import Aws
from infra.problem import Problem
from infra.stack import delete_stack, put_stack


@pytest.fixture(scope="module")
def stacked(emulated: Aws) -> Iterator[Aws]:
    """The resources of the local environment, without any function."""
    put_stack(emulated, "local")
    yield emulated
    delete_stack(emulated, "local")


def person(username: str, **fields: Any) -> dict[str, Any]:
    return {"username": username, "full_name": None, "email": None, "role": "worker"} | fields


def enrolled(aws: Aws, username: str) -> list[dict[str, Any]]:
    return list(
        ask(aws, "local", "enrol people", {"tenant": "default", "people": [person(username)], "dry_run": False})
    )


def logged(aws: Aws) -> list[dict[str, Any]]:
    where = {"logGroupName": "/aws/lambda/takip-local", "logStreamNames": ["administration"]}
    return [json.loads(event["message"]) for event in aws.client("logs").filter_log_events(**where)["events"]]


def test_an_admin_is_made_once(stacked: Aws) -> None:
    assert make_admin(stacked, "local", "ada", "a-long-password")
    assert not make_admin(stacked, "local", "ADA", "another-password")


def test_all_that_is_wrong_is_told_at_once(stacked: Aws) -> None:
    with pytest.raises(Problem) as refused:
        make_admin(stacked, "local", "ali", "ali")

    assert "password: must have at least 8 characters\npassword: must not contain the username" in str(refused.value)


def test_what_breaks_is_told_with_its_last_words(emulated: Aws) -> None:
    with pytest.raises(Problem, match=r"\(fly\)(?s:.*)KeyError: 'fly'"):
        list(ask(emulated, "local", "fly", {}))


def test_only_a_tenant_that_is_there_gets_an_admin(stacked: Aws) -> None:
    with pytest.raises(Problem, match="acme"):
        make_admin(stacked, "local", "ada", "a-long-password", "acme")


def test_people_are_enrolled_once_with_passwords_of_their_own(stacked: Aws) -> None:
    people = [person("veli"), person("oya"), person("VELI"), person("bad  name", email="nowhere")]

    tried = list(ask(stacked, "local", "enrol people", {"tenant": "default", "people": people, "dry_run": True}))
    done = list(ask(stacked, "local", "enrol people", {"tenant": "default", "people": people, "dry_run": False}))

    assert [answer["outcome"] for answer in tried] == ["enrolled", "enrolled", "enrolled", "refused"]
    assert [answer["outcome"] for answer in done] == ["enrolled", "enrolled", "already there", "refused"]
    assert [reason.partition(":")[0] for reason in done[3]["reasons"]] == ["username", "email"]
    assert done[0]["one_time_password"] != done[1]["one_time_password"]


def test_nobody_is_enrolled_in_a_tenant_that_is_not_there(stacked: Aws) -> None:
    with pytest.raises(Problem, match="acme"):
        list(ask(stacked, "local", "enrol people", {"tenant": "acme", "people": [person("ali")], "dry_run": False}))


def test_a_rotated_key_is_written_down_for_every_tenant(stacked: Aws) -> None:
    assert list(ask(stacked, "local", "key rotated", {"kid": "k7", "replaces_all": False})) == []

    items = stacked.client("dynamodb").scan(TableName="takip-local")["Items"]
    (event,) = [item for item in items if "key_rotated" in str(item)]
    assert "k7" in str(event)
    assert "system" in str(event)


def test_what_happened_is_logged_where_the_api_logs(stacked: Aws) -> None:
    for kid in ("k8", "k9"):
        list(ask(stacked, "local", "key rotated", {"kid": kid, "replaces_all": True}))

    lines = [line for line in logged(stacked) if line["event"] == "key_rotated"]
    assert [line["detail"]["kid"] for line in lines[-2:]] == ["k8", "k9"]
    assert {(line["message"], line["service"]) for line in lines} == {("security", "takip-local")}


def test_a_log_that_cannot_be_written_is_told_once_and_stops_nothing(
    stacked: Aws, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(log, "log_group", lambda _environment: "/nowhere")
    people = {"tenant": "default", "people": [person("can"), person("naz")], "dry_run": False}

    assert len(list(ask(stacked, "local", "enrol people", people))) == 2

    (told,) = caplog.messages
    assert told.startswith("This could not be written to the log /nowhere: ")


def test_logins_are_moved_to_the_names_of_today(stacked: Aws) -> None:
    assert [answer["outcome"] for answer in enrolled(stacked, "ışık")] == ["enrolled"]
    assert list(ask(stacked, "local", "move logins", {})) == []
    tables = stacked.client("dynamodb")
    (login,) = [item for item in tables.scan(TableName="takip-local")["Items"] if "LOGIN#işik" in item["PK"]["S"]]
    tables.delete_item(TableName="takip-local", Key={name: login[name] for name in ("PK", "SK")})
    tables.put_item(TableName="takip-local", Item=login | {"PK": {"S": "T#default#LOGIN#ışık"}})

    moved = {"tenant": "default", "username": "ışık", "is_moved": True}
    assert list(ask(stacked, "local", "move logins", {})) == [moved]
    assert [answer["outcome"] for answer in enrolled(stacked, "IŞIK")] == ["already there"]


def test_a_company_leaves_with_its_data_and_is_gone(stacked: Aws, tmp_path: Path) -> None:
    list(ask(stacked, "local", "create tenant", {"id": "acme", "settings": {}}))
    list(ask(stacked, "local", "enrol people", {"tenant": "acme", "people": [person("veli")], "dry_run": False}))
    account = stacked.client("sts").get_caller_identity()["Account"]
    files, where = stacked.client("s3"), {"Bucket": f"takip-local-files-{account}"}
    files.put_object(**where, Key="copies/acme/I-1/A-1", Body=b"photo", ContentType="image/jpeg")

    *_, told = ask(stacked, "local", "take tenant along", {"id": "acme", "to": str(tmp_path)})
    assert (told["files"], told["rows"]["data/user.ndjson"]) == (1, 1)
    assert (tmp_path / "files/I-1/A-1.jpg").read_bytes() == b"photo"

    list(ask(stacked, "local", "close tenant", {"id": "acme"}))
    tables, key = stacked.client("dynamodb"), {"PK": {"S": "T#acme"}, "SK": {"S": "TENANT"}}
    tables.update_item(  # a day ago, so that nobody's sign-in is waited for
        TableName="takip-local",
        Key=key,
        UpdateExpression="SET #d.closed_at = :then",
        ExpressionAttributeNames={"#d": "data"},
        ExpressionAttributeValues={":then": {"S": "2026-01-05T08:00:00.000Z"}},
    )
    assert list(ask(stacked, "local", "delete tenant", {"id": "acme"}))[-1] == {"left": 0}
    assert "acme" not in str(tables.scan(TableName="takip-local")["Items"])
    assert "Contents" not in files.list_objects_v2(**where)
