"""The pages of a sheet import: upload, map, check, commit, result. One address per import shows its present step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gongzhi.kernel import sheets
from gongzhi.kernel.errors import DomainError, Missing, NotAllowed
from gongzhi.kernel.forms import MappingForm, UploadForm
from gongzhi.kernel.models.sheets import SheetImport
from gongzhi.kernel.sheets import SheetSpec

State = SheetImport.State
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RECENT = 10


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, spec_name: str) -> HttpResponse:
    """Choose a file; a refusal stands at the field."""
    spec = _allowed_spec(request, spec_name)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sheet = sheets.upload(spec=spec, file=file, file_name=file.name, by=request.user.pk)
        except DomainError as refused:
            form.add_error("file", refused.message)
        else:
            return redirect("sheets:import", token=sheet.token)
    recent = SheetImport.objects.filter(spec=spec.name, uploaded_by_id=request.user.pk).order_by("-id")[:RECENT]
    context = {"spec": spec, "form": form, "recent": recent}
    return render(request, "kernel/sheets/upload.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The import as it stands; POST takes its next step."""
    sheet, spec = _mine(request, token)
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Missing
        return act(request, sheet, spec)
    return _page(request, sheet, spec)


@login_required
@require_safe
def progress(request: HttpRequest, token: str) -> HttpResponse:
    """The progress bar alone, asked for each second; at the end the whole page comes anew."""
    sheet, _spec = _mine(request, token)
    response = render(request, "kernel/sheets/progress.html", _progress(sheet))
    if sheet.state not in (State.CHECKING, State.RUNNING):
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_safe
def errors(request: HttpRequest, token: str) -> HttpResponse:
    """The refused rows with their reasons, to mend and upload again."""
    sheet, _spec = _mine(request, token)
    response = HttpResponse(sheets.error_workbook(sheet), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="refused-{sheet.pk}.xlsx"'
    response["Cache-Control"] = "no-store"
    return response


# The steps


def _map(request: HttpRequest, sheet: SheetImport, spec: SheetSpec) -> HttpResponse:
    form = MappingForm(spec, sheet.header, request.POST)
    if form.is_valid():
        try:
            sheets.start_check(sheet=sheets.map_columns(sheet=sheet, mapping=form.mapping()))
        except DomainError as refused:
            form.add_error(refused.field, refused.message)
        else:
            return redirect("sheets:import", token=sheet.token)
    return _page(request, sheet, spec, form=form, status=422)


def _check(request: HttpRequest, sheet: SheetImport, _spec: SheetSpec) -> HttpResponse:
    sheets.start_check(sheet=sheet)
    return redirect("sheets:import", token=sheet.token)


def _begin(request: HttpRequest, sheet: SheetImport, _spec: SheetSpec) -> HttpResponse:
    sheets.begin(sheet=sheet, by=request.user.pk)
    return redirect("sheets:import", token=sheet.token)


def _cancel(request: HttpRequest, sheet: SheetImport, spec: SheetSpec) -> HttpResponse:
    sheets.cancel(sheet=sheet, by=request.user.pk)
    return redirect("sheets:upload", spec_name=spec.name)


_ACTS: dict[str, Callable[[HttpRequest, SheetImport, SheetSpec], HttpResponse]] = {
    "map": _map,
    "check": _check,
    "begin": _begin,
    "cancel": _cancel,
}


# What a page needs


def _page(request: HttpRequest, sheet: SheetImport, spec: SheetSpec, *, form: MappingForm | None = None, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"sheet": sheet, "spec": spec}
    again = request.GET.get("step") == "map" and sheet.state in (State.MAPPED, State.CHECKED)
    if form is not None or again or sheet.state in (State.UPLOADED, State.MAPPED):
        initial = {key: str(at) for key, at in sheet.mapping.items()}
        context["form"] = form if form is not None else MappingForm(spec, sheet.header, initial=initial)
        return render(request, "kernel/sheets/map.html", context, status=status)
    if sheet.state in (State.CHECKING, State.RUNNING):
        return render(request, "kernel/sheets/running.html", context | _progress(sheet))
    if sheet.state == State.CHECKED:
        context |= {"good": sheet.total - sheet.refused, "columns": spec.columns}
        return render(request, "kernel/sheets/check.html", context)
    return render(request, "kernel/sheets/result.html", context | {"can_resume": sheet.state == State.FAILED})


def _progress(sheet: SheetImport) -> dict[str, Any]:
    # A bar that is full asks no more: until the state says so, one row is left.
    return {"sheet": sheet, "value": min(sheet.done, max(0, sheet.total - 1)), "checking": sheet.state == State.CHECKING}


def _allowed_spec(request: HttpRequest, name: str) -> SheetSpec:
    spec = sheets.get_spec(name)
    if spec.may_import(request.user) is not True:
        raise NotAllowed
    return spec


def _mine(request: HttpRequest, token: str) -> tuple[SheetImport, SheetSpec]:
    """An import is its uploader's alone (its rows hold people's words), and only while he may still import."""
    sheet = SheetImport.objects.filter(token=token, uploaded_by_id=request.user.pk).first()
    if sheet is None:
        raise Missing
    return sheet, _allowed_spec(request, sheet.spec)
