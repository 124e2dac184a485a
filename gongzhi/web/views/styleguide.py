"""Every component in every state, on the phone, at the desk, on the big screen and on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from gongzhi.kernel import clock
from gongzhi.web import samples
from gongzhi.web.views import errors


class SampleForm(forms.Form):
    """One field of each kind."""

    words = forms.CharField(
        label=_("出了什么事"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_("写清在哪儿、怎么了，越具体办得越快。")
    )
    category = forms.ChoiceField(
        label=_("类别"), choices=[("", "—"), ("lamp", _("路灯")), ("rubbish", _("垃圾")), ("noise", _("噪声"))], required=False
    )
    phone = forms.CharField(label=_("手机号"), max_length=11)
    way = forms.ChoiceField(
        label=_("怎么回复您"), choices=[("sms", _("短信")), ("call", _("电话"))], widget=forms.RadioSelect, initial="sms"
    )
    anonymous = forms.BooleanField(label=_("不留姓名"), required=False, help_text=_("我们不记您是谁，请用查询码看进展。"))

    def clean_phone(self) -> str:
        """Eleven digits."""
        number = str(self.cleaned_data["phone"])
        if not (number.isascii() and number.isdigit() and len(number) == 11):
            raise forms.ValidationError(_("手机号是11位数字，请再看一遍。"))
        return number


def _context() -> dict[str, Any]:
    now = clock.now()
    return {
        "tones": list(zip(samples.WORDS, samples.TONES, strict=True)),
        "clocks": samples.clocks(now),
        "parcel": samples.parcel(now),
        "steps": samples.steps(now),
        "photos": samples.photos(),
        "rows": samples.rows(now),
        "filters": samples.filters(),
        "similar": samples.similar(now),
        "suggestions": [{"value": "lamp", "label": "路灯"}, {"value": "noise", "label": "噪声"}],
        "tabs": [
            {"text": "待办", "url": "#", "active": True, "count": 12},
            {"text": "已办", "url": "#1"},
            {"text": "关注", "url": "#2", "count": 0},
        ],
        "page": {"previous": "", "next": "abc", "total": 1204},
        "chart": samples.chart(),
        "now": now,
    }


def styleguide(request: HttpRequest) -> HttpResponse:
    """All components on the phone; a POST shows the form's errors, or that it was taken. It stores nothing."""
    form = SampleForm(request.POST or None)
    if form.is_valid():
        messages.success(request, _("已派给街道城管科，承诺11月28日前办好"))
        return redirect(request.path + "?sent=1")
    wrong = SampleForm({"words": "", "phone": "138"})
    return render(request, "web/styleguide/phone.html", _context() | {"form": form, "wrong": wrong, "sent": "sent" in request.GET})


def desk(request: HttpRequest) -> HttpResponse:
    """The desk: list, filters, batch bar, pane, charts; ``?toast=1`` says something."""
    if request.GET.get("toast"):
        messages.success(request, _("已派给街道城管科，承诺11月28日前办好"))
        messages.error(request, _("这件事刚被别人派走了，请刷新看看"))
    return render(request, "web/styleguide/desk.html", _context() | {"pane": request.GET.get("pane", "")})


def board(request: HttpRequest) -> HttpResponse:
    """The big screen."""
    return render(request, "web/styleguide/board.html", _context())


def paper(request: HttpRequest) -> HttpResponse:
    """A printed form."""
    return render(request, "web/styleguide/paper.html", _context())


def part(request: HttpRequest) -> HttpResponse:
    """A case as it opens in the pane, or alone."""
    return render(request, "web/styleguide/case.html", _context())


def geo(request: HttpRequest, what: str) -> JsonResponse:
    """GeoJSON for the maps: ``polygons`` or ``points``."""
    made: dict[str, Callable[[], dict[str, Any]]] = {"polygons": samples.polygons, "points": samples.points}
    if what not in made:
        raise Http404
    return JsonResponse(made[what]())


def error(request: HttpRequest, status: int) -> HttpResponse:
    """The error pages, to be looked at. They answer 200: nothing is wrong."""
    pages: dict[int, Callable[[HttpRequest], HttpResponse]] = {
        400: errors.bad_request,
        403: errors.forbidden,
        404: errors.not_found,
        419: errors.csrf_failure,
        423: errors.locked_out,
        429: errors.too_many,
        500: errors.server_error,
        503: errors.unavailable,
    }
    if status not in pages:
        raise Http404
    response = pages[status](request)
    response.status_code = 200
    return response
