"""Rows of a sheet of messages: which column is the text, which the label, told by its heading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from gongzhi.cases.suggest.training import Row
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.sheets import read_rows, to_text
from gongzhi.kernel.sheets.cells import Cell

TEXT = ("留言详情", "反映内容", "描述", "内容", "诉求内容", "text", "content", "description", "message")
TITLE = ("留言主题", "标题", "title", "subject")
LABEL = ("一级分类", "一级标签", "标签", "类别", "分类", "label", "category")


def column(header: Sequence[str], names: Sequence[str]) -> int | None:
    """The first column with one of these headings, the earlier names first."""
    plain = [heading.strip().lower() for heading in header]
    return next((plain.index(name) for name in names if name in plain), None)


def texts_of(path: Path) -> tuple[list[str], Iterator[tuple[list[Cell], str]]]:
    """(header, rows): each row with the text to judge (title and words together)."""
    heads, rows = read_rows(path, path.name)
    words, title = column(heads, TEXT), column(heads, TITLE)
    if words is None:
        raise DomainError(_("没有找到写内容的列。列名请用：%(names)s。") % {"names": "、".join(TEXT[:5])}, field="file")
    return heads, ((list(row.cells), _text(row.cells, words, title)) for row in rows)


def _text(row: Sequence[Cell], words: int, title: int | None) -> str:
    parts = [to_text(row[at]) for at in (title, words) if at is not None and at < len(row)]
    return "".join(parts) if title is not None else parts[0] if parts else ""


def labelled_rows(path: Path) -> Iterator[Row]:
    """Every row that has both text and label."""
    heads, rows = texts_of(path)
    label = column(heads, LABEL)
    if label is None:
        raise DomainError(_("没有找到写类别的列。列名请用：%(names)s。") % {"names": "、".join(LABEL[:5])}, field="file")
    for row, text in rows:
        mark = to_text(row[label]).strip() if label < len(row) else ""
        if text.strip() and mark:
            yield Row(text, mark)
