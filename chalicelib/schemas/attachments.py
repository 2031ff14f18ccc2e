"""The shapes of attachments of issues."""

from typing import Annotated

from pydantic import Field

from chalicelib.domain.andon import attachments
from chalicelib.domain.andon.attachments import LARGEST_BYTES, Attachment, AttachmentStatus, ContentType, Links, Refusal
from chalicelib.schemas.base import Body, Out, left_out
from chalicelib.schemas.values import InstantOut, Line, OneOf


class NewAttachment(Body):
    """A picture or a document to attach. The upload must have exactly this type and size."""

    content_type: OneOf[ContentType]
    size_bytes: Annotated[int, Field(ge=1, le=LARGEST_BYTES)]
    name: Line

    def payload(self) -> attachments.NewAttachment:
        """The attachment to be made."""
        return self.made_into(attachments.NewAttachment)


class UploadOut(Out):
    """A form for an upload. All `fields` come before the file, whose field is `file`."""

    url: str
    fields: dict[str, str]


class AttachmentOut(Out):
    """An attachment. `size_bytes` is the size of the upload. `refusal` says why no copy of it was made.

    The links are in lists only, once it is ready, and not for all: a document has no thumbnail.
    """

    id: str
    name: str
    content_type: ContentType
    size_bytes: int
    created_at: InstantOut
    created_by: str
    upload_before: InstantOut
    confirm_before: InstantOut
    status: AttachmentStatus
    confirmed_at: InstantOut | None
    refusal: Refusal | None
    download: str | None = None
    thumbnail: str | None = None
    links_expire_at: InstantOut | None = None
    upload: UploadOut | None = left_out()


def attachment_out(attachment: Attachment, links: Links | None = None) -> AttachmentOut:
    """Show an attachment, with links if there are some."""
    shown = AttachmentOut.model_validate(attachment)
    if links is None:
        return shown
    given = {"download": links.download, "thumbnail": links.thumbnail, "links_expire_at": links.expire_at}
    return shown.model_copy(update=given)
