"""How much a sheet may hold, and the sentence when it holds more.

A file of 259 kB can cost its reader half a gigabyte, so everything is counted before a library opens it.
"""

from __future__ import annotations

from typing import IO

from django.utils.translation import gettext as _

from gongzhi.kernel.errors import DomainError

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 256
MAX_CELLS = 5_000_000
MAX_FORMULAS = 1_000
CHUNK = 1024 * 1024


def too_big() -> DomainError:
    limit = MAX_FILE_BYTES // 1024 // 1024
    return DomainError(_("文件太大了（超过 %(limit)d MB）。请分成几个文件上传。") % {"limit": limit})


def too_much_unpacked() -> DomainError:
    limit = MAX_UNPACKED_BYTES // 1024 // 1024
    text = _("这个文件解开后超过 %(limit)d MB，为了安全没有打开。请只保留要导入的内容，另存后再上传。")
    return DomainError(text % {"limit": limit})


def too_many_rows() -> DomainError:
    return DomainError(_("表格超过 %(limit)d 行，请分成几个文件上传。") % {"limit": MAX_ROWS})


def too_many_cells() -> DomainError:
    text = _("表格太宽或太大了（最多 %(columns)d 列、%(cells)d 个格子）。请删掉不用的行和列再上传。")
    return DomainError(text % {"columns": MAX_COLUMNS, "cells": MAX_CELLS})


def damaged() -> DomainError:
    return DomainError(_("文件打不开，可能没有传完整。请在电脑上打开看看，另存一份再上传。"))


def size_of(file: IO[bytes]) -> int:
    """Bytes of a seekable file; its position is back at the start afterwards."""
    size = file.seek(0, 2)
    file.seek(0)
    return size
