"""The bucket of attachments: uploads by people, the copies that are made of them, and thumbnails.

Every key begins with the kind of the content and the tenant. An upload can be replaced as long as its form is valid;
copies and thumbnails are written by Takip alone, once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import aws, remembered, settings
from chalicelib.domain.andon.attachments import (
    LINKS_LAST,
    Attachment,
    ContentType,
    FilesUnavailable,
    Upload,
    content_disposition,
)
from chalicelib.domain.sentences import say
from chalicelib.outbound import account

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

RETRY_AFTER_SECONDS = 2
_UPLOADS, _COPIES, _THUMBNAILS = "uploads", "copies", "thumbnails"
_MISSING, _ANOTHER, _BUSY = {"404", "NoSuchKey"}, {"412", "PreconditionFailed"}, {"SlowDown", "RequestTimeout"}
_THEIR_FAULT = 500


@dataclass(frozen=True)
class Place:
    """Where an attachment is: its tenant, its issue and its own id."""

    tenant: str
    issue_id: str
    attachment_id: str

    def key(self, kind: str) -> str:
        """The key of a kind of content."""
        return f"{kind}/{self.tenant}/{self.issue_id}/{self.attachment_id}"


@dataclass(frozen=True)
class Form:
    """A form with which a browser or a phone sends a file: the address, and the fields that come before the file."""

    url: str
    fields: dict[str, str]


class UploadReplaced(Exception):
    """The upload is not the one that was confirmed: another one took its place, or it expired."""


def form(place: Place, content_type: ContentType, size_bytes: int, lasts: timedelta) -> Form:
    """Sign a form that uploads exactly this type and size to this place. The store refuses anything else."""
    with _in_our_words():
        signed = _client().generate_presigned_post(
            _bucket(),
            place.key(_UPLOADS),
            Fields={"Content-Type": content_type.value},
            Conditions=[
                {"Content-Type": content_type.value},
                ["content-length-range", size_bytes, size_bytes],
            ],
            ExpiresIn=int(lasts.total_seconds()),
        )
    return Form(signed["url"], signed["fields"])


def uploaded(place: Place) -> Upload | None:
    """What was uploaded to a place; None if nothing was. Raises FilesUnavailable."""
    try:
        with _in_our_words():
            head = _client().head_object(Bucket=_bucket(), Key=place.key(_UPLOADS))
    except ClientError as error:
        if _code(error) in _MISSING:
            return None
        raise
    return Upload(head["ContentType"], head["ContentLength"], head["ETag"])


def read_upload(place: Place, digest: str) -> bytes:
    """The content of an upload with this digest. Raises UploadReplaced, FilesUnavailable."""
    try:
        with _in_our_words():
            answer = _client().get_object(Bucket=_bucket(), Key=place.key(_UPLOADS), IfMatch=digest)
            return answer["Body"].read()
    except ClientError as error:
        if _code(error) in _MISSING | _ANOTHER:
            raise UploadReplaced from None
        raise


def keep(place: Place, content_type: ContentType, copy: bytes, thumbnail: bytes | None) -> None:
    """Write the copy of an attachment and its thumbnail, if it has one. Raises FilesUnavailable."""
    _put(place.key(_COPIES), content_type, copy)
    if thumbnail is not None:
        _put(place.key(_THUMBNAILS), ContentType.WEBP, thumbnail)


def delete_upload(place: Place) -> None:
    """Delete an upload, which is no longer needed once its copy was made. Raises FilesUnavailable."""
    with _in_our_words():
        _client().delete_object(Bucket=_bucket(), Key=place.key(_UPLOADS))


def link(place: Place, attachment: Attachment) -> str:
    """Sign a link that downloads the copy of an attachment, under its name."""
    return _link(place.key(_COPIES), ResponseContentDisposition=content_disposition(attachment))


def thumbnail_link(place: Place) -> str:
    """Sign a link to a thumbnail, which a page can show."""
    return _link(place.key(_THUMBNAILS))


def _link(key: str, **asked: str) -> str:
    seconds = int(LINKS_LAST.total_seconds())
    with _in_our_words():
        params = {"Bucket": _bucket(), "Key": key, **asked}
        return _client().generate_presigned_url("get_object", Params=params, ExpiresIn=seconds)


def _put(key: str, content_type: ContentType, content: bytes) -> None:
    with _in_our_words():
        _client().put_object(Bucket=_bucket(), Key=key, ContentType=content_type.value, Body=content)


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Translate errors that trying again may heal. Others pass through. Raises FilesUnavailable."""
    try:
        yield
    except ClientError as error:
        if _status(error) < _THEIR_FAULT and _code(error) not in _BUSY:
            raise
        raise _away() from error
    except BotoCoreError as error:
        raise _away() from error


def _away() -> FilesUnavailable:
    return FilesUnavailable(say("Try again in a moment."), retry_after=RETRY_AFTER_SECONDS)


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]


def _status(error: ClientError) -> int:
    return error.response["ResponseMetadata"]["HTTPStatusCode"]


@remembered.cached
def _client() -> "S3Client":
    made: S3Client = aws.client("s3")
    return made


def _bucket() -> str:
    """The name of the bucket. Names of buckets are the same for all accounts, so it ends with the account."""
    return f"{settings.current().files_bucket}-{account.own().id}"
