"""A template and data become a PDF, in a process of its own with a limit on time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.timezone import get_default_timezone, is_aware
from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.errors import DomainError

ROOT = Path(__file__).resolve().parents[2]
TIME_LIMIT_S = 20
MAX_DATA_BYTES = 4 * 1024 * 1024
_COMPILER = Path(__file__).with_name("compiler.py")


class PaperFailed(DomainError):
    """The paper could not be made; the reason is in the log, not for the person at the screen."""

    status = 503
    code = "paper_failed"
    default = _("文件没有生成。请稍后再试，还不行就联系管理员。")


def pdf(template: str | Path, data: Mapping[str, Any]) -> bytes:
    """The PDF of a template (a path below ``gongzhi/`` such as "cases/papers/dispatch.typ", or an absolute one below it).

    ``data`` is anything JSON holds, and moments (shown in local time as "2024年3月15日 09:30"), dates and lazy texts.
    Raises DomainError when there is too much of it or it takes too long.
    """
    path = (ROOT / template).resolve()
    if not path.is_relative_to(ROOT) or path.suffix != ".typ" or not path.is_file():
        raise ValueError(f"no template {template}")
    body = json.dumps({"template": str(path), "root": str(ROOT), "data": json.dumps(data, default=_plain)})
    if len(body) > MAX_DATA_BYTES:
        raise DomainError(_("内容太多，一份文件放不下。请分几次打印。"))
    # A process of its own: typesetting holds the interpreter, cannot be interrupted, and keeps its caches for ever.
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and file; what people wrote comes by standard input
            [sys.executable, "-I", str(_COMPILER)], input=body.encode(), capture_output=True, timeout=TIME_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise PaperFailed from None
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF"):
        raise PaperFailed from RuntimeError(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        local = value.astimezone(get_default_timezone()) if is_aware(value) else value
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be printed")
