"""Pictures: a clean copy of what somebody took, and a thumbnail. Neither tells where it was taken, or with what."""

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.andon.attachments import ContentType, Refusal

if TYPE_CHECKING:
    from PIL.Image import Image

# The largest that phones take without joining pictures (8160 × 6120). In memory a pixel takes four bytes, some times.
MOST_PIXELS = 50_000_000
THUMBNAIL_PIXELS = 400
# A JPEG may be made of many scans, each over all pixels: 10 MB can hold so many that reading them takes hours. Ten are
# usual. What cameras hide behind a picture, such as a short film, may look like some scans more.
_MOST_SCANNED_PIXELS = 100 * MOST_PIXELS
_SCAN = b"\xff\xda"
_FORMATS = {ContentType.JPEG: "JPEG", ContentType.PNG: "PNG", ContentType.WEBP: "WEBP"}
_QUALITY = 90
_THUMBNAIL_QUALITY = 80


class Unfit(Exception):
    """A picture of which no copy can be made, with the reason."""

    def __init__(self, refusal: Refusal, cause: object = "") -> None:
        super().__init__(f"{refusal}: {cause}")
        self.refusal = refusal


@dataclass(frozen=True)
class Picture:
    """The content of a clean copy, in the format of the picture, and of its thumbnail, in WebP."""

    copy: bytes
    thumbnail: bytes


def cleaned(content: bytes, content_type: ContentType) -> Picture:
    """Make a clean copy of a picture, turned as it is to be seen, and a thumbnail of at most 400 × 400 pixels.

    The pixels alone are copied: no position, no device, no comment, no second picture and nothing that is hidden behind
    the picture. Raises Unfit.
    """
    image = _pixels(content, content_type)
    copy = _written(image, _FORMATS[content_type], _QUALITY)
    image.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
    return Picture(copy, _written(image, _FORMATS[ContentType.WEBP], _THUMBNAIL_QUALITY))


def _pixels(content: bytes, content_type: ContentType) -> "Image":
    """The pixels of a picture, without anything else. Its size is looked at before they are read. Raises Unfit."""
    # Pillow is imported only where pictures are made: every Lambda has it in its zip, and one of them needs it.
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(io.BytesIO(content), formats=[_FORMATS[content_type]])
            if content_type is ContentType.JPEG and _scanned(image, content) > _MOST_SCANNED_PIXELS:
                raise Image.DecompressionBombError("too many scans")  # noqa: TRY301  as Pillow does for its own bombs
            image.load()
            turned = ImageOps.exif_transpose(image)
            mode = "RGBA" if turned.has_transparency_data and content_type is not ContentType.JPEG else "RGB"
            pixels = turned.convert(mode)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unfit(Refusal.TOO_MANY_PIXELS, error) from error
    except UnidentifiedImageError as error:
        raise Unfit(Refusal.OTHER_TYPE, error) from error
    except Exception as error:
        # Pillow raises errors of many types for damaged pictures. Each time the picture is to blame.
        raise Unfit(Refusal.DAMAGED, error) from error
    pixels.info = {}
    return pixels


def _scanned(image: "Image", content: bytes) -> int:
    """How many pixels are read, at most, until a JPEG is there."""
    return content.count(_SCAN) * image.width * image.height


def _written(image: "Image", form: str, quality: int) -> bytes:
    written = io.BytesIO()
    image.save(written, form, quality=quality)
    return written.getvalue()
