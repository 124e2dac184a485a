"""Admin for users: who may sign in. Names and phones are not listed."""

from __future__ import annotations

from django.contrib import admin

from gongzhi.accounts.models import User
from gongzhi.kernel.admin_base import SeedAdmin


@admin.register(User)
class UserAdmin(SeedAdmin):
    list_display = ("username", "is_active", "is_staff", "is_demo")
    list_filter = ("is_active", "is_staff", "is_demo")
    search_fields = ("username",)
    fields = ("username", "display_name", "locale", "is_active", "is_staff")
