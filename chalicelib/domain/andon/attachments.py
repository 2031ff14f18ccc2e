"""Attachments of issues: pictures and documents, from the form with which one is uploaded to its finished copy."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

from chalicelib.domain.errors import Conflict, NotFound, Unavailable
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say

LARGEST_BYTES = 10_000_000
MOST_ATTACHMENTS = 20
UPLOAD_WITHIN = timedelta(minutes=15)
CONFIRM_WITHIN = timedelta(hours=1)
LINKS_LAST = timedelta(minutes=15)


class ContentType(StrEnum):
    """The type of an attachment's content."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"

    @property
    def is_picture(self) -> bool:
        """Whether a thumbnail can be made of it."""
        return self is not ContentType.PDF


class AttachmentStatus(StrEnum):
    """The status of an attachment: it waits for its upload, its copy is made, it is ready, or it was refused."""

    WAITING = "waiting"
    PROCESSING = "processing"
    READY = "ready"
    REFUSED = "refused"


class Refusal(StrEnum):
    """Why an upload was refused after it was confirmed."""

    OTHER_TYPE = "other_type"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"
    REPLACED = "replaced"


@dataclass(frozen=True)
class NewAttachment:
    """The wish to attach something: its type, the exact size of the upload in bytes, and its name."""

    content_type: ContentType
    size_bytes: int
    name: str


@dataclass(frozen=True)
class Upload:
    """What is in the store: its type, its size in bytes, and its digest as the store tells it."""

    content_type: str
    size_bytes: int
    digest: str


@dataclass(frozen=True)
class Attachment:
    """A picture or a document of an issue. `size_bytes` is the size of the upload; `digest` tells it from another."""

    id: str
    name: str
    content_type: ContentType
    size_bytes: int
    created_at: datetime
    created_by: str
    status: AttachmentStatus = AttachmentStatus.WAITING
    confirmed_at: datetime | None = None
    digest: str | None = None
    refusal: Refusal | None = None

    @property
    def upload_before(self) -> datetime:
        """Until when its form can be used."""
        return self.created_at + UPLOAD_WITHIN

    @property
    def confirm_before(self) -> datetime:
        """Until when it can be confirmed. What was not confirmed by then is forgotten."""
        return self.created_at + CONFIRM_WITHIN

    @property
    def is_confirmed(self) -> bool:
        """Whether it was confirmed. Only then it is listed."""
        return self.status is not AttachmentStatus.WAITING

    @property
    def is_ready(self) -> bool:
        """Whether it can be downloaded."""
        return self.status is AttachmentStatus.READY

    @property
    def has_thumbnail(self) -> bool:
        """Whether it has a thumbnail."""
        return self.is_ready and self.content_type.is_picture


@dataclass(frozen=True)
class Links:
    """Addresses from which a copy and its thumbnail can be read without a token, until an instant."""

    download: str
    thumbnail: str | None
    expire_at: datetime


class TooManyAttachments(Conflict):
    """The issue has as many attachments as an issue may have. Those that wait for their upload count for an hour."""

    code = "ERR_ATTACHMENT_TOO_MANY"
    title = "The issue has too many attachments"


class AttachmentNotFound(NotFound):
    """There is no such attachment, or it was not confirmed within an hour."""

    code = "ERR_ATTACHMENT_NOT_FOUND"
    title = "No such attachment"


class AttachmentNotUploaded(Conflict):
    """An attachment was confirmed before its content was uploaded."""

    code = "ERR_ATTACHMENT_NOT_UPLOADED"
    title = "Nothing was uploaded yet"


class AttachmentDiffers(Conflict):
    """What was uploaded has another type or size than was declared."""

    code = "ERR_ATTACHMENT_DIFFERS"
    title = "The upload is not what was declared"


class FilesUnavailable(Unavailable):
    """The store of attachments cannot be reached."""

    code = "ERR_FILES_UNAVAILABLE"
    title = "The store of attachments is unavailable"


@dataclass(frozen=True)
class Attachments:
    """The attachments of an issue, oldest first. Each change raises its `version`."""

    issue_id: str
    attachments: tuple[Attachment, ...] = ()
    version: int = 0

    @property
    def listed(self) -> tuple[Attachment, ...]:
        """Those that were confirmed."""
        return tuple(each for each in self.attachments if each.is_confirmed)

    @property
    def expires_at(self) -> datetime | None:
        """When all of them are forgotten; None if one was confirmed."""
        return None if self.listed else max(each.confirm_before for each in self.attachments)

    def find(self, attachment_id: str, now: datetime) -> Attachment:
        """Find an attachment. Raises AttachmentNotFound."""
        for each in self._standing(now):
            if each.id == attachment_id:
                return each
        form = "There is no attachment {attachment_id}; what is not confirmed within an hour is forgotten."
        raise AttachmentNotFound(say(form, attachment_id=attachment_id))

    def with_new(self, attachment: Attachment, now: datetime) -> "Attachments":
        """The attachments with one more. Raises TooManyAttachments."""
        standing = self._standing(now)
        if len(standing) >= MOST_ATTACHMENTS:
            raise TooManyAttachments(say("An issue has at most {most} attachments.", most=MOST_ATTACHMENTS))
        return replace(self, attachments=(*standing, attachment), version=self.version + 1)

    def with_changed(self, attachment: Attachment) -> "Attachments":
        """The attachments with this one in the place of the one with its id. Without a change they stay the same."""
        attachments = tuple(attachment if each.id == attachment.id else each for each in self.attachments)
        if attachments == self.attachments:
            return self
        return replace(self, attachments=attachments, version=self.version + 1)

    def _standing(self, now: datetime) -> tuple[Attachment, ...]:
        """Without those that were not confirmed in time."""
        return tuple(each for each in self.attachments if each.is_confirmed or now < each.confirm_before)


def announced(wanted: NewAttachment, actor: Actor, identity: str, now: datetime) -> Attachment:
    """A new attachment that waits for its upload."""
    return Attachment(identity, wanted.name, wanted.content_type, wanted.size_bytes, now, actor.user_id)


def confirmed(attachment: Attachment, upload: Upload | None, now: datetime) -> Attachment:
    """The attachment after its upload was found, or None was found.

    Raises AttachmentNotUploaded, AttachmentDiffers.
    """
    if upload is None:
        raise AttachmentNotUploaded(say("Send the file with the form first, then confirm it."))
    if (upload.content_type, upload.size_bytes) != (attachment.content_type, attachment.size_bytes):
        form = "Declared: {declared}. Uploaded: {uploaded}. Ask for a new form."
        declared, uploaded = ([each.content_type, f"{each.size_bytes} bytes"] for each in (attachment, upload))
        raise AttachmentDiffers(say(form, declared=declared, uploaded=uploaded))
    return replace(attachment, status=AttachmentStatus.PROCESSING, confirmed_at=now, digest=upload.digest)


def finished(attachment: Attachment, refusal: Refusal | None) -> Attachment:
    """The attachment after its copy was made, or was refused for a reason. If it is finished already, it stays."""
    if attachment.status is not AttachmentStatus.PROCESSING:
        return attachment
    status = AttachmentStatus.REFUSED if refusal else AttachmentStatus.READY
    return replace(attachment, status=status, refusal=refusal)


# The endings of names by the type. The first one is added to a name that has none of them.
_ENDINGS = {
    ContentType.JPEG: (".jpg", ".jpeg"),
    ContentType.PNG: (".png",),
    ContentType.WEBP: (".webp",),
    ContentType.PDF: (".pdf",),
}
# What is part of a path, of a quoted text or of an encoded name, and whatever is not ASCII.
_NOT_PLAIN = re.compile(r'[^ -~]|["\\/%;]')


def content_disposition(attachment: Attachment) -> str:
    """The header Content-Disposition with which it is downloaded (RFC 6266), always to be saved and never shown.

    Its name ends as its type does, so that no computer opens it as something else. Old clients read a name in ASCII,
    others the whole name (RFC 8187).
    """
    name, endings = attachment.name.replace("/", "_").replace("\\", "_"), _ENDINGS[attachment.content_type]
    if not name.lower().endswith(endings):
        name += endings[0]
    plain = _NOT_PLAIN.sub("_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
