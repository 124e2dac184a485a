"""Admin for the rows of the territory; changes are noted in the audit by `SeedAdmin`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gongzhi.community.actions import end_place, revive_place, save_place
from gongzhi.community.forms import PlaceForm
from gongzhi.community.models import Body, BodyKind, Building, Compound, Facility, Place, Post
from gongzhi.kernel import codes
from gongzhi.kernel.admin_base import SeedAdmin
from gongzhi.kernel.errors import DomainError


class TaggedAdmin(SeedAdmin):
    """Of what bears a QR: its number is given once and never changed, for the label hangs outside."""

    readonly_fields = ("tag",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.tag = obj.tag or codes.new_code()
        super().save_model(request, obj, form, change)


@admin.register(Place)
class PlaceAdmin(SeedAdmin):
    """Saved by the same action as a file: codes, levels, outlines and paths are checked nowhere else. Never deleted, but ended."""

    form = PlaceForm
    cache_name = "places"
    list_display = ("code", "name", "kind", "parent", "households", "community_type", "ended_on")
    list_select_related = ("parent",)
    list_filter = ("kind", "community_type")
    search_fields = ("code", "name")
    raw_id_fields = ("parent",)
    actions = ("end", "revive")

    def get_readonly_fields(self, request: HttpRequest, obj: Place | None = None) -> tuple[str, ...]:
        """A code is what facts, labels and files know a place by: it stays."""
        return ("path", "ended_on") if obj is None else ("code", "path", "ended_on")

    def has_delete_permission(self, request: HttpRequest, obj: Place | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Place, form: Any, change: bool) -> None:
        saved = save_place(data=form.place_data(), by=request.user.pk, keep=False)
        obj.pk = saved.pk
        self._note(request, saved, "change" if change else "add", sorted(form.changed_data))

    @admin.action(description=_("停用选中的区域"), permissions=["change"])
    def end(self, request: HttpRequest, queryset: QuerySet[Place]) -> None:
        """The lowest first, so that a community goes together with its grids."""
        self._each(request, queryset.order_by("-path"), end_place)

    @admin.action(description=_("重新启用选中的区域"), permissions=["change"])
    def revive(self, request: HttpRequest, queryset: QuerySet[Place]) -> None:
        self._each(request, queryset.order_by("path"), revive_place)

    def _each(self, request: HttpRequest, places: Iterable[Place], act: Callable[..., Place]) -> None:
        """Every place on its own; each refusal in its words."""
        for place in places:
            try:
                act(place=place, by=request.user.pk)
            except DomainError as refused:
                self.message_user(request, refused.message, messages.WARNING)


@admin.register(BodyKind)
class BodyKindAdmin(SeedAdmin):
    list_display = ("code", "name", "level")


@admin.register(Body)
class BodyAdmin(SeedAdmin):
    cache_name = "bodies"
    list_display = ("code", "name", "kind", "place", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("code", "name")
    raw_id_fields = ("place", "parent")


@admin.register(Post)
class PostAdmin(SeedAdmin):
    list_display = ("user", "role", "body", "place", "starts_on", "ends_on")
    list_filter = ("role",)
    raw_id_fields = ("user", "body", "place")


@admin.register(Compound)
class CompoundAdmin(TaggedAdmin):
    cache_name = "gazetteer"
    list_display = ("code", "name", "place", "manager")
    search_fields = ("code", "name")
    raw_id_fields = ("place", "manager")


@admin.register(Building)
class BuildingAdmin(SeedAdmin):
    cache_name = "gazetteer"
    list_display = ("address", "compound", "place", "households")
    search_fields = ("address",)
    raw_id_fields = ("place", "compound")


@admin.register(Facility)
class FacilityAdmin(TaggedAdmin):
    list_display = ("code", "name", "kind", "owner", "place", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("code", "name")
    raw_id_fields = ("owner", "place", "compound")
