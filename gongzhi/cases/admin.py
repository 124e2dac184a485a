"""Admin for the town's rows: categories, questions, keywords, terms, routing, caps, wording. Cases are not edited here."""

from __future__ import annotations

from django.contrib import admin

from gongzhi.cases.models import Attribute, Cap, Category, Keyword, RoutingRule, TermRule, Wording
from gongzhi.kernel.admin_base import SeedAdmin


class CatalogueAdmin(SeedAdmin):
    cache_name = "catalogue"


@admin.register(Category)
class CategoryAdmin(CatalogueAdmin):
    list_display = ("code", "name", "parent", "kind", "risk", "is_public", "is_active")
    list_filter = ("kind", "risk", "is_public", "is_active")
    search_fields = ("code", "name")


@admin.register(Attribute)
class AttributeAdmin(CatalogueAdmin):
    list_display = ("category", "code", "question", "datatype", "required")
    list_filter = ("datatype",)


@admin.register(Keyword)
class KeywordAdmin(CatalogueAdmin):
    list_display = ("word", "category", "weight")
    search_fields = ("word",)


@admin.register(TermRule)
class TermRuleAdmin(CatalogueAdmin):
    list_display = ("clock", "category", "risk", "amount", "unit", "in_force_on", "is_confirmed")
    list_filter = ("clock", "risk", "is_confirmed")


@admin.register(RoutingRule)
class RoutingRuleAdmin(CatalogueAdmin):
    list_display = ("priority", "why", "category", "owner_kind", "to_owner", "body", "body_kind", "is_active")
    list_filter = ("is_active", "category_kind")
    raw_id_fields = ("place", "body")


@admin.register(Cap)
class CapAdmin(CatalogueAdmin):
    list_display = ("code", "name", "value", "is_confirmed")


@admin.register(Wording)
class WordingAdmin(CatalogueAdmin):
    list_display = ("code", "kind", "title")
    list_filter = ("kind",)
