"""Forms of cases: they validate and nothing else."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.actions.locating import Spot
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Attribute, Case, Helper, Wording
from gongzhi.cases.workflow import Outcome
from gongzhi.community.acting import STARS, Act, Ask, TokensField
from gongzhi.community.actors import Actor
from gongzhi.community.directory import bodies
from gongzhi.community.models import Body
from gongzhi.community.territory import Node, territory
from gongzhi.kernel import codes


def category_choices(*, blank: str = "") -> list[tuple[str, Any]]:
    """Leaves grouped under their top category, in the reader's language."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for leaf in catalogue().leaves():
        top = catalogue().top(leaf.pk)
        groups.setdefault(top.label if top else "", []).append((leaf.code, leaf.label))
    return [("", blank), *groups.items()]


class ReportForm(forms.Form):
    """What any channel asks: words or a photo, a place, and little else. At most three required things."""

    one_of = ("description", "address")
    """Words or a photo, an address or a pin: `clean` asks for one of them."""

    description = forms.CharField(label=_("什么事"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), strip=True)
    category = forms.ChoiceField(label=_("类别"), required=False, widget=forms.Select(attrs={"aria-label": _("类别")}))
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lng = forms.FloatField(required=False, widget=forms.HiddenInput)
    address = forms.CharField(label=_("在哪里"), required=False, max_length=200)
    facility_tag = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    compound_tag = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    photos = TokensField(label=_("照片"), required=False)
    is_anonymous = forms.BooleanField(label=_("匿名反映"), required=False)
    may_publish = forms.BooleanField(label=_("可以公开这件事（不公开您是谁）"), required=False, initial=True)
    name = forms.CharField(label=_("怎么称呼您"), required=False, max_length=40)
    phone = forms.CharField(label=_("联系电话"), required=False, max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["category"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = category_choices(blank=str(_("请选择，或由社区帮您分类")))
        for question in self._questions():
            self.fields[f"answer_{question.code}"] = question_field(question)

    def _questions(self) -> list[Attribute]:
        code = self.data.get("category") if self.is_bound else self.initial.get("category")
        row = catalogue().by_code.get(code or "")
        return [one for one in catalogue().attributes_of(row.pk) if one.variable] if row else []

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"]).replace(" ", "").replace("-", "")
        if phone and not (phone.lstrip("+").isascii() and phone.lstrip("+").isdigit() and 5 <= len(phone) <= 16):
            raise forms.ValidationError(_("电话号码不对，请核对数字。"))
        return phone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("description") and not data.get("photos"):
            self.add_error("description", _("请写几句话，或拍一张照片，说明是什么事。"))
        has_place = any(data.get(name) for name in ("address", "facility_tag", "compound_tag")) or data.get("lat") is not None
        if not has_place:
            self.add_error("address", _("请在地图上点一下位置，或写明在哪里。"))
        return data

    def question_fields(self) -> list[forms.BoundField]:
        """The questions of the chosen category, as fields."""
        return [self[name] for name in self.fields if name.startswith("answer_")]

    def answers(self) -> dict[str, Any]:
        """The category's questions and their answers by code."""
        return {name.removeprefix("answer_"): value for name, value in self.cleaned_data.items() if name.startswith("answer_")}

    def spot(self, near: Node | None = None) -> Spot:
        """Where it is, in words made near a place."""
        data = self.cleaned_data
        given = (data.get("lng"), data.get("lat"), data.get("address", ""), data.get("facility_tag", ""), data.get("compound_tag", ""))
        return Spot(*given, near_code=near.code if near else "")


class FoundForm(ReportForm):
    """A grid worker's own finding; settled on the spot it needs a word on what was done."""

    on_spot = forms.BooleanField(label=_("已当场办好（现场办结）"), required=False)
    done_note = forms.CharField(label=_("怎么办好的"), required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("on_spot") and not data.get("done_note"):
            self.add_error("done_note", _("请写一句怎么办好的。"))
        return data


class BehalfForm(ReportForm):
    """Entered at the desk for somebody who telephoned, came to the counter or wrote in a group."""

    channel = forms.ChoiceField(
        label=_("怎么来的"),
        choices=[(one.value, one.label) for one in (Case.Channel.PHONE, Case.Channel.COUNTER, Case.Channel.WECHAT_GROUP)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["description"].required = True
        self.fields["name"].label = _("反映人姓名")
        self.fields["may_publish"].label = _("对方同意公开这件事（不公开是谁）")


def question_field(question: Attribute) -> forms.Field:
    """A form field for one question of a category; the action checks the answer again."""
    common: dict[str, Any] = {"label": question.label, "required": question.required}
    choices = question.options()
    kinds = Attribute.Datatype
    if question.datatype == kinds.SINGLE:
        return forms.ChoiceField(choices=[("", _("请选择")), *choices], **common)
    if question.datatype == kinds.MULTI:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    if question.datatype == kinds.NUMBER:
        return forms.FloatField(**common)
    if question.datatype == kinds.DATETIME:
        return forms.CharField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), **common)
    if question.datatype == kinds.TEXT:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, **common)
    return forms.CharField(max_length=200, **common)


class ActForm(forms.Form):
    """The form of one act, built from what the act asks for; `version` holds the case as the person saw it."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, act: Act, case: Case, actor: Actor, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", start_of(act, case))
        super().__init__(*args, **kwargs)
        self.act, self.case, self.actor = act, case, actor
        for ask in act.asks:
            for name, field in fields_of(ask, case).items():
                self.fields[name] = field
        if act.name == "drop_helper":
            self._only_helpers()

    def _only_helpers(self) -> None:
        """Only who helps now can stop helping."""
        choice, helping = self.fields["body"], helpers_of(self.case)
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [("", _("请选择")), *((pk, row.label) for pk in sorted(helping) if (row := bodies().get(pk)))]

    def values(self) -> dict[str, Any]:
        """What the act's action takes, by name."""
        data = self.cleaned_data
        return {ask.name: self._value(ask, data) for ask in self.act.asks}

    def _value(self, ask: Ask, data: dict[str, Any]) -> Any:
        if ask.kind == "body":
            return bodies().get(int(data[ask.name])) if data.get(ask.name) else None
        if ask.kind == "spot":
            return self._spot(data)
        if ask.kind == "stars":
            return int(data[ask.name])
        return data.get(ask.name)

    def _spot(self, data: dict[str, Any]) -> Spot | None:
        """The place, only if it was touched: a form that shows it must not move a case whose category alone was changed."""
        if not {"lat", "lng", "address"} & set(self.changed_data):
            return None
        given = data.get("lat") is not None or data.get("address")
        return Spot(data.get("lng"), data.get("lat"), data.get("address", "")) if given else None

    def clean(self) -> dict[str, Any]:
        """A number typed for another case becomes that case, if this person may see it; else the field says so."""
        data = super().clean() or {}
        for name in (ask.name for ask in self.act.asks if ask.kind == "case"):
            if data.get(name):
                self._resolve(name, data)
        return data

    def _resolve(self, name: str, data: dict[str, Any]) -> None:
        other = Case.objects.visible_to(self.actor).filter(code=codes.normalise(str(data[name]))).first()
        if other is None:
            self.add_error(name, _("没有找到这个编号的诉求，请核对。"))
        else:
            data[name] = other


def start_of(act: Act, case: Case) -> dict[str, Any]:
    """What a form begins with: the acts that change what is there show it."""
    if act.name == "publish_words":
        return {"is_public": case.is_public, "words": case.public_words}
    if act.name == "correct":
        return {"lat": case.lat, "lng": case.lng, "address": case.address}
    return {}


def helpers_of(case: Case) -> set[int]:
    """Bodies that help with a case now; asked once for each case."""
    if getattr(case, "helper_ids", None) is None:
        case.helper_ids = set(Helper.objects.filter(case_id=case.pk, left_at=None).values_list("body_id", flat=True))
    return case.helper_ids


def fields_of(ask: Ask, case: Case) -> dict[str, forms.Field]:
    """The form fields of one ask."""
    common: dict[str, Any] = {"label": ask.label, "required": ask.required, "help_text": ask.help}
    if ask.kind == "spot":
        return {
            "lat": forms.FloatField(required=False, widget=forms.HiddenInput),
            "lng": forms.FloatField(required=False, widget=forms.HiddenInput),
            "address": forms.CharField(label=str(ask.label), required=False, max_length=200),
        }
    return {ask.name: _field(ask, case, common)}


def _field(ask: Ask, case: Case, common: dict[str, Any]) -> forms.Field:
    if ask.kind == "text":
        return forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), **common)
    if ask.kind == "date":
        return forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **common)
    if ask.kind == "photos":
        return TokensField(**common)
    if ask.kind == "yes":
        return forms.BooleanField(**common)
    if ask.kind in ("line", "case"):
        return forms.CharField(max_length=500, **common)
    # Named for itself: the searchable picker takes the label away from the select it stands for.
    named = forms.Select(attrs={"aria-label": ask.label})
    wrong = {"invalid_choice": _("这一项不能选，请从列表里另选。")}
    return forms.ChoiceField(choices=_choices(ask, case), widget=named, error_messages=wrong, **common)


def _choices(ask: Ask, case: Case) -> list[tuple[Any, Any]]:
    if ask.kind == "body":
        return [("", _("请选择") if ask.required else _("按规则派")), *((row.pk, row.label) for row in bodies_near(case))]
    if ask.kind == "category":
        return category_choices(blank=str(_("不改类别")))
    if ask.kind == "outcome":
        return list(Outcome.choices)
    if ask.kind == "stars":
        return list(STARS)
    kind = {"route": "legal_route", "ground": "refusal_ground"}[ask.kind]
    return [(row.code, row.label) for row in Wording.objects.filter(kind=kind).order_by("code")]


def bodies_near(case: Case) -> list[Body]:
    """Whom a case can be given to: active bodies of its place and above; all of the district while it is not located."""
    ids = {node.id for node in territory().up(case.place_id)}
    rows = [row for row in bodies().values() if row.is_active and (not ids or row.place_id in ids)]
    return sorted(rows, key=lambda row: (row.place_id, row.code))
