"""Error pages, refusals, preferences, contact, notices, style guide: what a person reads."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path

from gongzhi.kernel.errors import Conflict

pytestmark = pytest.mark.django_db


def refuse(request: HttpRequest) -> HttpResponse:
    raise Conflict("这件事刚被别人派走了。")


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


urlpatterns = [path("refuse", refuse), path("fail", fail), path("", include("gongzhi.config.urls"))]
handler500 = "gongzhi.web.views.errors.server_error"
handler404 = "gongzhi.web.views.errors.not_found"


@pytest.fixture
def own_urls() -> Any:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def test_not_found_says_what_to_do(client: Client) -> None:
    answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert "请核对编号" in answer.content.decode()


@pytest.mark.usefixtures("own_urls")
def test_a_refusal_becomes_a_page_with_its_own_words_and_status(client: Client) -> None:
    answer = client.get("/refuse")
    assert answer.status_code == 409
    assert "这件事刚被别人派走了。" in answer.content.decode()


@pytest.mark.usefixtures("own_urls")
def test_a_refusal_of_a_part_becomes_a_toast_and_changes_nothing(client: Client) -> None:
    answer = client.get("/refuse", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert answer["HX-Reswap"] == "none"
    assert json.loads(answer["HX-Trigger"])["gz:toast"] == {"text": "这件事刚被别人派走了。", "tone": "bad"}


@pytest.mark.usefixtures("own_urls")
def test_a_fault_shows_no_detail() -> None:
    answer = Client(raise_request_exception=False).get("/fail")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()
    assert "请过几分钟再试" in answer.content.decode()


def test_the_last_page_stands_when_templates_are_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    from gongzhi.web.views import errors

    def broken(*args: Any, **kwargs: Any) -> str:
        raise RuntimeError

    monkeypatch.setattr(errors, "render_to_string", broken)
    answer = errors.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "12345" in answer.content.decode()


def test_csrf_failure_speaks_and_keeps_nobody_out() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/preferences", {"elder": "1"})
    assert answer.status_code == 403
    assert "请重新打开再交一次" in answer.content.decode()


@pytest.mark.parametrize("status", [400, 403, 404, 419, 423, 429, 500, 503])
def test_every_error_page_tells_the_way_on(client: Client, status: int) -> None:
    html = client.get(f"/styleguide/error/{status}").content.decode()
    assert 'href="/"' in html
    assert "12345" in html


@pytest.mark.parametrize("page", ["/styleguide", "/styleguide/desk?pane=1&toast=1", "/styleguide/board", "/styleguide/paper", "/contact"])
def test_pages_carry_no_inline_style_or_script(client: Client, page: str) -> None:
    answer = client.get(page)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert " style=" not in html
    assert " onclick=" not in html
    for tag in html.split("<script")[1:]:
        opening = tag.partition(">")[0]
        assert " src=" in opening or "application/json" in opening


def test_a_part_is_only_its_content(client: Client) -> None:
    whole = client.get("/styleguide/part").content.decode()
    part = client.get("/styleguide/part", headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert "路灯" in part
    boosted = client.get("/styleguide/part", headers={"HX-Request": "true", "HX-Boosted": "true"}).content.decode()
    assert "<html" in boosted


def test_elder_mode_and_language_stay_on_this_device(client: Client) -> None:
    assert "gz-elder" not in client.get("/styleguide/error/404").content.decode().partition("<body")[0]
    answer = client.post("/preferences", {"elder": "1", "next": "/contact"})
    assert answer["Location"] == "/contact"
    html = client.get("/contact").content.decode()
    assert 'class="gz-phone gz-elder"' in html
    assert "联系社区" in html
    client.post("/preferences", {"language": "en"})
    assert 'lang="en"' in client.get("/contact").content.decode()


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_preferences_never_lead_to_another_site(client: Client, evil: str) -> None:
    assert client.post("/preferences", {"elder": "0", "next": evil})["Location"] == "/"


def test_an_unknown_language_is_not_kept(client: Client) -> None:
    client.post("/preferences", {"language": "xx"})
    assert "django_language" not in client.cookies


def test_ping_answers_without_a_body(client: Client) -> None:
    answer = client.head("/ping")
    assert (answer.status_code, answer.content) == (204, b"")


def test_notices_are_for_their_person(client: Client, django_user_model: Any) -> None:
    from gongzhi.kernel import notices

    assert client.get("/notices").status_code == 302
    mine, other = (django_user_model.objects.create(username=name) for name in ("li", "wang"))
    notices.queue(kind="x.y", to=[mine.pk], obj=mine, params={}, key="one")
    row = notices.list_for(mine).get()
    client.force_login(other)
    assert client.get(f"/notices/{row.pk}").status_code == 404
    client.force_login(mine)
    assert "您有一条新消息" in client.get("/notices").content.decode()
    assert notices.unread_count(mine) == 1
    client.get(f"/notices/{row.pk}")
    assert notices.unread_count(mine) == 0
