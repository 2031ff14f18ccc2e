"""Pictures: what a clean copy no longer tells, what a thumbnail shows, and which pictures are refused."""

import contextlib
import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, JpegImagePlugin, PngImagePlugin

from chalicelib import pictures
from chalicelib.domain.andon.attachments import ContentType, Refusal
from chalicelib.pictures import Unfit, cleaned
from tests.attachments import opened, picture

JPEG, PNG, WEBP = ContentType.JPEG, ContentType.PNG, ContentType.WEBP
FORMS = {"JPEG": JPEG, "PNG": PNG, "WEBP": WEBP}
GPS, LATITUDE, ORIENTATION, MAKE = 0x8825, 2, 0x0112, 0x010F
SECRET = b"41.0082"
SIDEWAYS = 6


def located() -> Image.Exif:
    """What a phone writes into a picture: its maker, how it was held, and where."""
    exif = Image.Exif()
    exif[MAKE] = SECRET.decode()
    exif[ORIENTATION] = SIDEWAYS
    exif.get_ifd(GPS)[LATITUDE] = (41.0, 0.0, 29.5)
    return exif


def refused(content: bytes, content_type: ContentType) -> Refusal:
    with pytest.raises(Unfit) as unfit:
        cleaned(content, content_type)
    return unfit.value.refusal


@pytest.mark.parametrize("form", FORMS)
def test_a_copy_tells_neither_the_place_nor_the_device_and_is_turned_as_it_is_seen(form: str) -> None:
    extra: dict[str, Any] = {"exif": located(), "xmp": SECRET, "comment": SECRET}
    if form == "PNG":
        extra["pnginfo"] = PngImagePlugin.PngInfo()
        extra["pnginfo"].add_text("Comment", SECRET.decode())
    content = picture(form, (640, 480), **extra) + SECRET
    assert SECRET in content

    made = cleaned(content, FORMS[form])

    for result in (made.copy, made.thumbnail):
        image = opened(result)
        assert SECRET not in result
        assert b"Exif" not in result
        assert not image.getexif()
        assert not {"exif", "xmp", "comment", "Comment", "icc_profile"} & image.info.keys()
    copy, thumbnail = opened(made.copy), opened(made.thumbnail)
    assert (copy.format, copy.size) == (form, (480, 640))  # it was held sideways
    assert (thumbnail.format, thumbnail.size) == ("WEBP", (300, 400))
    red, green, _ = opened(made.copy).convert("RGB").getpixel((10, 10))  # type: ignore[misc]
    assert (red > 200, green < 50) == (True, True)


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"), ("PNG", "LA")]
)
def test_every_kind_of_pixels_is_copied(form: str, mode: str) -> None:
    content = io.BytesIO()
    Image.new(mode, (500, 10)).save(content, form)
    made = cleaned(content.getvalue(), FORMS[form])
    assert opened(made.copy).size == (500, 10)
    assert opened(made.thumbnail).size == (400, 8)


def test_what_is_transparent_stays_transparent() -> None:
    made = cleaned(picture("PNG", mode="RGBA"), PNG)
    assert (opened(made.copy).mode, opened(made.thumbnail).mode) == ("RGBA", "RGBA")


def test_a_picture_for_print_becomes_one_for_screens() -> None:
    assert opened(cleaned(picture("JPEG", mode="CMYK"), JPEG).copy).mode == "RGB"


def test_of_several_pictures_in_a_file_only_the_first_is_copied() -> None:
    content = io.BytesIO()
    first, second = Image.new("RGB", (40, 30), "red"), Image.new("RGB", (40, 30), "blue")
    first.save(content, "MPO", save_all=True, append_images=[second])  # many phones write JPEG in this way
    copy = opened(cleaned(content.getvalue(), JPEG).copy)
    assert (copy.format, getattr(copy, "n_frames", 1)) == ("JPEG", 1)


def test_a_very_narrow_picture_has_a_thumbnail() -> None:
    assert opened(cleaned(picture("PNG", (5000, 1)), PNG).thumbnail).size == (400, 1)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"%PDF-1.7 no picture", JPEG),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", PNG),
        (b"<html><script>1</script></html>", WEBP),
        (b"", JPEG),
        (picture("PNG"), JPEG),
        (picture("GIF"), PNG),
    ],
)
def test_what_is_no_picture_of_its_type_is_refused(content: bytes, content_type: ContentType) -> None:
    assert refused(content, content_type) is Refusal.OTHER_TYPE


@pytest.mark.parametrize("form", FORMS)
def test_a_picture_that_was_cut_off_is_refused(form: str) -> None:
    whole = picture(form, (64, 64))
    assert refused(whole[: len(whole) * 2 // 3], FORMS[form]) is Refusal.DAMAGED


@pytest.mark.parametrize("size", [(40_000, 40_000), (8_000, 7_000), (50_000_001, 1)])
def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unpacked(_: object) -> None:
        raise AssertionError("its pixels were read")

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", unpacked)
    header = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    bomb = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    assert refused(bomb, PNG) is Refusal.TOO_MANY_PIXELS


def test_a_picture_of_endless_scans_is_refused_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = picture("JPEG", (1000, 1000), progressive=True)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    assert opened(cleaned(whole[:-2] + 10 * last + whole[-2:], JPEG).copy).size == (1000, 1000)

    def unpacked(_: object) -> None:
        raise AssertionError("its pixels were read")

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load", unpacked)
    assert refused(whole[:-2] + 5000 * last + whole[-2:], JPEG) is Refusal.TOO_MANY_PIXELS


def test_the_largest_pictures_of_phones_are_not_refused() -> None:
    assert pictures.MOST_PIXELS >= 8160 * 6120


@given(st.data(), st.sampled_from(sorted(FORMS)))
def test_a_damaged_picture_is_copied_or_refused_and_nothing_else(data: st.DataObject, form: str) -> None:
    content = bytearray(picture(form, (32, 24), exif=located()))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Unfit):
        made = cleaned(bytes(content), FORMS[form])
        assert max(opened(made.thumbnail).size) <= pictures.THUMBNAIL_PIXELS
