"""Forms of places: what one place says in the settings, and a file of them."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from gongzhi.community.actions.planning import plan_places
from gongzhi.community.models import Place
from gongzhi.community.place_data import Draft, PlaceData
from gongzhi.community.place_files import Fields, Reading
from gongzhi.kernel import geo
from gongzhi.kernel.errors import DomainError

DATUMS = (
    (geo.WGS84, gettext_lazy("WGS-84（GPS、天地图）")),
    (geo.GCJ02, gettext_lazy("GCJ-02（高德、腾讯）")),
    (geo.BD09, gettext_lazy("BD-09（百度）")),
)


class PlaceForm(forms.ModelForm[Place]):
    """One place; asked of the same plan as every file, so that what it refuses stands at its field."""

    class Meta:
        model = Place
        fields = ("kind", "code", "name", "name_en", "parent", "polygon", "households", "community_type", "in_force_on")
        help_texts = {"polygon": gettext_lazy("GeoJSON 的一块面（Polygon），WGS-84 坐标，先经度后纬度。可以留空。")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            for refused in plan_places([Draft(1, self.place_data())], keep=False).refused:
                self.add_error(refused.field if refused.field in self.fields else None, refused.sentence)
        return cleaned

    def place_data(self) -> PlaceData:
        """What the form says, for the action."""
        told = self.cleaned_data
        parent = told.get("parent")
        return PlaceData(
            kind=told["kind"],
            code=told.get("code") or self.instance.code,
            name=told["name"],
            parent_code=parent.code if parent else "",
            name_en=told["name_en"],
            polygon=json.loads(told["polygon"]) if told["polygon"] else None,
            households=told["households"],
            community_type=told["community_type"],
            in_force_on=told["in_force_on"],
        )

    def clean_polygon(self) -> str:
        """A geometry, or a feature that holds one."""
        text = str(self.cleaned_data["polygon"]).strip()
        try:
            return geo.clean_polygon(text)[0] if text else ""
        except DomainError as refused:
            raise forms.ValidationError(refused.message) from None


class PlaceFileForm(forms.Form):
    """A file of places, and how to read it where it does not say so itself."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy("边界文件（.geojson、.json），或者区划代码表（.csv、.xlsx，要有代码和名称两列）。最多 20 MB。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".geojson,.json,.csv,.gz,.xlsx"}),
        error_messages={"required": gettext_lazy("请先选一个文件。"), "empty": gettext_lazy("文件是空的，请选有内容的文件。")},
    )
    level = forms.ChoiceField(
        label=gettext_lazy("边界是哪一级"),
        choices=[("", gettext_lazy("文件里写明了")), *Place.Kind.choices],
        required=False,
        help_text=gettext_lazy("只用于边界文件。区划代码表按位数自己认。"),
    )
    parent = forms.CharField(
        label=gettext_lazy("上级代码"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("文件里没有写上级时用；不填就按代码的前几位找。"),
    )
    datum = forms.ChoiceField(label=gettext_lazy("坐标系"), choices=DATUMS)
    code_field = forms.CharField(label=gettext_lazy("代码的字段名"), max_length=60, initial="code", required=False)
    name_field = forms.CharField(label=gettext_lazy("名称的字段名"), max_length=60, initial="name", required=False)
    kind_field = forms.CharField(label=gettext_lazy("级别的字段名"), max_length=60, initial="kind", required=False)
    parent_field = forms.CharField(label=gettext_lazy("上级的字段名"), max_length=60, initial="parent", required=False)

    def reading(self) -> Reading:
        told = self.cleaned_data
        names = Fields(*(told[f"{one}_field"] or one for one in ("code", "name", "kind", "parent")))
        return Reading(told["level"], told["parent"].strip(), told["datum"], names)
