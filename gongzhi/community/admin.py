"""Admin for the rows of the territory; changes are noted in the audit by `SeedAdmin`."""

from __future__ import annotations

from django.contrib import admin

from gongzhi.community.models import Body, BodyKind, Building, Compound, Facility, Place, Post
from gongzhi.kernel.admin_base import SeedAdmin


@admin.register(Place)
class PlaceAdmin(SeedAdmin):
    cache_name = "places"
    list_display = ("code", "name", "kind", "parent", "households", "community_type")
    list_filter = ("kind", "community_type")
    search_fields = ("code", "name")
    raw_id_fields = ("parent",)
    readonly_fields = ("path",)


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
class CompoundAdmin(SeedAdmin):
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
class FacilityAdmin(SeedAdmin):
    list_display = ("code", "name", "kind", "owner", "place", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("code", "name")
    raw_id_fields = ("owner", "place", "compound")
