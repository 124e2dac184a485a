"""The sheet of a survey of things as the common import pages know it."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from gongzhi.community.actions.facilities import check_facility, take_in_facilities
from gongzhi.community.models import Facility
from gongzhi.community.rules import is_operator
from gongzhi.kernel import geo
from gongzhi.kernel.sheets import Column, Kind, SheetSpec, register

OF_KIND = Facility.Kind
KINDS = {
    "路灯": OF_KIND.LAMP, "灯": OF_KIND.LAMP, "停车位": OF_KIND.PARKING, "车位": OF_KIND.PARKING, "垃圾分类点": OF_KIND.WASTE_POINT,
    "垃圾点": OF_KIND.WASTE_POINT, "健身器材": OF_KIND.EQUIPMENT, "球场": OF_KIND.COURT, "其他设施": OF_KIND.OTHER, "其他": OF_KIND.OTHER,
    **{one.value: one for one in OF_KIND},
}  # fmt: skip
IN_USE = {"是": True, "在用": True, "否": False, "停用": False, "拆除": False}
DATUMS = {
    "WGS-84": geo.WGS84, "GPS": geo.WGS84, "CGCS2000": geo.WGS84, "国家2000": geo.WGS84, "GCJ-02": geo.GCJ02, "高德": geo.GCJ02,
    "腾讯": geo.GCJ02, "BD-09": geo.BD09, "百度": geo.BD09,
}  # fmt: skip
"""How people name a coordinate system; CGCS2000 lies within a metre of WGS-84."""

FACILITIES = SheetSpec(
    name="community.facilities",
    title=_("导入部件"),
    hint=_("每行一个部件：编号、种类、名称、权属单位，再写网格代码或经纬度。编号已有的会更新，贴好的二维码照样能用。"),
    columns=(
        Column("code", (_("部件编号"), "编号", "标识码", "部件标识码", "code"), required=True, max_length=32),
        Column("kind", (_("部件种类"), "种类", "类型", "部件类型", "kind"), kind=Kind.CHOICE, required=True, choices=KINDS),
        Column("name", (_("部件名称"), "名称", "name"), required=True, max_length=80),
        Column("owner", (_("权属单位"), "主管单位", "养护单位", "单位", "owner"), required=True, max_length=80),
        Column("place", (_("网格代码"), "所在网格", "单元网格", "place"), max_length=20),
        Column("lng", (_("经度"), "X坐标", "lng"), kind=Kind.FLOAT),
        Column("lat", (_("纬度"), "Y坐标", "lat"), kind=Kind.FLOAT),
        Column("datum", (_("坐标系"), "datum"), kind=Kind.CHOICE, choices=DATUMS),
        Column("compound", (_("小区代码"), "compound"), max_length=32),
        Column("category", (_("常见问题类别代码"), "category"), max_length=32),
        Column(
            "is_active",
            (_("在用"), "是否在用", "状态"),
            kind=Kind.CHOICE,
            choices={"是": True, "在用": True, "否": False, "停用": False, "拆除": False},
        ),
    ),
    may_import=is_operator,
    commit_rows=take_in_facilities,
    validate_row=check_facility,
    done_url=reverse_lazy("cases:labels"),
    batch_size=500,
)


def register_sheets() -> None:
    """Called when the room is ready."""
    register(FACILITIES)
