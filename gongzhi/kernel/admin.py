"""The administrator's view into the kernel: to look, never to change."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from gongzhi.kernel.models import AuditEntry, Notice, PeriodicRun, WorkerPresence


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows that the program writes; a person only reads them."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "verb", "object_type", "object_code", "actor_id", "actor_body_id")
    list_filter = ("verb",)
    search_fields = ("object_code",)
    ordering = ("-id",)


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    # The telephone number is left out: who may see it is decided where the case is.
    exclude = ("address",)
    list_display = ("created_at", "kind", "channel", "sent_at", "attempts", "gave_up_at", "last_error")
    list_filter = ("channel", "kind")
    ordering = ("-id",)


@admin.register(PeriodicRun)
class PeriodicRunAdmin(ReadOnlyAdmin):
    list_display = ("name", "due_at", "worker", "started_at", "finished_at", "last_error")


@admin.register(WorkerPresence)
class WorkerPresenceAdmin(ReadOnlyAdmin):
    list_display = ("id", "started_at", "alive_until")
