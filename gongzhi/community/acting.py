"""Acts as a person meets them: what an act asks for, the form built from it, and the one view that runs it.

A room declares its acts as rows (`Act`); pages, phone and API share them. The action behind an act refuses what the table of
moves does not allow; here only the form is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.community.actors import Actor
from gongzhi.community.directory import bodies
from gongzhi.kernel.flow.tables import Text

MAX_PHOTOS = 6
LONG = 12
"""More options than this are searched by typing."""
STARS = [(5, _("很满意")), (4, _("满意")), (3, _("一般")), (2, _("不满意")), (1, _("很不满意"))]
Choices = Callable[[Any, Actor], Sequence[tuple[Any, Any]]]
Run = Callable[[Any, Actor, Mapping[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing an act asks for.

    `kind`: text, line, number, date, moment, yes, stars, photos, point (asked of the device at that moment only), choice, choices,
    body, bodies. `choices(matter, actor)` for the last four; without it `body` and `bodies` offer every active body.
    """

    name: str
    kind: str
    label: Text
    required: bool = True
    help: Text = ""
    choices: Choices | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """An act as a person sees it: the move it makes, its word, what it asks for, what runs, and what is said after."""

    name: str
    move: str
    label: Text
    asks: tuple[Ask, ...]
    run: Run
    said: Text
    is_danger: bool = False
    in_batch: bool = False


NOTE = Ask("note", "text", _("说明"), required=False)
REASON = Ask("reason", "text", _("原因"))
PHOTOS = Ask("photos", "photos", _("照片"), required=False)


class TokensField(forms.Field):
    """Attachment tokens, one hidden input each under the same name."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> tuple[str, ...]:
        tokens = value if isinstance(value, list | tuple) else [value] if value else []
        return tuple(dict.fromkeys(str(one) for one in tokens if one))

    def validate(self, value: Sequence[str]) -> None:
        super().validate(value)
        if len(value) > MAX_PHOTOS:
            raise forms.ValidationError(_("最多放 6 张照片，请去掉几张。"))


class AskForm(forms.Form):
    """The form of one act on one matter; `version` holds the matter as the person saw it."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, act: Act, matter: Any, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.act, self.matter, self.actor = act, matter, actor
        for ask in act.asks:
            for name, field in fields_of(ask, matter, actor).items():
                self.fields[name] = field

    def values(self) -> dict[str, Any]:
        """What the act's action takes, by name."""
        return {ask.name: value_of(ask, self.cleaned_data) for ask in self.act.asks}


def value_of(ask: Ask, data: Mapping[str, Any]) -> Any:
    """The cleaned value of an ask: bodies as rows, a point as (lng, lat)."""
    given = data.get(ask.name)
    if ask.kind == "body":
        return bodies().get(int(given)) if given else None
    if ask.kind == "bodies":
        return [bodies()[int(one)] for one in given or ()]
    if ask.kind == "stars":
        return int(given) if given else None
    if ask.kind == "point":
        lng, lat = data.get("lng"), data.get("lat")
        return None if lng is None or lat is None else (lng, lat)
    return given


def fields_of(ask: Ask, matter: Any, actor: Actor) -> dict[str, forms.Field]:
    """The form fields of one ask."""
    if ask.kind == "point":
        sides = {"lng": 180, "lat": 90}
        return {
            name: forms.FloatField(required=ask.required, min_value=-most, max_value=most, widget=forms.HiddenInput)
            for name, most in sides.items()
        }
    common: dict[str, Any] = {"label": ask.label, "required": ask.required, "help_text": ask.help}
    plain = PLAIN.get(ask.kind)
    return {ask.name: plain(common) if plain else _chosen(ask, matter, actor, common)}


PLAIN: dict[str, Callable[[dict[str, Any]], forms.Field]] = {
    "text": lambda common: forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), **common),
    "line": lambda common: forms.CharField(max_length=500, **common),
    "number": lambda common: forms.IntegerField(min_value=0, max_value=1_000_000, **common),
    "date": lambda common: forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **common),
    "moment": lambda common: forms.DateTimeField(
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}), **common
    ),
    "yes": lambda common: forms.BooleanField(**common),
    "photos": lambda common: TokensField(**common),
}


def _chosen(ask: Ask, matter: Any, actor: Actor, common: dict[str, Any]) -> forms.Field:
    wrong = {"invalid_choice": _("这一项不能选，请从列表里另选。")}
    options = _options(ask, matter, actor)
    is_long = len(options) > LONG
    # Named for itself: the searchable picker takes the label away from the select it stands for.
    named = {"aria-label": ask.label}
    field: forms.ChoiceField
    if ask.kind in ("bodies", "choices"):
        widget = forms.SelectMultiple(attrs=named) if is_long else forms.CheckboxSelectMultiple()
        field = forms.MultipleChoiceField(choices=options, widget=widget, error_messages=wrong, **common)
    else:
        field = forms.ChoiceField(choices=[("", _("请选择")), *options], widget=forms.Select(attrs=named), error_messages=wrong, **common)
    field.is_picker = is_long  # type: ignore[attr-defined]
    return field


def _options(ask: Ask, matter: Any, actor: Actor) -> list[tuple[Any, Any]]:
    if ask.choices is not None:
        return list(ask.choices(matter, actor))
    if ask.kind == "stars":
        return list(STARS)
    return body_choices(row.pk for row in bodies().values() if row.is_active)


def body_choices(ids: Iterable[int]) -> list[tuple[int, str]]:
    """Bodies as options, by name."""
    return sorted(((pk, bodies()[pk].label) for pk in ids if pk in bodies()), key=lambda one: one[1])
