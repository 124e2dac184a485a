"""The sheet of a holiday notice as the import pages and the command know it."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.actions.holidays import check_day, take_in_days
from gongzhi.community.rules import is_operator
from gongzhi.kernel.sheets import Column, Kind, SheetSpec, register

WORKED = {
    "上班": True, "班": True, "调休上班": True, "补班": True, "是": True,
    "放假": False, "休": False, "休息": False, "放假一天": False, "否": False,
}  # fmt: skip

CALENDAR = SheetSpec(
    name="cases.calendar",
    title=_("导入放假通知"),
    hint=_(
        "照国务院办公厅的放假通知，每行一天：日期、上班或放假、节日名称。这一年原来推算的假日会换成通知的。导入后，办理中的承诺时间会跟着顺延。"
    ),
    columns=(
        Column("date", (_("日期"), "放假日期", "date"), kind=Kind.DATETIME, required=True),
        Column("is_workday", (_("上班或放假"), "是否上班", "安排", "类型"), kind=Kind.CHOICE, required=True, choices=WORKED),
        Column("name", (_("节日"), "名称", "节日名称", "name"), max_length=40),
        Column("source", (_("文号"), "依据", "通知", "source"), max_length=120),
    ),
    may_import=is_operator,
    commit_rows=take_in_days,
    validate_row=check_day,
    done_url=reverse_lazy("cases:calendar"),
    batch_size=2000,
)


def register_sheets() -> None:
    """Called when the room is ready."""
    register(CALENDAR)
