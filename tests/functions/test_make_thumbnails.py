"""The queue's handler of confirmed uploads: copies, thumbnails, refusals, and what is handed over again."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from chalicelib.domain.andon.attachments import Attachment
from chalicelib.domain.errors import TakipError
from chalicelib.services.andon import attachments
from functions.make_thumbnails import make_thumbnails
from tests.attachments import attach, finish, kept, opened, picture, upload
from tests.conftest import Told
from tests.floor import Plant
from tests.lambdas import LambdaContext
from tests.machines import watched

PDF: dict[str, Any] = {"content_type": "application/pdf", "name": "report.pdf"}


@pytest.fixture
def issue(floor: Plant) -> str:
    """An issue on the worker's stage."""
    floor.order(id="WO-1")
    reported = floor.worker.post("/stages/WO-1-01/issue", {"type": "quality", "description": "Scratches"}).data
    return str(reported["id"])


def confirmed(plant: Plant, issue: str, content: bytes, **fields: Any) -> Any:
    """An attachment that was uploaded and confirmed."""
    made = attach(plant.worker, issue, content, **fields)
    assert plant.worker.post(f"/issues/{issue}/attachments/{made['id']}/confirm").status == 200
    return made


def deliver(issue: str, made: Any) -> dict[str, str]:
    """Deliver the message of a confirmed attachment."""
    body = json.dumps({"tenant": "default", "issue_id": issue, "attachment_id": made["id"]})
    done: dict[str, str] = make_thumbnails({"Records": [{"body": body}]}, LambdaContext())
    return done


def listed(plant: Plant, issue: str) -> tuple[Any, ...]:
    (only,) = plant.planner.get(f"/issues/{issue}/attachments").items
    return only["status"], only["refusal"], only["download"] is None, only["thumbnail"] is None


def test_a_picture_gets_a_clean_copy_and_a_thumbnail_and_its_upload_is_deleted(
    floor: Plant, issue: str, told: Told
) -> None:
    made = confirmed(floor, issue, picture(comment=b"41.0082"))
    told()
    assert deliver(issue, made) == {"status": "ready"}
    place = f"default/{issue}/{made['id']}"
    found = kept()
    assert set(found) == {f"copies/{place}", f"thumbnails/{place}"}
    assert b"41.0082" not in found[f"copies/{place}"]
    assert opened(found[f"thumbnails/{place}"]).size == (400, 300)
    assert listed(floor, issue) == ("ready", None, False, False)
    line = next(line for line in told() if line["message"] == "attachment finished")
    assert (line["level"], line["status"], line["attachment_id"]) == ("INFO", "ready", made["id"])
    assert "drill" not in json.dumps(line)


def test_a_document_is_copied_as_it_is_and_has_no_thumbnail(floor: Plant, issue: str) -> None:
    made = confirmed(floor, issue, b"%PDF-1.7\n...", **PDF)
    assert deliver(issue, made) == {"status": "ready"}
    assert kept() == {f"copies/default/{issue}/{made['id']}": b"%PDF-1.7\n..."}
    assert listed(floor, issue) == ("ready", None, False, True)


@pytest.mark.parametrize(
    ("content", "fields", "refusal"),
    [
        (b"%PDF-1.7", {}, "other_type"),
        (picture("PNG"), {}, "other_type"),
        (b"<svg/>", {"content_type": "image/png"}, "other_type"),
        (b"<html>%PDF-1.7", PDF, "other_type"),
        (picture(size=(64, 64))[:500], {}, "damaged"),
        (picture("PNG", (7100, 7100), "1"), {"content_type": "image/png"}, "too_many_pixels"),
    ],
)
def test_what_is_no_good_picture_or_document_is_told_and_its_upload_stays_to_be_looked_at(
    floor: Plant, issue: str, content: bytes, fields: dict[str, str], refusal: str
) -> None:
    made = confirmed(floor, issue, content, **fields)
    assert deliver(issue, made) == {"status": "refused", "refusal": refusal}
    assert listed(floor, issue) == ("refused", refusal, True, True)
    assert kept() == {f"uploads/default/{issue}/{made['id']}": content}
    assert deliver(issue, made) == {"status": "refused", "refusal": refusal}


def test_an_upload_that_was_replaced_after_it_was_confirmed_is_refused(floor: Plant, issue: str) -> None:
    made = confirmed(floor, issue, picture())
    upload(made, picture(size=(10, 10)))
    assert deliver(issue, made) == {"status": "refused", "refusal": "replaced"}
    assert kept("copies") == {}


def test_an_upload_that_is_replaced_once_it_is_finished_changes_nothing(floor: Plant, issue: str) -> None:
    made = confirmed(floor, issue, picture())
    deliver(issue, made)
    before = kept()
    upload(made, picture(size=(10, 10)))
    assert deliver(issue, made) == {"status": "ready"}
    assert kept() == before


def test_a_message_of_nothing_that_is_known_is_done(floor: Plant, issue: str) -> None:
    assert deliver(issue, {"id": "unknown"}) == {"status": "gone"}


def test_what_was_not_confirmed_yet_stays_as_it_is(floor: Plant, issue: str) -> None:
    made = attach(floor.worker, issue, picture())
    assert deliver(issue, made) == {"status": "waiting"}
    assert len(kept("uploads")) == 1


def test_two_runs_of_the_same_message_finish_it_once(floor: Plant, issue: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made, copied = confirmed(floor, issue, picture()), attachments._copied
    others: list[Attachment] = []

    def another_first(*given: Any) -> Any:
        monkeypatch.setattr(attachments, "_copied", copied)
        result = copied(*given)
        others.append(finish(made, issue))
        return result

    monkeypatch.setattr(attachments, "_copied", another_first)
    assert (finish(made, issue), len(others)) == (others[0], 1)
    assert listed(floor, issue)[0] == "ready"


@pytest.mark.parametrize("operation", ["GetObject", "PutObject", "DeleteObject"])
def test_while_the_store_is_away_the_message_is_handed_over_again_and_then_all_is_well(
    floor: Plant, issue: str, operation: str
) -> None:
    made = confirmed(floor, issue, picture())
    with watched(away(operation, 503, "SlowDown")), pytest.raises(TakipError) as failed:
        deliver(issue, made)
    assert failed.value.code == "ERR_FILES_UNAVAILABLE"
    assert deliver(issue, made) == {"status": "ready"}
    assert len(kept()) == 2


def test_a_right_that_is_missing_is_not_taken_for_an_upload_that_is(floor: Plant, issue: str) -> None:
    made = confirmed(floor, issue, picture())
    with watched(away("GetObject", 403, "AccessDenied")), pytest.raises(ClientError):
        deliver(issue, made)
    with watched(away("HeadObject", 403, "403")):
        waiting = attach(floor.worker, issue, picture())
        refused = floor.worker.post(f"/issues/{issue}/attachments/{waiting['id']}/confirm")
    assert refused.status == 500


@pytest.mark.parametrize("operation", ["HeadObject", "SendMessage"])
def test_what_cannot_be_confirmed_now_is_confirmed_again(floor: Plant, issue: str, operation: str) -> None:
    made = attach(floor.worker, issue, picture())
    path = f"/issues/{issue}/attachments/{made['id']}/confirm"
    with watched(unanswered(operation)):
        refused = floor.worker.post(path)
    assert (refused.status, refused.error["code"]) == (503, "ERR_FILES_UNAVAILABLE")
    assert floor.worker.post(path).data["status"] == "processing"


def away(operation: str, status: int, code: str) -> Any:
    """Answer an operation with an error."""

    def answer(called: str, _parameters: dict[str, Any]) -> None:
        if called == operation:
            told = {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}}
            raise ClientError(told, operation)  # type: ignore[arg-type]

    return answer


def unanswered(operation: str) -> Any:
    """Do not answer an operation."""

    def answer(called: str, _parameters: dict[str, Any]) -> None:
        if called == operation:
            raise ConnectTimeoutError(endpoint_url="https://s3")

    return answer
