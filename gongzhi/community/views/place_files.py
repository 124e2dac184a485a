"""A file of places: chosen, looked at, taken in or dropped. One address; a person has one file aside at most."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongzhi.community.actions import importing
from gongzhi.community.actions.planning import Planned
from gongzhi.community.forms import PlaceFileForm
from gongzhi.community.models import Place, PlaceUpload
from gongzhi.community.views.guard import operators_only
from gongzhi.kernel.errors import DomainError, Missing

SHOWN = 200
"""Rows of each table of the look; the figures above them count all."""


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def import_places(request: HttpRequest) -> HttpResponse:
    """The form, or what the file put aside would do."""
    if request.method == "POST":
        act = {"upload": _upload, "commit": _commit, "drop": _drop}.get(request.POST.get("act", ""))
        if act is None:
            raise Missing()
        return act(request)
    upload = PlaceUpload.objects.filter(uploaded_by=_user_id(request)).first()
    return _form(request, PlaceFileForm()) if upload is None else _look(request, upload)


def _user_id(request: HttpRequest) -> int:
    return int(request.user.pk or 0)  # the door let in nobody who is not signed in


def _form(request: HttpRequest, form: PlaceFileForm) -> HttpResponse:
    return render(request, "community/import.html", {"form": form}, status=422 if form.errors else 200)


def _upload(request: HttpRequest) -> HttpResponse:
    form = PlaceFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form)
    file = form.cleaned_data["file"]
    try:
        importing.stage_upload(file=file, name=file.name, reading=form.reading(), by=_user_id(request))
    except DomainError as refused:
        form.add_error("file", refused.message)
        return _form(request, form)
    return redirect("community:import")


def _look(request: HttpRequest, upload: PlaceUpload) -> HttpResponse:
    plan, warnings, seal = importing.look_at(upload)
    tables = [
        {"title": _("要新增的"), "rows": [_line(one) for one in plan.of("create")[:SHOWN]], "count": len(plan.of("create"))},
        {"title": _("要更新的"), "rows": [_line(one) for one in plan.of("change")[:SHOWN]], "count": len(plan.of("change"))},
    ]
    context = {
        "upload": upload,
        "tables": [table for table in tables if table["count"]],
        "created": len(plan.of("create")),
        "changed": len(plan.of("change")),
        "same": len(plan.of("same")),
        "refused": plan.refused[:SHOWN],
        "refused_count": len(plan.refused),
        "warnings": warnings,
        "seal": seal,
        "shown": SHOWN,
        "written": len(plan.written),
    }
    return render(request, "community/look.html", context)


def _line(one: Planned) -> dict[str, Any]:
    place = one.place
    return {
        "number": one.number,
        "kind": Place.Kind(place.kind).label,
        "code": place.code,
        "name": place.name,
        "above": place.parent.name if place.parent is not None else "",
        "households": place.households,
        "is_drawn": bool(place.polygon),
    }


def _commit(request: HttpRequest) -> HttpResponse:
    upload = PlaceUpload.objects.filter(uploaded_by=_user_id(request)).first()
    if upload is None:
        raise Missing(_("这份文件已经导入过，或者已经放弃了。"))
    try:
        plan = importing.commit_upload(upload=upload, seal=request.POST.get("seal", ""), by=_user_id(request))
    except DomainError as refused:
        messages.warning(request, refused.message)
        return redirect("community:import")
    figures = {"created": len(plan.of("create")), "changed": len(plan.of("change")), "refused": len(plan.refused)}
    messages.success(request, _("区域导入好了：新增 %(created)d 个，更新 %(changed)d 个，没有导入 %(refused)d 个。") % figures)
    return redirect("community:places")


def _drop(request: HttpRequest) -> HttpResponse:
    importing.drop_upload(by=_user_id(request))
    messages.info(request, _("这份文件没有导入，已经放弃。"))
    return redirect("community:import")
