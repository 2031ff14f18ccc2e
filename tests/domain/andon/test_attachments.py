"""Attachments: how many an issue may have, when one is forgotten, and under which name it is downloaded."""

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.andon.attachments import (
    CONFIRM_WITHIN,
    MOST_ATTACHMENTS,
    Attachment,
    AttachmentDiffers,
    AttachmentNotFound,
    AttachmentNotUploaded,
    Attachments,
    AttachmentStatus,
    ContentType,
    NewAttachment,
    Refusal,
    TooManyAttachments,
    Upload,
    announced,
    confirmed,
    content_disposition,
    finished,
)
from tests.domain.builders import MORNING, VELI

NOW = MORNING
# What a name may have: no control characters, and none that change the direction of writing.
NAMES = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=200)
WANTED = NewAttachment(ContentType.JPEG, 9, "drill.jpg")
UPLOADED = Upload("image/jpeg", 9, '"etag"')


def waiting(identity: str = "a1", **fields: object) -> Attachment:
    return replace(announced(WANTED, VELI, identity, NOW), **fields)  # type: ignore[arg-type]


def of(*attachments: Attachment) -> Attachments:
    return Attachments("i1", attachments, version=3)


def test_what_is_announced_waits_for_what_was_declared() -> None:
    new = waiting()
    assert (new.name, new.content_type, new.size_bytes) == ("drill.jpg", ContentType.JPEG, 9)
    assert (new.status, new.created_by, new.created_at) == (AttachmentStatus.WAITING, VELI.user_id, NOW)
    assert new.upload_before < new.confirm_before == NOW + CONFIRM_WITHIN


def test_an_issue_has_a_bound_of_attachments_and_those_that_wait_count() -> None:
    full = of(*(waiting(f"a{n}") for n in range(MOST_ATTACHMENTS - 1))).with_new(waiting("last"), NOW)
    assert (len(full.attachments), full.version) == (MOST_ATTACHMENTS, 4)
    with pytest.raises(TooManyAttachments):
        full.with_new(waiting("one more"), NOW)


def test_what_was_not_confirmed_in_an_hour_is_forgotten_and_makes_room() -> None:
    kept = confirmed(waiting("kept"), UPLOADED, NOW)
    known, later = of(kept, waiting("late")), NOW + CONFIRM_WITHIN
    assert known.find("late", later - timedelta(milliseconds=1)).id == "late"
    with pytest.raises(AttachmentNotFound):
        known.find("late", later)
    assert known.find("kept", later) == kept
    assert [each.id for each in known.with_new(waiting("new"), later).attachments] == ["kept", "new"]


def test_the_attachments_expire_as_long_as_none_was_confirmed() -> None:
    later = waiting("a2", created_at=NOW + timedelta(minutes=1))
    assert of(waiting(), later).expires_at == later.confirm_before
    assert of(waiting(), confirmed(later, UPLOADED, NOW)).expires_at is None


def test_only_what_was_confirmed_is_listed() -> None:
    kept = confirmed(waiting("kept"), UPLOADED, NOW)
    assert of(waiting(), kept).listed == (kept,)


def test_what_was_never_uploaded_is_not_confirmed() -> None:
    with pytest.raises(AttachmentNotUploaded):
        confirmed(waiting(), None, NOW)


@pytest.mark.parametrize("upload", [Upload("text/html", 9, "e"), Upload("image/jpeg", 10, "e")])
def test_another_type_or_size_than_was_declared_is_not_confirmed(upload: Upload) -> None:
    with pytest.raises(AttachmentDiffers) as refused:
        confirmed(waiting(), upload, NOW)
    assert f"Uploaded: {upload.content_type}, {upload.size_bytes} bytes." in refused.value.detail


def test_a_confirmed_attachment_is_finished_once() -> None:
    processing = confirmed(waiting(), UPLOADED, NOW)
    ready, refused = finished(processing, None), finished(processing, Refusal.DAMAGED)
    assert (ready.is_ready, ready.has_thumbnail, ready.refusal) == (True, True, None)
    assert (refused.is_ready, refused.has_thumbnail, refused.refusal) == (False, False, Refusal.DAMAGED)
    assert finished(ready, Refusal.DAMAGED) == ready
    assert finished(waiting(), None) == waiting()


def test_a_document_has_no_thumbnail() -> None:
    pdf = waiting(content_type=ContentType.PDF, status=AttachmentStatus.READY)
    assert not pdf.has_thumbnail


def test_without_a_change_the_version_stays() -> None:
    known = of(waiting())
    assert known.with_changed(waiting()) == known
    assert known.with_changed(confirmed(waiting(), UPLOADED, NOW)).version == known.version + 1


@pytest.mark.parametrize(
    ("content_type", "name", "plain", "whole"),
    [
        (ContentType.JPEG, "drill.jpg", "drill.jpg", "drill.jpg"),
        (ContentType.JPEG, "DRILL.JPEG", "DRILL.JPEG", "DRILL.JPEG"),
        (ContentType.PDF, "Ölçüm ığ.pdf", "_l__m __.pdf", "Ölçüm ığ.pdf"),
        (ContentType.PDF, "page.html", "page.html.pdf", "page.html.pdf"),
        (ContentType.PNG, "../../etc/passwd", ".._.._etc_passwd.png", ".._.._etc_passwd.png"),
        (ContentType.WEBP, "C:\\a\\b", "C:_a_b.webp", "C:_a_b.webp"),
        (ContentType.JPEG, 'a"; filename="b.exe', "a__ filename=_b.exe.jpg", 'a"; filename="b.exe.jpg'),
        (ContentType.JPEG, "100%41", "100_41.jpg", "100%41.jpg"),
        (ContentType.JPEG, "صورة", "____.jpg", "صورة.jpg"),
    ],
)
def test_a_name_is_safe_in_the_header(content_type: ContentType, name: str, plain: str, whole: str) -> None:
    header = content_disposition(waiting(content_type=content_type, name=name))
    assert header.startswith(f"attachment; filename=\"{plain}\"; filename*=UTF-8''")
    assert unquote(header.rpartition("''")[2]) == whole


@given(NAMES, st.sampled_from(ContentType))
def test_any_name_gives_one_header_of_plain_characters(name: str, content_type: ContentType) -> None:
    header = content_disposition(waiting(name=name, content_type=content_type))
    assert re.fullmatch(r"""attachment; filename="[^"\\/;%]*"; filename\*=UTF-8''[A-Za-z0-9._~%-]+""", header)
    assert header.isascii()
