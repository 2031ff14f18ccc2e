"""Attachments of issues over HTTP: the form, confirming, listing, and what is refused."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
import requests
from moto.core.models import DEFAULT_ACCOUNT_ID

from chalicelib.domain.andon.attachments import CONFIRM_WITHIN, LARGEST_BYTES, MOST_ATTACHMENTS, UPLOAD_WITHIN
from chalicelib.storage import table
from tests.attachments import attach, finish, kept, picture, upload
from tests.aws_in_memory import Clients
from tests.conftest import BUCKET, SetClock
from tests.floor import Plant
from tests.machines import standing

WANTED = {"content_type": "image/png", "size_bytes": 9, "name": "Ölçüm 3.png"}


@pytest.fixture
def issue(floor: Plant) -> str:
    """An issue on the worker's stage."""
    floor.order(id="WO-1")
    reported = floor.worker.post("/stages/WO-1-01/issue", {"type": "quality", "description": "Scratches"}).data
    return str(reported["id"])


@pytest.fixture
def path(issue: str) -> str:
    """The attachments of the issue."""
    return f"/issues/{issue}/attachments"


def policy_of(made: Any) -> dict[str, Any]:
    policy: dict[str, Any] = json.loads(base64.b64decode(made["upload"]["fields"]["policy"]))
    return policy


def test_a_form_uploads_exactly_what_was_declared_to_one_place(floor: Plant, path: str, issue: str) -> None:
    made = floor.worker.post(path, WANTED)
    assert made.status == 201
    assert made.data.items() >= (WANTED | {"status": "waiting", "created_by": floor.worker.id}).items()
    assert (made.data["download"], made.data["thumbnail"]) == (None, None)

    key = f"uploads/default/{issue}/{made.data['id']}"
    assert made.data["upload"]["url"] == f"https://{BUCKET}.s3.eu-central-1.amazonaws.com/"
    assert made.data["upload"]["fields"]["key"] == key
    conditions = policy_of(made.data)["conditions"]
    assert {"Content-Type": "image/png"} in conditions
    assert {"key": key} in conditions
    assert {"bucket": BUCKET} in conditions
    assert ["content-length-range", 9, 9] in conditions


def test_the_form_is_valid_for_some_minutes_and_the_same_request_gets_it_again(
    floor: Plant, path: str, set_clock: SetClock
) -> None:
    first = floor.worker.post(path, WANTED, key="k").data
    set_clock.forward(UPLOAD_WITHIN - timedelta(seconds=1))
    again = floor.worker.post(path, WANTED, key="k")
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (again.data["id"], again.data["upload"]["fields"]["key"]) == (first["id"], first["upload"]["fields"]["key"])
    assert policy_of(again.data)["expiration"] < policy_of(first)["expiration"]
    set_clock.forward(timedelta(seconds=1))
    assert "upload" not in floor.worker.post(path, WANTED, key="k").data
    assert len(standing("attachments")[0].data["attachments"]) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("content_type", "image/svg+xml"),
        ("content_type", "text/html"),
        ("content_type", "image/gif"),
        ("content_type", "IMAGE/JPEG"),
        ("content_type", "image/jpeg; charset=utf-8"),
        ("size_bytes", 0),
        ("size_bytes", LARGEST_BYTES + 1),
        ("size_bytes", True),
        ("size_bytes", "9"),
        ("name", ""),
        ("name", "  "),
        ("name", "a" * 201),
        ("name", "gpj.\u202eexe"),
        ("name", "a\u0000.jpg"),
        ("name", "a\r\nSet-Cookie: x"),
        ("name", "a\u200b.jpg"),
    ],
)
def test_another_type_size_or_name_is_refused_with_the_field(floor: Plant, path: str, field: str, value: Any) -> None:
    refused = floor.worker.post(path, WANTED | {field: value})
    assert (refused.status, list(refused.fields())) == (422, [field])


def test_a_name_is_stored_as_other_texts_are_and_is_no_part_of_the_key(floor: Plant, path: str) -> None:
    made = floor.worker.post(path, WANTED | {"name": " ../../../O\u0308lc\u0327u\u0308m 3.png\n"}).data
    assert made["name"] == "../../../Ölçüm 3.png"
    assert ".." not in made["upload"]["fields"]["key"]


def test_what_was_confirmed_is_listed_and_once_it_is_ready_it_is_downloaded(
    floor: Plant, issue: str, path: str, aws: Clients
) -> None:
    made = attach(floor.worker, issue, picture(), name="Ölçüm.jpg")
    assert floor.planner.get(path).items == []

    confirmed = floor.worker.post(f"{path}/{made['id']}/confirm")
    assert (confirmed.status, confirmed.data["status"]) == (200, "processing")
    (listed,) = floor.planner.get(path).items
    assert (listed["download"], listed["thumbnail"], listed["links_expire_at"]) == (None, None, None)
    queue = aws.sqs.get_queue_url(QueueName="takip-test-pictures")["QueueUrl"]
    (message,) = aws.sqs.receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(message["Body"]) == {"tenant": "default", "issue_id": issue, "attachment_id": made["id"]}

    finish(made, issue)
    (listed,) = floor.planner.get(path).items
    assert (listed["status"], listed["refusal"]) == ("ready", None)
    assert "response-content-disposition=attachment" in listed["download"]
    assert "filename%2A%3DUTF-8%27%27%25C3%2596l%25C3%25A7%25C3%25BCm.jpg" in listed["download"]
    download, thumbnail = requests.get(listed["download"], timeout=5), requests.get(listed["thumbnail"], timeout=5)
    assert (download.headers["Content-Type"], thumbnail.headers["Content-Type"]) == ("image/jpeg", "image/webp")
    assert download.headers["Content-Disposition"].startswith('attachment; filename="_l__m.jpg"')
    assert listed["links_expire_at"] > listed["confirmed_at"]


def test_confirming_again_changes_nothing(floor: Plant, issue: str, path: str, set_clock: SetClock) -> None:
    made = attach(floor.worker, issue, picture())
    first = floor.worker.post(f"{path}/{made['id']}/confirm").data
    set_clock.forward(UPLOAD_WITHIN)
    assert floor.planner.post(f"{path}/{made['id']}/confirm").data == first
    finish(made, issue)
    set_clock.forward(CONFIRM_WITHIN)
    assert floor.worker.post(f"{path}/{made['id']}/confirm").data == first | {"status": "ready"}
    (item,) = standing("attachments")
    assert item.revision == 3
    assert item.expires_at is None


def test_a_dry_run_gives_no_form_and_asks_for_no_copy(floor: Plant, issue: str, path: str, aws: Clients) -> None:
    tried = floor.worker.post(f"{path}?dry_run=1", WANTED)
    assert (tried.status, "upload" in tried.data) == (201, False)
    assert standing("attachments") == []

    made = attach(floor.worker, issue, picture())
    assert floor.worker.post(f"{path}/{made['id']}/confirm?dry_run=1").data["status"] == "processing"
    assert floor.planner.get(path).items == []
    queue = aws.sqs.get_queue_url(QueueName="takip-test-pictures")["QueueUrl"]
    assert "Messages" not in aws.sqs.receive_message(QueueUrl=queue)


def test_what_was_never_uploaded_cannot_be_confirmed(floor: Plant, path: str) -> None:
    made = floor.worker.post(path, WANTED).data
    refused = floor.worker.post(f"{path}/{made['id']}/confirm")
    assert (refused.status, refused.error["code"]) == (409, "ERR_ATTACHMENT_NOT_UPLOADED")
    assert floor.worker.post(f"{path}/unknown/confirm").error["code"] == "ERR_ATTACHMENT_NOT_FOUND"


@pytest.mark.parametrize(("content", "kind"), [(b"ten bytes!", "image/png"), (b"uploaded!", "text/html")])
def test_what_the_store_should_have_refused_cannot_be_confirmed(
    floor: Plant, path: str, content: bytes, kind: str
) -> None:
    made = floor.worker.post(path, WANTED).data
    upload(made, content, content_type=kind)
    assert floor.worker.post(f"{path}/{made['id']}/confirm").error["code"] == "ERR_ATTACHMENT_DIFFERS"


def test_what_was_not_confirmed_within_an_hour_is_gone(
    floor: Plant, issue: str, path: str, set_clock: SetClock
) -> None:
    made = attach(floor.worker, issue)
    (item,) = standing("attachments")
    assert item.expires_at == int((set_clock() + CONFIRM_WITHIN).timestamp())
    set_clock.forward(CONFIRM_WITHIN)
    assert floor.worker.post(f"{path}/{made['id']}/confirm").status == 404


def test_an_issue_has_a_bound_of_attachments_also_for_two_at_once(
    floor: Plant, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(MOST_ATTACHMENTS - 1):
        assert floor.worker.post(path, WANTED).status == 201
    transact, others = table.transact, []

    def another_first(*args: Any, **kwargs: Any) -> None:
        monkeypatch.setattr(table, "transact", transact)
        others.append(floor.planner.post(path, WANTED).status)
        transact(*args, **kwargs)

    monkeypatch.setattr(table, "transact", another_first)
    refused = floor.worker.post(path, WANTED)
    assert (others, refused.status, refused.error["code"]) == ([201], 409, "ERR_ATTACHMENT_TOO_MANY")
    assert len(standing("attachments")[0].data["attachments"]) == MOST_ATTACHMENTS


def test_a_resolved_issue_takes_pictures_of_its_repair(floor: Plant, issue: str, path: str) -> None:
    before = attach(floor.worker, issue, picture())
    floor.planner.patch(f"/issues/{issue}", {"status": "resolved"}, If_Match="*")
    after = attach(floor.worker, issue, picture())
    for made in (before, after):
        assert floor.worker.post(f"{path}/{made['id']}/confirm").status == 200
    assert [each["id"] for each in floor.worker.get(path).items] == [before["id"], after["id"]]


def test_issues_of_machines_have_attachments_too(floor: Plant) -> None:
    issue = floor.worker.post("/machines/M1/issue", {"type": "quality", "description": "It rattles"}).data["id"]
    made = attach(floor.worker, issue, picture())
    assert floor.other.post(f"/issues/{issue}/attachments/{made['id']}/confirm").status == 200
    finish(made, issue)
    assert [each["status"] for each in floor.other.get(f"/issues/{issue}/attachments").items] == ["ready"]
    assert set(kept()) == {f"{kind}/default/{issue}/{made['id']}" for kind in ("copies", "thumbnails")}


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_see_the_issue_is_told_that_there_is_none(floor: Plant, path: str, method: str) -> None:
    refused = floor.other.get(path) if method == "get" else floor.other.post(path, WANTED)
    assert (refused.status, refused.error["code"]) == (404, "ERR_ISSUE_NOT_FOUND")


def test_the_account_is_part_of_the_name_of_the_bucket(floor: Plant, path: str) -> None:
    assert BUCKET.endswith(DEFAULT_ACCOUNT_ID)
    assert BUCKET in floor.worker.post(path, WANTED).data["upload"]["url"]
