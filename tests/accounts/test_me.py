"""My account: preferences, language on every page, password, tokens; the pages in both languages; the admin."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from gongzhi.accounts.models import ApiToken, User
from gongzhi.accounts.tokens import MOST, SCOPES, create_token, revoke_token
from gongzhi.accounts.views.me import ELDER_COOKIE
from gongzhi.community.callers import caller_of
from gongzhi.kernel import clock
from gongzhi.kernel.errors import DomainError, Missing
from gongzhi.kernel.models import AuditEntry
from gongzhi.web.context_processors import ELDER_COOKIE as COOKIE_OF_WEB
from tests.accounts.conftest import PASSWORD

ME, TOKENS = "/accounts/me/", "/accounts/tokens/"
OPEN = ["/accounts/login/", "/accounts/phone/", "/accounts/inactive/"]
OWN = [ME, "/accounts/me/phone/", TOKENS, "/accounts/logout/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/reauthenticate/"]
HAN = re.compile(r"[\u4e00-\u9fff]")


def words(html: str) -> str:
    """What a page says, without its head, its scripts and the name of the other language."""
    body = html.partition("<body")[2].partition(">")[2]
    return re.sub(r"<script.*?</script>|<[^>]+>|中文|张三", " ", body, flags=re.S)


@pytest.mark.parametrize("url", OPEN + OWN)
def test_every_page_speaks_both_languages(url: str, user: User, signed_in: Client) -> None:
    client = signed_in if url in OWN else Client()
    for language in ("zh-hans", "en"):
        client.cookies["django_language"] = language
        answer = client.get(url)
        assert answer.status_code == 200
        said = words(answer.content.decode())
        assert bool(HAN.search(said)) == (language == "zh-hans"), said
        assert answer.content.decode().count("<h1") == 1


@pytest.mark.parametrize("url", OWN)
def test_own_pages_ask_to_sign_in(url: str, db: None) -> None:
    answer = Client().get(url)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/logout/" if "logout" in url else "/accounts/login/") or answer["Location"] == "/"


def test_pages_cost_the_same_with_one_token_and_with_three(
    user: User, signed_in: Client, django_assert_max_num_queries: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    create_token(by=user, name="一", scopes=["cases:read"])
    signed_in.get(TOKENS)
    with django_assert_max_num_queries(6) as first:
        signed_in.get(TOKENS)
    for name in ("二", "三"):
        create_token(by=user, name=name, scopes=["cases:read"])
    with django_assert_num_queries(len(first)):
        assert signed_in.get(TOKENS).content.decode().count("gz_") == 3
    with django_assert_max_num_queries(0):
        Client().get("/accounts/login/")


def test_preferences_are_kept_and_outdo_the_device(user: User, signed_in: Client) -> None:
    assert ELDER_COOKIE == COOKIE_OF_WEB
    signed_in.post("/preferences", {"elder": "0", "language": "zh-hans"})
    assert signed_in.post(ME, {"display_name": " 老张 ", "locale": "en", "elder_mode": "on"}).status_code == 302
    user.refresh_from_db()
    assert (user.display_name, user.locale, user.elder_mode) == ("老张", "en", True)
    shown = signed_in.get("/contact")
    assert '<html lang="en"' in shown.content.decode()
    assert "gz-elder" in shown.content.decode()
    assert shown["Content-Language"] == "en"
    assert AuditEntry.objects.get(verb="user.preferences").facts == {"locale": "en", "elder_mode": True}
    signed_in.post("/preferences", {"language": "zh-hans"})
    assert '<html lang="zh-Hans"' in signed_in.get("/contact").content.decode()
    assert '<html lang="zh-Hans"' in Client().get("/contact").content.decode()


@pytest.mark.parametrize("typed", [{"locale": "fr"}, {"locale": ""}, {"locale": "en", "display_name": "x" * 41}])
def test_wrong_preferences_are_said_and_change_nothing(typed: dict[str, str], user: User, signed_in: Client) -> None:
    answer = signed_in.post(ME, typed)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    user.refresh_from_db()
    assert (user.display_name, user.locale) == ("张三", "zh-hans")


def test_a_character_nobody_typed_is_left_out(user: User, signed_in: Client) -> None:
    assert signed_in.post(ME, {"locale": "en", "display_name": "李\0四"}).status_code == 302
    user.refresh_from_db()
    assert user.display_name == "李四"


def test_a_password_is_changed_and_the_old_one_ends(user: User, signed_in: Client) -> None:
    page = "/accounts/password/change/"
    short = signed_in.post(page, {"oldpassword": PASSWORD, "password1": "short", "password2": "short"})
    assert short.context["form"].errors
    fresh = "battery staple"
    assert signed_in.post(page, {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}).status_code == 302
    assert Client().post("/accounts/login/", {"login": "zhang", "password": fresh}).status_code == 302
    assert Client().post("/accounts/login/", {"login": "zhang", "password": PASSWORD}).status_code == 200


def test_one_who_came_by_phone_can_set_a_password(user: User, signed_in: Client) -> None:
    user.set_unusable_password()
    user.save()
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "设一个密码" in client.get(ME).content.decode()
    assert client.get("/accounts/password/change/")["Location"] == "/accounts/password/set/"
    assert "zhang" in client.get("/accounts/password/set/").content.decode()
    assert client.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    assert Client().post("/accounts/login/", {"login": "zhang", "password": PASSWORD}).status_code == 302


def test_a_second_factor_is_set_up_through_the_pages(signed_in: Client) -> None:
    assert signed_in.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
    answer = signed_in.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"})
    shown = signed_in.get(answer["Location"]).content.decode()
    assert "data:image/svg+xml" in shown
    assert 'class="gz-phone gz-plain"' in shown


def test_a_token_is_shown_once(user: User, signed_in: Client) -> None:
    made = signed_in.post(TOKENS, {"name": "脚本", "scopes": ["cases:read"], "days": "30"}).content.decode()
    raw = re.search(r"gz_[\w-]{43}", made)
    assert raw
    assert raw[0] not in signed_in.get(TOKENS).content.decode()
    assert raw[0] not in str(ApiToken.objects.values().get())
    token = ApiToken.objects.get()
    assert token.expires_at - token.created_at == dt.timedelta(days=30)
    assert caller_of(raw[0]) is not None
    assert signed_in.post(f"{TOKENS}{token.pk}/end/").status_code == 302
    assert caller_of(raw[0]) is None
    assert signed_in.post(f"{TOKENS}{token.pk}/end/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": " ", "scopes": "cases:read", "days": "30"}, "name"),
        ({"name": "x", "days": "30"}, "scopes"),
        ({"name": "x", "scopes": "cases:all", "days": "30"}, "scopes"),
        ({"name": "x", "scopes": "cases:read", "days": "²"}, "days"),
        ({"name": "x", "scopes": "cases:read", "days": "9" * 5000}, "days"),
    ],
)
def test_a_wrong_token_is_said_at_its_field(typed: dict[str, str], field: str, signed_in: Client) -> None:
    answer = signed_in.post(TOKENS, typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not ApiToken.objects.exists()


def test_the_action_refuses_what_the_form_does(user: User) -> None:
    for wrong in ({"name": ""}, {"scopes": []}, {"scopes": ["cases:all"]}, {"days": 0}, {"days": 367}):
        with pytest.raises(DomainError):
            create_token(**{"by": user, "name": "x", "scopes": ["cases:read"], "days": 30} | wrong)  # type: ignore[arg-type]
    for _time in range(MOST):
        create_token(by=user, name="x", scopes=SCOPES)
    with pytest.raises(DomainError, match="太多"):
        create_token(by=user, name="x", scopes=SCOPES)


def test_a_token_ends_when_revoked_expired_or_its_owner_does(user: User) -> None:
    token, raw = create_token(by=user, name="测试", scopes=["cases:read"], days=1)
    caller = caller_of(raw)
    assert caller
    assert caller.scopes == {"cases:read"}
    with clock.at(clock.now() + dt.timedelta(days=1)):
        assert caller_of(raw) is None
    User.objects.update(is_active=False)
    assert caller_of(raw) is None
    User.objects.update(is_active=True)
    with pytest.raises(Missing):
        revoke_token(by=User.objects.create(username="li"), token_id=token.pk)
    assert caller_of(raw)
    revoke_token(by=user, token_id=token.pk)
    assert caller_of(raw) is None
    assert caller_of("gz_nothing") is None
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == ["token.create", "token.revoke"]


def test_a_token_is_found_in_one_statement_and_its_day_written_once(user: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    _token, raw = create_token(by=user, name="测试", scopes=["cases:read"])
    with django_assert_num_queries(2):
        caller_of(raw)
    with django_assert_num_queries(1):
        caller_of(raw)
    assert ApiToken.objects.get().last_used_on == clock.today()


@pytest.fixture
def administrator(db: None) -> Client:
    staff = User.objects.create(username="staff", is_staff=True)
    names = ["view_user", "add_user", "change_user", "view_apitoken", "delete_user"]
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts", codename__in=names))
    client = Client()
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_an_administrator_makes_users_and_resets_passwords_on_the_record(user: User, administrator: Client) -> None:
    add = "/admin/accounts/user/add/"
    assert administrator.get(add).status_code == 200
    typed = {"username": "li", "display_name": "李四", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert administrator.post(add, typed).status_code == 302
    assert Client().post("/accounts/login/", {"login": "li", "password": PASSWORD}).status_code == 302
    fresh = {"usable_password": "true", "password1": "battery staple", "password2": "battery staple"}
    assert administrator.post(f"/admin/accounts/user/{user.pk}/password/", fresh).status_code == 302
    assert Client().post("/accounts/login/", {"login": "zhang", "password": "battery staple"}).status_code == 302
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", "facts")) == [
        ("admin.add", {"fields": ["display_name", "password1", "password2", "username"]}),
        ("admin.change", {"fields": ["password"]}),
    ]


def test_an_administrator_cannot_become_a_superuser(user: User, administrator: Client) -> None:
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    page = f"/admin/accounts/user/{user.pk}/"
    fresh = {"usable_password": "true", "password1": "battery staple", "password2": "battery staple"}
    assert administrator.post(f"{page}password/", fresh).status_code == 403
    assert administrator.post(f"{page}change/", {"username": "mine"}).status_code == 403
    assert administrator.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    assert "is_superuser" not in administrator.get("/admin/accounts/user/add/").content.decode()


def test_only_a_superuser_ends_the_tokens_of_others(user: User, administrator: Client) -> None:
    token, raw = create_token(by=user, name="测试", scopes=["cases:read"])
    page, ending = "/admin/accounts/apitoken/", {"action": "end_tokens", "_selected_action": [str(token.pk)]}
    assert administrator.get(page).status_code == 200
    administrator.post(page, ending)
    assert caller_of(raw)
    User.objects.filter(username="staff").update(is_superuser=True)
    administrator.post(page, ending)
    assert caller_of(raw) is None
