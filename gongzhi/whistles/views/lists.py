"""The whistles somebody takes part in, and the form that blows one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongzhi.cases.models import Case
from gongzhi.community.acting import Act, AskForm
from gongzhi.community.directory import body_label
from gongzhi.community.views.doing import actor, needs
from gongzhi.kernel.errors import DomainError, Missing, NotAllowed
from gongzhi.whistles import acts, queries, rules, telling
from gongzhi.whistles.models import Whistle
from gongzhi.whistles.workflow import COMING, Coming


@require_safe
@needs(rules.takes_part)
def index(request: HttpRequest) -> HttpResponse:
    """The list, by tab and key."""
    by = actor(request)
    tab = request.GET.get("tab", "")
    counts = queries.count_tabs(by)
    if tab not in queries.TABS:
        tab = "mine" if counts["mine"] else "running"
    after = request.GET.get("after", "")
    listed = queries.list_whistles(by, tab, int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None)
    more = f"?tab={tab}&after={listed.after}" if listed.after else ""
    names = {
        "mine": _("等我们办"),
        "running": _("进行中"),
        "disputed": _("待裁定"),
        "raised": _("待上级决定"),
        "ended": _("已结束"),
        "all": _("全部"),
    }
    context = {
        "tabs": [{"text": names[one], "url": f"?tab={one}", "active": one == tab, "count": counts.get(one)} for one in queries.TABS],
        "rows": [_row(one) for one in listed.rows],
        "pager": {"next": more, "previous": ""},
        "tab": tab,
    }
    return render(request, "whistles/index.html", context)


def _row(whistle: Whistle) -> dict[str, Any]:
    word, tone = telling.state_of(whistle)
    summons = list(whistle.summons.all())
    return {
        "row": whistle,
        "url": reverse("whistles:show", args=[whistle.code]),
        "word": word,
        "tone": tone,
        "caller": body_label(whistle.caller_id),
        "came": sum(one.arrived_at is not None for one in summons),
        "called": sum(one.state in COMING or one.state == Coming.OVER for one in summons),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@needs(rules.takes_part)
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Blow the whistle on a case, or ask the street to."""
    by = actor(request)
    case = Case.objects.visible_to(by).filter(code=code).first()
    if case is None:
        raise Missing()
    act = acts.BLOW if rules.can_call(by, case) else acts.ASK if rules.can_ask(by, case) else None
    if act is None:
        raise NotAllowed(_("吹哨由街道派遣员或主办单位发起；社区可以请街道吹哨。"))
    form = AskForm(act, case, by, request.POST or None)
    refused, status = "", 200
    if request.method == "POST":
        made, refused, status = _blow(act, form, case, by)
        if made is not None:
            messages.success(request, str(act.said))
            return redirect("whistles:show", code=made.code)
    context = {
        "case": case,
        "act": act,
        "form": form,
        "fields": [form[name] for name in form.fields if name != "version"],
        "refused": refused,
    }
    return render(request, "whistles/new.html", context, status=status)


def _blow(act: Act, form: AskForm, case: Case, by: Any) -> tuple[Whistle | None, str, int]:
    if not form.is_valid():
        return None, "", 422
    try:
        made: Any = act.run(case, by, form.values())
    except DomainError as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, refused.message)
        return None, "" if field else refused.message, refused.status
    return made, "", 200
