"""Pillow in the zip: only what JPEG, PNG and WebP need. The rest is more than half of it.

Pillow has a library for each format, and some for writing texts and converting colours. Takip opens three formats and
writes no texts. What is not there cannot be attacked by a picture either.
"""

from collections.abc import Iterator
from pathlib import Path

# Its own modules, and the libraries that only these need.
_UNUSED_MODULES = (
    *("_avif", "_imagingcms", "_imagingft", "_imagingmath", "_imagingmorph", "_imagingtk"),
    *("BdfFontFile", "FontFile", "ImageMath", "ImageMorph", "ImageQt", "ImageTk", "ImageWin"),
    *("PSDraw", "PcfFontFile", "WalImageFile"),
    *("ImageCms", "ImageDraw", "ImageDraw2", "ImageFont", "ImageShow", "ImageText", "PdfParser"),
)
_UNUSED_LIBRARIES = ("libavif", "libbrotlicommon", "libbrotlidec", "libfreetype", "libharfbuzz", "liblcms2", "libpng16")


# The formats that Takip opens, and those that Pillow itself wants beside them.
_FORMATS = ("Bmp", "Gif", "Jpeg", "Mpo", "Png", "Ppm", "Tiff", "WebP")


def trim(packages: Path) -> None:
    """Remove what is not used from the unpacked packages. Where Pillow has no such part, nothing is done."""
    for path in _unused(packages):
        path.unlink()


def _unused(packages: Path) -> Iterator[Path]:
    for name in _UNUSED_MODULES:
        yield from (packages / "PIL").glob(f"{name}.*")
    for plugin in (packages / "PIL").glob("*ImagePlugin.*"):
        if not plugin.name.startswith(tuple(f"{name}ImagePlugin" for name in _FORMATS)):
            yield plugin
    for name in _UNUSED_LIBRARIES:
        yield from (packages / "pillow.libs").glob(f"{name}-*")
