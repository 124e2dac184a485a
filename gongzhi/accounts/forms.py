"""What is typed on the pages of an account. Validates and nothing else."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.accounts.models import SCOPES
from gongzhi.accounts.phone_codes import plain_phone
from gongzhi.kernel.errors import DomainError

NUMBERS = {"inputmode": "numeric", "class": "gz-num"}


class PhoneForm(forms.Form):
    """A phone that a code is to be sent to."""

    phone = forms.CharField(
        label=_("手机号"),
        max_length=30,
        error_messages={"required": _("请填手机号。"), "max_length": _("手机号不对，应当是 1 开头的 11 位数字。")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", **NUMBERS}),
    )

    def clean_phone(self) -> str:
        try:
            return plain_phone(self.cleaned_data["phone"])
        except DomainError as error:
            raise forms.ValidationError(error.message) from error


class CodeForm(PhoneForm):
    """The phone as it was given, and the code that came."""

    code = forms.CharField(
        label=_("验证码"),
        max_length=12,
        error_messages={"required": _("请填短信里的 6 位验证码。"), "max_length": _("验证码是 6 位数字，请核对。")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, **NUMBERS}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].widget.attrs["readonly"] = True


class PreferencesForm(forms.Form):
    """What I am called, language, elder mode."""

    display_name = forms.CharField(label=_("怎么称呼您"), max_length=40, required=False)
    locale = forms.ChoiceField(
        label=_("语言"), choices=[("zh-hans", "中文"), ("en", "English")], error_messages={"invalid_choice": _("请从列表里选语言。")}
    )
    elder_mode = forms.BooleanField(label=_("长者版：大字，一屏一件事"), required=False)


class TokenForm(forms.Form):
    """A new personal token."""

    name = forms.CharField(label=_("做什么用"), max_length=60, error_messages={"required": _("请写明这个令牌做什么用。")})
    scopes = forms.MultipleChoiceField(
        label=_("可以做什么"),
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少勾选一项权限。"), "invalid_choice": _("请从列表里选权限。")},
    )
    days = forms.TypedChoiceField(
        label=_("用多久"),
        coerce=int,
        initial=90,
        choices=[(7, _("7 天")), (30, _("30 天")), (90, _("90 天")), (366, _("一年"))],
        error_messages={"required": _("请选用多久。"), "invalid_choice": _("请从列表里选用多久。")},
    )


def add_refusal(form: forms.Form, error: DomainError) -> None:
    """Put what an action refused beside its field."""
    form.add_error(error.field if error.field in form.fields else None, error.message)
