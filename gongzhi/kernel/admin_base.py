"""Admin for seed rows: what an operator changes is audited, and the rows held in process are told to reload."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from gongzhi.kernel import audit, caches


class SeedAdmin(admin.ModelAdmin[Any]):
    """Base of every admin over rows from `seeds/`. `cache_name` is touched after a change."""

    cache_name: ClassVar[str] = ""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self._note(request, obj, "change" if change else "add", sorted(form.changed_data))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._note(request, obj, "delete", [])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for obj in queryset:
            self.delete_model(request, obj)

    def _note(self, request: HttpRequest, obj: Any, verb: str, fields: list[str]) -> None:
        row = obj if isinstance(obj.pk, int) else audit.Ref(obj._meta.label_lower, 0, str(obj.pk))  # some rows are known by their code
        audit.record(verb=f"admin.{verb}", obj=row, by=request.user.pk, facts={"fields": fields})
        if self.cache_name:
            caches.touch(self.cache_name)
