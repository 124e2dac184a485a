import logging
from collections.abc import Iterator

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from gongzhi.kernel import panels
from gongzhi.kernel.models import PeriodicRun

LABEL = "kernel.PeriodicRun"


def second(request: HttpRequest, obj: PeriodicRun) -> str:
    return mark_safe(f"<b>{request.path}</b>")


def first(request: HttpRequest, obj: PeriodicRun) -> str:
    return obj.name  # plain text


def silent(request: HttpRequest, obj: PeriodicRun) -> None:
    return None


def broken(request: HttpRequest, obj: PeriodicRun) -> str:
    raise ValueError("panel is broken")


@pytest.fixture(autouse=True)
def _taken_down() -> Iterator[None]:
    yield
    for func in (first, second, silent, broken):
        panels.unregister(LABEL, func)


def page(obj: object) -> str:
    context = Context({"request": RequestFactory().get("/case/7/"), "thing": obj})
    return Template("{% load panels %}{% panels thing %}").render(context)


def test_they_hang_in_order_once_each_and_plain_text_is_escaped() -> None:
    panels.register(LABEL, second, order=20)
    panels.register(LABEL, silent)
    panels.register(LABEL, first, order=10)
    panels.register(LABEL, first, order=10)
    assert page(PeriodicRun(name="<script>")) == "&lt;script&gt;\n<b>/case/7/</b>"


def test_nothing_hangs_on_another_object() -> None:
    panels.register("cases.case", first)
    try:
        assert page(PeriodicRun(name="x")) == ""
    finally:
        panels.unregister("cases.case", first)


def test_a_broken_panel_is_left_out_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    panels.register(LABEL, broken, order=1)
    panels.register(LABEL, first, order=2)
    with caplog.at_level(logging.ERROR):
        assert page(PeriodicRun(name="x")) == "x"
    assert "panel is broken" in caplog.text
