"""The sheet of messages as the import page and the command know it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import rules
from gongzhi.cases.importing.rows import check_row, take_in
from gongzhi.community.actors import actor_of
from gongzhi.kernel.sheets import Column, Kind, SheetSpec, register

NAME = "cases.messages"
LONGEST = 20_000
"""Characters of a message or reply taken in; those written elsewhere are longer than what our own form lets people type."""


def may_import(user: Any) -> bool:
    return rules.can_import(actor_of(user))


MESSAGES = SheetSpec(
    name=NAME,
    title=_("导入留言"),
    hint=_("每行一条留言。要有留言主题、留言时间、留言详情；有答复的，带上答复意见和答复时间，会按当时的时间办结。"),
    columns=(
        Column("number", (_("留言编号"), "编号", "序号", "number")),
        Column("user", (_("留言用户"), "用户", "姓名", "反映人", "user"), max_length=100),
        Column("title", (_("留言主题"), "主题", "标题", "title"), required=True, max_length=500),
        Column("at", (_("留言时间"), "反映时间", "登记时间", "time"), kind=Kind.DATETIME, required=True),
        Column("text", (_("留言详情"), "详情", "内容", "反映内容", "text"), required=True, max_length=LONGEST),
        Column("likes", (_("点赞数"), "赞成数", "likes"), kind=Kind.INT),
        Column("dislikes", (_("反对数"), "dislikes"), kind=Kind.INT),
        Column("reply", (_("答复意见"), "答复内容", "答复", "reply"), max_length=LONGEST),
        Column("replied_at", (_("答复时间"), "回复时间", "replied_at"), kind=Kind.DATETIME),
    ),
    may_import=may_import,
    commit_rows=take_in,
    validate_row=check_row,
    done_url=format_lazy("{}?channel=sheet&open=all", reverse_lazy("cases:inbox")),
    batch_size=500,
)


def register_sheets() -> None:
    """Called when the room is ready."""
    register(MESSAGES)
