"""The settings pages: every kind of row can be listed, opened and saved by the operator, and by nobody else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from gongzhi.cases.actions.seeding import load_seeds
from gongzhi.kernel.admin_base import SeedAdmin
from gongzhi.kernel.models import AuditEntry
from tests.cast import Town

pytestmark = pytest.mark.django_db
MODELS = [model for model in admin.site._registry if model._meta.app_label in ("cases", "community", "kernel", "accounts")]


def address(model: type[Model], act: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{act}", args=args)


def as_sent(form: Any) -> dict[str, Any]:
    """The form as the browser would send it back untouched."""
    sent: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False:
            continue
        widget = bound.field.widget.decompress(value) if hasattr(bound.field.widget, "decompress") else None
        if widget:
            sent |= {f"{bound.html_name}_{number}": part for number, part in enumerate(widget)}
        else:
            sent[bound.html_name] = json.dumps(value) if isinstance(bound.field, forms.JSONField) and not isinstance(value, str) else value
    return sent


def test_every_kind_of_row_is_listed_opened_and_saved(town: Town) -> None:
    load_seeds(folder=settings.GONGZHI_SEEDS)
    operator, saved = town.client("operator"), 0
    for model in MODELS:
        assert operator.get(address(model, "changelist")).status_code == 200, model
        row = model._default_manager.first()
        if row is None:
            continue
        page = operator.get(address(model, "change", row.pk))
        assert page.status_code == 200, model
        if not page.context["has_change_permission"]:
            continue
        before = AuditEntry.objects.count()
        sent = as_sent(page.context["adminform"].form)
        for formset in page.context["inline_admin_formsets"]:
            sent |= {f"{formset.formset.prefix}-{key}": 0 for key in ("TOTAL_FORMS", "INITIAL_FORMS")}
        answer = operator.post(address(model, "change", row.pk), sent)
        assert answer.status_code == 302, (model, answer.context and answer.context["errors"])
        if isinstance(admin.site._registry[model], SeedAdmin):
            assert AuditEntry.objects.count() == before + 1, model
            saved += 1
    assert saved >= 10


@pytest.mark.parametrize("name", ["", "resident", "dispatcher", "leader"])
def test_nobody_else_gets_in(town: Town, name: str) -> None:
    client = town.client(name) if name else Client()
    for model in MODELS:
        assert client.get(address(model, "changelist")).status_code == 302
