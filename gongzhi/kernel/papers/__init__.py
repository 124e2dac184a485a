"""Official papers: PDF by typst with embedded Chinese fonts, and QR codes.

A template is a ``.typ`` file of a room. It begins with::

    #import "/kernel/papers/base.typ": data, paper, official
    #show: official

and prints ``#data.code`` and the like: what people wrote reaches typst as data, never as source, so nothing in it is typeset
as a command. Paths that begin with a slash start at ``gongzhi/``.
"""

from gongzhi.kernel.papers.making import MAX_DATA_BYTES, TIME_LIMIT_S, PaperFailed, pdf
from gongzhi.kernel.papers.qr import qr_png, qr_svg

__all__ = ["MAX_DATA_BYTES", "TIME_LIMIT_S", "PaperFailed", "pdf", "qr_png", "qr_svg"]
