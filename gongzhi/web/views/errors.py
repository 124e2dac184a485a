"""What a person reads when something does not work: what happened and what to do, never a stack trace."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from gongzhi.web.api_errors import problem
from gongzhi.web.navigation import address

API = "/api/"

LAST_WORDS = "<!doctype html><meta charset=utf-8><title>共治</title><h1>系统出了点问题</h1><p>请稍后再试，急事请打 12345。</p>"


def error_page(request: HttpRequest, status: int, title: str, text: str, *, retry: str = "", retry_label: str = "") -> HttpResponse:
    """One error as a page, or for a program as the API says it. ``retry``: an address worth trying, with its words."""
    if request.path_info.startswith(API):
        return problem(status, text)
    context = {"title": title, "text": text, "status": status, "retry": retry, "retry_label": retry_label}
    response = HttpResponse(render_to_string("web/error.html", context, request), status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return error_page(request, 400, _("这个请求没看懂"), _("地址或内容不完整。请返回上一页，重新操作一次。"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    text = _("这里只对相关岗位开放。如果您应当看到它，请先登录，或请管理员核对您的岗位。")
    return error_page(request, 403, _("您还不能看这一页"), text, **_sign_in(request))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    text = _("它可能已经移走，或者编号输错了一个字。请核对编号，或从首页重新找。")
    return error_page(request, 404, _("没有找到这一页"), text)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429."""
    text = _("操作有点快，系统先歇一歇。请过几分钟再试，您填的内容还在这台设备上。")
    return error_page(request, 429, _("请稍等一会儿"), text, retry=request.path, retry_label=_("再试一次"))


def server_error(request: HttpRequest) -> HttpResponse:
    """500. It must not fail itself: without templates it still says something."""
    text = _("不是您的问题，我们已经记下。请过几分钟再试，您填的内容还在这台设备上。")
    try:
        return error_page(request, 500, _("系统出了点问题"), text, retry=request.path, retry_label=_("再试一次"))
    except Exception:  # the page of last resort: whatever broke may have broken the templates too
        return HttpResponse(LAST_WORDS, status=500)


def unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """503."""
    text = _("系统正在维护，很快就好。您填的内容还在这台设备上。")
    response = error_page(request, 503, _("正在维护"), text, retry=request.path, retry_label=_("再试一次"))
    response["Retry-After"] = "120"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or cookies are off."""
    text = _("这一页打开得太久，为了安全没有提交。请重新打开再交一次，您填的内容还在这台设备上。")
    return error_page(request, 403, _("请再交一次"), text, retry=request.path, retry_label=_("重新打开"))


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """429 for too many wrong passwords; django-axes calls it by name."""
    text = _("密码错了太多次，为了安全先锁一会儿。请过一刻钟再试，或用手机验证码登录。")
    return error_page(request, 429, _("账号暂时锁住了"), text)


def _sign_in(request: HttpRequest) -> dict[str, str]:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return {}
    url = address("account_login")
    return {"retry": f"{url}?next={quote(request.get_full_path())}", "retry_label": _("去登录")} if url else {}
