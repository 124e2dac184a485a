"""QR codes: as SVG inside a page or a paper, as PNG for download."""

from __future__ import annotations

import io

import segno


def qr_svg(text: str, *, border: int = 4) -> str:
    """An ``<svg>`` element that scales with its box; ``border`` in modules (4 is what readers ask for)."""
    target = io.BytesIO()
    segno.make_qr(text, error="m").save(
        target, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=border, nl=False, svgclass=None, lineclass=None
    )
    return target.getvalue().decode()


def qr_png(text: str, *, scale: int = 10, border: int = 4) -> bytes:
    """A PNG of ``scale`` pixels to a module."""
    target = io.BytesIO()
    segno.make_qr(text, error="m").save(target, kind="png", scale=scale, border=border)
    return target.getvalue()
