"""What programs send: types, bounds, and words for the docs page (Chinese here, translated where they are shown)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.utils.translation import gettext_noop
from ninja import Field, Schema
from pydantic import BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from gongzhi.cases.workflow import Outcome

PHOTO = r"^[0-9a-f]{32}$"
Photos = Annotated[list[Annotated[str, Field(pattern=PHOTO)]], Field(max_length=6, description=gettext_noop("照片的编号，由 /photos 给出"))]
Number = Annotated[float, Field(allow_inf_nan=False)]
# The bounds are only written down: the action refuses a point off the Earth in better words.
Longitude = Annotated[Number | None, Field(json_schema_extra={"minimum": -180, "maximum": 180})]
Latitude = Annotated[Number | None, Field(json_schema_extra={"minimum": -90, "maximum": 90})]


def _only_text(value: Any) -> Any:
    """Pydantic would read a number as seconds since 1970: nobody means that by a day."""
    if isinstance(value, str) and len(value) != len("2026-11-23"):
        raise PydanticCustomError("date_parsing", "not a day")
    if value is not None and not isinstance(value, str | dt.date):
        raise PydanticCustomError("date_type", "not a day")
    return value


Day = Annotated[dt.date, BeforeValidator(_only_text)]


class Strict(Schema):
    """A misspelt name is refused, not dropped in silence."""

    model_config = ConfigDict(extra="forbid")


class ReportIn(Strict):
    """A report. A place is a point, an address, the tag of a QR, or a place's code."""

    description: str = Field("", max_length=4000, description=gettext_noop("什么事"))
    category: str = Field("", max_length=32, description=gettext_noop("类别代码，见 /categories"))
    lng: Longitude = Field(None, description=gettext_noop("经度（WGS-84）"))
    lat: Latitude = Field(None, description=gettext_noop("纬度（WGS-84）"))
    address: str = Field("", max_length=200, description=gettext_noop("在哪里，用文字写"))
    facility_tag: str = Field("", max_length=24, description=gettext_noop("设施二维码上的编号"))
    compound_tag: str = Field("", max_length=24, description=gettext_noop("小区二维码上的编号"))
    place_code: str = Field("", max_length=20, description=gettext_noop("区域代码"))
    answers: dict[str, str | int | float | bool | list[str] | None] = Field(
        default_factory=dict, description=gettext_noop("类别要问的问题和回答，按问题代码")
    )
    photos: Photos = []
    is_anonymous: bool = Field(False, description=gettext_noop("匿名反映"))
    may_publish: bool = Field(False, description=gettext_noop("可以公开这件事（不公开是谁）"))
    name: str = Field("", max_length=40, description=gettext_noop("怎么称呼反映人"))
    phone: str = Field("", max_length=20, description=gettext_noop("反映人的电话"))
    outside_key: str | None = Field(None, min_length=1, max_length=64, description=gettext_noop("您系统里的编号；同一个编号只登记一次"))

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"description": gettext_noop("路灯不亮，晚上很黑"), "category": "lamp", "lng": 103.797, "lat": 25.501}],
        }
    )


class ActValues(Strict):
    """What acts ask for, all together; `/acts` says which act asks for which."""

    note: str = Field("", max_length=4000, description=gettext_noop("给反映人的话"))
    reason: str = Field("", max_length=4000, description=gettext_noop("原因"))
    words: str = Field("", max_length=4000, description=gettext_noop("评价时想说的话，或公开的话"))
    body: str = Field("", max_length=40, description=gettext_noop("单位代码，见 /bodies"))
    category: str = Field("", max_length=32, description=gettext_noop("类别代码，见 /categories"))
    ground: str = Field("", max_length=4000, description=gettext_noop("不予受理的依据代码，见 /wordings；裁定时写依据"))
    route: str = Field("", max_length=48, description=gettext_noop("应走的途径代码，见 /wordings"))
    into: str = Field("", max_length=40, description=gettext_noop("另一件诉求的编号"))
    outcome: str = Field("", description=gettext_noop("办理结果"), json_schema_extra={"enum": [*Outcome.values]})
    until: Day | None = Field(None, description=gettext_noop("到哪一天"))
    look_again_on: Day | None = Field(None, description=gettext_noop("回看日期"))
    stars: int | None = Field(None, ge=1, le=5, description=gettext_noop("5 很满意，1 很不满意"))
    is_public: bool | None = Field(None, description=gettext_noop("公开"))
    lng: Longitude = Field(None, description=gettext_noop("经度（WGS-84）"))
    lat: Latitude = Field(None, description=gettext_noop("纬度（WGS-84）"))
    address: str = Field("", max_length=200, description=gettext_noop("在哪里，用文字写"))
    photos: Photos = []


class ActIn(Strict):
    """What an act asks for; `version` is the case as the caller saw it."""

    version: int | None = Field(None, ge=0, description=gettext_noop("您看到的版本；别人先改过就会提醒您"))
    values: ActValues | None = Field(None, description=gettext_noop("这个动作要填的内容，见 /acts"))

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 1, "values": {"note": gettext_noop("已受理，请等消息")}}]})
