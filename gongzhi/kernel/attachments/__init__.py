"""Pictures that people send: decoded, stripped of everything but the picture, kept small, shown to whom may see.

The file that came in is never stored. What is stored was drawn anew by us, so no position, no maker's notes and no second
meaning (a script, an archive) of the original survives.
"""

from gongzhi.kernel.attachments.access import may_see, register_owner
from gongzhi.kernel.attachments.images import MAX_BYTES, MAX_PIXELS
from gongzhi.kernel.attachments.storing import (
    FULL,
    THUMB,
    VARIANTS,
    attach,
    path_of,
    purge_orphans,
    store,
    sweep_stray_files,
)

__all__ = [
    "FULL",
    "MAX_BYTES",
    "MAX_PIXELS",
    "THUMB",
    "VARIANTS",
    "attach",
    "may_see",
    "path_of",
    "purge_orphans",
    "register_owner",
    "store",
    "sweep_stray_files",
]
