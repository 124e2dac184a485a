"""One picture in, two clean pictures out. Pure: bytes to bytes."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from gongzhi.kernel.errors import DomainError

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
FULL_EDGE = 2048
THUMB_EDGE = 480
MIME = "image/jpeg"
# What phones send. Anything else (SVG above all) is text or code that a browser might run.
_FORMATS = ("JPEG", "PNG", "WEBP")
_BRANDS_OF_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")


@dataclass(frozen=True)
class CleanImage:
    """The picture redrawn as JPEG in two sizes, with its size in pixels and its fingerprint (16 hex digits)."""

    full: bytes
    thumb: bytes
    width: int
    height: int
    phash: str


def clean(file: IO[bytes]) -> CleanImage:
    """Decode within bounds, turn upright, drop all metadata, encode anew. A DomainError says what is wrong."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise DomainError(_("照片太大了（超过 %(limit)d MB），请换小一点的。") % {"limit": MAX_BYTES // 1024 // 1024})
    picture = _decode(content)
    picture.thumbnail((FULL_EDGE, FULL_EDGE), Image.Resampling.LANCZOS)
    small = picture.copy()
    small.thumbnail((THUMB_EDGE, THUMB_EDGE), Image.Resampling.LANCZOS)
    return CleanImage(_encode(picture, 85), _encode(small, 78), picture.width, picture.height, fingerprint(small))


def fingerprint(picture: Image.Image) -> str:
    """Difference hash: is each of 8x8 fields brighter than the one to its right? Similar pictures differ in few bits."""
    grey = picture.convert("L").resize((9, 8), Image.Resampling.BOX)
    pixels = grey.tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            here = row * 9 + column
            bits = bits << 1 | (pixels[here] > pixels[here + 1])
    return f"{bits:016x}"


def distance(one: str, other: str) -> int:
    """How many of the 64 bits of two fingerprints differ; up to about 10 means the same scene."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _decode(content: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
            _check_size(opened)
            # JPEG can be decoded at half or quarter size: a 40-megapixel picture then costs a fraction of its memory.
            opened.draft("RGB", (FULL_EDGE, FULL_EDGE))
            opened.load()
            return _flat(ImageOps.exif_transpose(opened))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except UnidentifiedImageError:
        raise DomainError(_kind_sentence(content)) from None
    except (OSError, ValueError, TypeError, SyntaxError, EOFError, IndexError, KeyError, OverflowError, MemoryError):
        # Pillow's decoders raise any of these for a broken file.
        raise DomainError(_("照片打不开，可能没有传完整，请重新拍一张或换一张。")) from None


def _check_size(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise _too_many_pixels()
    if width < 1 or height < 1:
        raise DomainError(_("照片打不开，可能没有传完整，请重新拍一张或换一张。"))


def _too_many_pixels() -> DomainError:
    text = _("照片的尺寸太大了（超过 %(limit)d 万像素），请换小一点的。")
    return DomainError(text % {"limit": MAX_PIXELS // 10_000})


def _kind_sentence(content: bytes) -> str:
    if content[4:8] == b"ftyp" and content[8:12] in _BRANDS_OF_HEIC:
        return _("这是苹果手机的 HEIC 照片，暂时收不了。请在手机“设置-相机-格式”里选“兼容性最佳”，或者发一张截图。")
    if not content:
        return _("照片是空的，请重新拍一张或换一张。")
    return _("只能上传照片（JPG、PNG 或 WebP），请换一张。")


def _flat(picture: Image.Image) -> Image.Image:
    """RGB on white paper: JPEG knows no transparency."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        paper = Image.new("RGB", layer.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    return picture.convert("RGB")


def _encode(picture: Image.Image, quality: int) -> bytes:
    target = io.BytesIO()
    # A fresh canvas: `info` (EXIF, comments, profiles) of what was opened cannot ride along.
    fresh = Image.frombytes("RGB", picture.size, picture.tobytes())
    fresh.save(target, "JPEG", quality=quality, optimize=True, progressive=True)
    return target.getvalue()
