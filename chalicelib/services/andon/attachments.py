"""Attachments of issues: announcing, confirming and listing them, and making what is downloaded."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib import clock, ids, pictures
from chalicelib.domain.andon import attachments as rules
from chalicelib.domain.andon.attachments import (
    Attachment,
    AttachmentNotFound,
    AttachmentStatus,
    ContentType,
    Links,
    NewAttachment,
    Refusal,
)
from chalicelib.domain.people.users import Actor
from chalicelib.outbound import files, queue
from chalicelib.outbound.files import Form, Place
from chalicelib.services.andon import issues
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.retries import until_won
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage import writes
from chalicelib.storage.andon import attachments

_PDF = b"%PDF-"

Present = Callable[[Attachment], Any]


def announce(actor: Actor, issue_id: str, wanted: NewAttachment, request: Request, present: Present) -> Answer:
    """Write down that somebody wants to attach something to an issue that they may see, whatever its status.

    Costs a read more than reading the issue, and a transaction. Raises IssueNotFound, TooManyAttachments.
    """

    def prepare() -> Prepared:
        issue, now = issues.read(actor, issue_id), clock.now()
        before = attachments.of_issue(actor.tenant, issue.id)
        new = rules.announced(wanted, actor, ids.new(), now)
        write = attachments.change(actor.tenant, before, before.with_new(new, now))
        return Prepared(Answer(present(new), created=True), write)

    return carry_out(actor, "attach", wanted, request, prepare, target=issue_id)


def form(actor: Actor, issue_id: str, attachment_id: str, declared: NewAttachment, before: datetime) -> Form | None:
    """The form with which an announced attachment is uploaded before an instant; None if that is over.

    Raises FilesUnavailable.
    """
    lasts = before - clock.now()
    if lasts <= timedelta():
        return None
    place = Place(actor.tenant, issue_id, attachment_id)
    return files.form(place, declared.content_type, declared.size_bytes, lasts)


def confirm(actor: Actor, issue_id: str, attachment_id: str, request: Request, present: Present) -> Answer:
    """List an attachment whose upload is in the store, and have its copy made.

    Confirming again changes nothing, but asks for the copy again, should the first question have been lost.

    Costs a read more than reading the issue, a request to the store, a transaction and a message.
    Raises IssueNotFound, AttachmentNotFound, AttachmentNotUploaded, AttachmentDiffers, FilesUnavailable.
    """

    def prepare() -> Prepared:
        issue, now = issues.read(actor, issue_id), clock.now()
        before = attachments.of_issue(actor.tenant, issue.id)
        attachment = before.find(attachment_id, now)
        if not attachment.is_confirmed:
            upload = files.uploaded(Place(actor.tenant, issue.id, attachment.id))
            attachment = rules.confirmed(attachment, upload, now)
        write = attachments.change(actor.tenant, before, before.with_changed(attachment))
        return Prepared(Answer(present(attachment)), write)

    answer = carry_out(actor, "confirm_attachment", None, request, prepare, target=f"{issue_id}/{attachment_id}")
    if not request.dry_run:
        queue.hand_over(Place(actor.tenant, issue_id, attachment_id))
    return answer


def of_issue(actor: Actor, issue_id: str) -> Sequence[tuple[Attachment, Links | None]]:
    """The confirmed attachments of an issue, oldest first, with links to those that are ready.

    Costs a read more than reading the issue. Raises IssueNotFound, FilesUnavailable.
    """
    issue = issues.read(actor, issue_id)
    listed = attachments.of_issue(actor.tenant, issue.id).listed
    return [(each, _links(Place(actor.tenant, issue.id, each.id), each)) for each in listed]


def finish(tenant: str, issue_id: str, attachment_id: str) -> Attachment | None:
    """Make the copy and the thumbnail of a confirmed attachment; None if there is no such attachment.

    What is downloaded is the copy, never the upload: nobody can replace it, and a picture does not tell where it was
    taken. The upload of an attachment that is refused stays until it expires, so that it can be looked at. Doing it
    again changes nothing. Costs two reads, a transaction of one item and four requests to the store.

    Raises StorageUnavailable, FilesUnavailable, LostRace.
    """
    try:
        attachment = attachments.of_issue(tenant, issue_id).find(attachment_id, clock.now())
    except AttachmentNotFound:
        return None
    place = Place(tenant, issue_id, attachment_id)
    if attachment.status is AttachmentStatus.PROCESSING:
        refusal = _copied(place, attachment)
        attachment = until_won(lambda: _noted(place, refusal))
    if attachment.is_ready:
        files.delete_upload(place)
    return attachment


def _copied(place: Place, attachment: Attachment) -> Refusal | None:
    """Make the copy and the thumbnail. The reason, if none can be made."""
    try:
        content = files.read_upload(place, str(attachment.digest))
        picture = _picture(content, attachment.content_type)
    except files.UploadReplaced:
        return Refusal.REPLACED
    except pictures.Unfit as unfit:
        return unfit.refusal
    files.keep(place, attachment.content_type, *picture)
    return None


def _picture(content: bytes, content_type: ContentType) -> tuple[bytes, bytes | None]:
    """The content of the copy and of the thumbnail. A document is copied as it is. Raises Unfit."""
    if content_type.is_picture:
        made = pictures.cleaned(content, content_type)
        return made.copy, made.thumbnail
    if not content.startswith(_PDF):
        raise pictures.Unfit(Refusal.OTHER_TYPE)
    return content, None


def _noted(place: Place, refusal: Refusal | None) -> Attachment:
    """Write down how it ended. Raises ConditionFailed if the attachments of the issue changed meanwhile."""
    before = attachments.of_issue(place.tenant, place.issue_id)
    attachment = rules.finished(before.find(place.attachment_id, clock.now()), refusal)
    after = before.with_changed(attachment)
    if after != before:
        writes.commit(attachments.change(place.tenant, before, after))
    return attachment


def _links(place: Place, attachment: Attachment) -> Links | None:
    if not attachment.is_ready:
        return None
    thumbnail = files.thumbnail_link(place) if attachment.has_thumbnail else None
    return Links(files.link(place, attachment), thumbnail, clock.now() + rules.LINKS_LAST)
