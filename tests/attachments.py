"""Attachments for tests: pictures, uploads, and what is in the bucket."""

import io
from typing import Any

import boto3
from PIL import Image

from chalicelib.domain.andon.attachments import Attachment
from chalicelib.services.andon import attachments
from tests.conftest import BUCKET
from tests.floor import Person


def picture(form: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **saved: Any) -> bytes:
    """A picture, red on its left half."""
    image = Image.new(mode, size)
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    content = io.BytesIO()
    image.save(content, form, **saved)
    return content.getvalue()


def opened(content: bytes) -> Image.Image:
    """A picture to look at."""
    image: Image.Image = Image.open(io.BytesIO(content))
    image.load()
    return image


def attach(person: Person, issue_id: str, content: bytes = b"uploaded!", **fields: Any) -> Any:
    """Announce an attachment and put its upload into the bucket, as the store does after it checked the form."""
    wanted = {"content_type": "image/jpeg", "size_bytes": len(content), "name": "drill.jpg"} | fields
    made = person.post(f"/issues/{issue_id}/attachments", wanted).data
    upload(made, content)
    return made


def upload(made: Any, content: bytes, **changed: str) -> None:
    """Put an upload into the bucket, without looking at the form's conditions."""
    fields = made["upload"]["fields"]
    kind = changed.get("content_type", fields["Content-Type"])
    boto3.client("s3").put_object(Bucket=BUCKET, Key=fields["key"], Body=content, ContentType=kind)


def finish(made: Any, issue_id: str, tenant: str = "default") -> Attachment:
    """Finish an attachment, as the queue's door does."""
    finished = attachments.finish(tenant, issue_id, made["id"])
    assert finished is not None
    return finished


def kept(kind: str = "") -> dict[str, bytes]:
    """What is in the bucket of a kind: uploads, copies or thumbnails, or all, by key."""
    s3 = boto3.client("s3")
    found = s3.list_objects_v2(Bucket=BUCKET, Prefix=kind).get("Contents", [])
    return {each["Key"]: s3.get_object(Bucket=BUCKET, Key=each["Key"])["Body"].read() for each in found}
