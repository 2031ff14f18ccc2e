"""Photos: a phone uploads with the form, the store refuses what was not declared, and a thumbnail appears."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.attachments import opened, picture
from tests.e2e.conftest import Deployed
from tests.e2e.people import Someone
from tests.e2e.test_machines import until

PHOTO = picture(comment=b"41.0082")
REFUSED = 400


@pytest.fixture
def path(admin: Someone) -> Iterator[str]:
    """The attachments of an issue of a machine, which is resolved afterwards."""
    machine = f"M-{uuid4().hex[:8]}"
    admin.post("/machines", {"id": machine, "name": "Press"}).raise_for_status()
    issue = admin.post(f"/machines/{machine}/issue", {"type": "quality", "description": "Scratches"}).json()["data"]
    yield f"/issues/{issue['id']}/attachments"
    admin.api.patch(f"/issues/{issue['id']}", json={"status": "resolved"}).raise_for_status()


def announced(admin: Someone, path: str) -> Any:
    wanted = {"content_type": "image/jpeg", "size_bytes": len(PHOTO), "name": "Çizik.jpg"}
    return admin.post(path, wanted).json()["data"]


def send(made: Any, content: bytes, **changed: str) -> httpx.Response:
    """Send the form with a file to the store, as a phone does."""
    fields = made["upload"]["fields"] | {name.replace("_", "-"): value for name, value in changed.items()}
    return httpx.post(made["upload"]["url"], data=fields, files={"file": content}, timeout=30)


def test_a_photo_is_uploaded_confirmed_and_downloaded_with_a_thumbnail(admin: Someone, path: str) -> None:
    made = announced(admin, path)
    assert send(made, PHOTO).is_success
    assert admin.post(f"{path}/{made['id']}/confirm", {}).json()["data"]["status"] == "processing"

    until(["ready"], lambda: [each["status"] for each in admin.get(path)["items"]])

    (listed,) = admin.get(path)["items"]
    copy, thumbnail = httpx.get(listed["download"], timeout=30), httpx.get(listed["thumbnail"], timeout=30)
    assert copy.headers["Content-Disposition"].endswith("filename*=UTF-8''%C3%87izik.jpg")
    assert b"41.0082" not in copy.content
    assert (opened(copy.content).format, opened(copy.content).size) == ("JPEG", (640, 480))
    assert (opened(thumbnail.content).format, opened(thumbnail.content).size) == ("WEBP", (400, 300))


def test_the_store_refuses_what_was_not_declared(admin: Someone, path: str) -> None:
    made = announced(admin, path)
    another = {"key": made["upload"]["fields"]["key"] + "x"}
    refused = [
        send(made, PHOTO + b"x"),
        send(made, PHOTO[:-1]),
        send(made, PHOTO, Content_Type="text/html"),
        send(made, PHOTO, **another),
    ]
    assert [answer.status_code >= REFUSED for answer in refused] == [True] * 4
    answer = admin.api.post(f"{path}/{made['id']}/confirm", json={})
    assert answer.json()["error"]["code"] == "ERR_ATTACHMENT_NOT_UPLOADED"


def test_nobody_reads_the_bucket_without_a_link(deployed: Deployed) -> None:
    s3 = deployed.client("s3")
    (bucket,) = [each["Name"] for each in s3.list_buckets()["Buckets"] if "-local-files-" in each["Name"]]
    blocked = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert set(blocked.values()) == {True}
    assert "aws:SecureTransport" in s3.get_bucket_policy(Bucket=bucket)["Policy"]
