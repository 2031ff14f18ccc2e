"""The doors of attachments of issues."""

from dataclasses import replace
from http import HTTPStatus
from itertools import starmap
from typing import Any

from chalicelib.domain.andon.attachments import Attachment
from chalicelib.domain.errors import Conflict
from chalicelib.schemas.attachments import AttachmentOut, NewAttachment, UploadOut, attachment_out
from chalicelib.services.andon import attachments
from chalicelib.services.idempotency import Answer
from functions._endpoint import Call, Doors, page_of
from functions._rules import ListOf

doors = Doors(__name__)


@doors.route(
    "POST",
    "/issues/{issue_id}/attachments",
    action="issue.attach",
    body=NewAttachment,
    answers=AttachmentOut,
    statuses=(HTTPStatus.CREATED,),
    refuses=(Conflict,),
)
def attach(call: Call, issue_id: str) -> Answer:
    """Get a form with which a picture or a document is uploaded; then confirm it."""
    wanted = call.body.payload()
    answer = attachments.announce(call.actor, issue_id, wanted, call.request, _shown)
    made = AttachmentOut.model_validate(answer.data)
    form = attachments.form(call.actor, issue_id, made.id, wanted, made.upload_before)
    if form is None or call.request.dry_run:
        return answer
    return replace(answer, data=answer.data | {"upload": UploadOut.model_validate(form).plain()})


@doors.route(
    "POST",
    "/issues/{issue_id}/attachments/{attachment_id}/confirm",
    action="issue.attach",
    answers=AttachmentOut,
    refuses=(Conflict,),
)
def confirm_attachment(call: Call, issue_id: str, attachment_id: str) -> Answer:
    """List an attachment that was uploaded; its copy and its thumbnail are made within seconds."""
    return attachments.confirm(call.actor, issue_id, attachment_id, call.request, _shown)


@doors.route("GET", "/issues/{issue_id}/attachments", action="issue.read", answers=ListOf(AttachmentOut))
def list_attachments(call: Call, issue_id: str) -> Answer:
    """List the confirmed attachments of an issue, oldest first, with links to download them."""
    return page_of(starmap(attachment_out, attachments.of_issue(call.actor, issue_id)))


def _shown(attachment: Attachment) -> dict[str, Any]:
    return attachment_out(attachment).plain()
