"""Admin for users and tokens: who may sign in, and with what programs. Names and phones are not listed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.accounts.models import ApiToken, User
from gongzhi.accounts.tokens import revoke_token
from gongzhi.kernel.admin_base import SeedAdmin


class NewUserForm(AdminUserCreationForm[User]):
    """A name and a first password."""

    class Meta:
        model = User
        fields = ("username", "display_name")


class UserForm(UserChangeForm[User]):
    """Everything of a user but the phone, which its owner keeps by a code."""

    class Meta:
        model = User
        fields = ("username", "password", "display_name", "locale", "is_active", "is_staff", "groups")


@admin.register(User)
class UserAdmin(SeedAdmin, DjangoUserAdmin[User]):
    """Accounts, passwords forgotten, rights in the admin."""

    form = UserForm
    add_form = NewUserForm
    list_display = ("username", "is_active", "is_staff", "is_demo")
    list_filter = ("is_active", "is_staff", "is_demo")
    search_fields = ("username",)
    ordering = ("username",)
    filter_horizontal = ("groups",)
    fieldsets = ((None, {"fields": UserForm.Meta.fields}),)
    add_fieldsets = ((None, {"fields": ("username", "display_name", "usable_password", "password1", "password2")}),)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A superuser's password is changed by a superuser only: else every administrator could become one."""
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """As Django does it, with a line in the record."""
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            self._note(request, self.get_object(request, id), "change", ["password"])
        return response


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    return user is None or not user.is_superuser or bool(getattr(request.user, "is_superuser", False))


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin[ApiToken]):
    """Looked at, and ended; made only by their owners."""

    list_display = ("prefix", "name", "user", "created_at", "expires_at", "last_used_on", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("prefix", "user__username")
    actions = ("end_tokens",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Asked by the admin for the action below."""
        return bool(getattr(request.user, "is_superuser", False))

    @admin.action(description=gettext_lazy("停用所选令牌"), permissions=["end"])
    def end_tokens(self, request: HttpRequest, queryset: Any) -> None:
        """At once."""
        live = queryset.filter(revoked_at=None)
        for token_id in list(live.values_list("pk", flat=True)):
            revoke_token(by=request.user, token_id=token_id)  # type: ignore[arg-type]  # the admin lets nobody else in
        self.message_user(request, _("所选令牌已停用。"), messages.SUCCESS)
