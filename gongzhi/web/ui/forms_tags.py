"""Forms: fields, errors, ratings, photos to send, drafts, preferences."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import template
from django.forms import BoundField, Form
from django.forms.utils import flatatt
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gongzhi.web.ui import fields, media

register = template.Library()

FACES = (("5", "mood-happy"), ("4", "mood-smile"), ("3", "mood-empty"), ("2", "mood-sad"), ("1", "mood-wrrr"))


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: str = "", help: str = "", cls: str = "", picker: bool = False) -> dict[str, Any]:
    """A field with its label, help and error."""
    return {"field": fields.field_view(bound, label=label, help=help, cls=cls, picker=picker)}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Form, focus: bool = True) -> dict[str, Any]:
    """All errors of a form above it, each a link to its field."""
    return {"errors": fields.error_lines(form) if form.is_bound else [], "focus": focus}


@register.inclusion_tag("components/face_rating.html")
def face_rating(name: str = "score", value: object = "", legend: str = "") -> dict[str, Any]:
    """Five faces with words, best first."""
    words = (_("很满意"), _("满意"), _("一般"), _("不满意"), _("很不满意"))
    faces = [{"value": number, "icon": drawing, "word": word} for (number, drawing), word in zip(FACES, words, strict=True)]
    return {"name": name, "value": str(value), "legend": legend or _("您对办理满意吗？"), "faces": faces}


@register.inclusion_tag("components/suggestion_chips.html")
def suggestion_chips(options: Iterable[Any], target: str) -> dict[str, Any]:
    """Guesses that a tap accepts."""
    return {"options": list(options), "target": target}


@register.inclusion_tag("components/photo_uploader.html")
def photo_uploader(
    name: str = "photos", upload_url: str = "", limit: int = 6, tokens: Iterable[str] | None = None, hint: str = ""
) -> dict[str, Any]:
    """Take or choose photos; each is sent at once and kept when there is no signal."""
    kept = [{"token": token, "thumb": f"{media.FILES}/{token}/thumb"} for token in tokens or ()]
    upload_url = upload_url or reverse("files:upload")
    return {"name": name, "upload_url": upload_url, "limit": limit, "kept": kept, "hint": hint, "files": media.FILES}


def owner(context: Context) -> str:
    """Whose drafts these are on a device that several people use."""
    user = getattr(context.get("request"), "user", None)
    return str(user.pk) if user is not None and user.is_authenticated else "guest"


@register.simple_tag(takes_context=True)
def draft_attrs(context: Context, key: str, outbox: bool = False) -> SafeString:
    """Attributes of a ``<form>`` that keeps what was typed, for this person on this device."""
    attrs = {
        "data-draft": key,
        "data-owner": owner(context),
        "data-module": static("web/js/drafts.js"),
        "data-ping": reverse("web:ping"),
        "data-say-restored": _("上次没写完的内容已经放回来了。"),
        "data-say-clear": _("清空重写"),
        "data-say-kept": _("现在没有信号，已存在这台手机里，有信号时再送出。"),
    }
    return mark_safe(flatatt(attrs | ({"data-outbox": True} if outbox else {})))  # flatatt escapes each value


@register.simple_tag
def idempotency_field() -> SafeString:
    """A key made for this form: the same form sent twice does one thing."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', uuid.uuid4())


@register.simple_tag(takes_context=True)
def draft_done(context: Context, key: str) -> SafeString:
    """The form was taken: forget its draft."""
    return format_html('<div hidden data-draft-done="{}" data-owner="{}"></div>', key, owner(context))


@register.inclusion_tag("components/step_nav.html")
def step_nav() -> dict[str, Any]:
    """上一步, 下一步 of a form that shows one thing a screen in elder mode."""
    return {}


@register.inclusion_tag("components/outbox_count.html")
def outbox_count() -> dict[str, Any]:
    """How much waits on this phone for a signal."""
    return {}


@register.inclusion_tag("components/lang_switch.html", takes_context=True)
def lang_switch(context: Context) -> dict[str, Any]:
    """中文 or English."""
    return {"csrf_token": context.get("csrf_token"), "request": context.get("request")}


@register.inclusion_tag("components/elder_switch.html", takes_context=True)
def elder_switch(context: Context) -> dict[str, Any]:
    """长者版 on and off."""
    kept = {name: context.get(name) for name in ("csrf_token", "request", "elder")}
    return kept
