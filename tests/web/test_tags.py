"""The tags of ``{% load ui %}`` as pages see them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory

from gongzhi.kernel import clock
from gongzhi.web.ui.marks_tags import TONE_SHAPES

NOW = datetime(2025, 11, 26, 6, 0, tzinfo=UTC)


def render(source: str, query: str = "", **context: Any) -> str:
    request = RequestFactory().get("/list" + query)
    request.user = AnonymousUser()
    with clock.at(NOW):
        return Template("{% load ui i18n %}" + source).render(Context({"request": request, **context}))


def test_state_is_word_and_shape_never_colour_alone() -> None:
    html = render('{% state_chip "已超时" "bad" %}')
    assert "已超时" in html
    assert "#alert-octagon" in html


def test_each_tone_has_its_own_shape() -> None:
    shapes = {re.search(r"#([\w-]+)", render(f'{{% state_chip "字" "{tone}" %}}')) for tone in TONE_SHAPES}
    assert len({found.group(1) for found in shapes if found}) == 6


def test_words_of_people_are_escaped() -> None:
    html = render("{% state_chip word %}{% notice word %}{% timeline steps %}", word="<b>x", steps=[{"title": "<b>x", "text": "<b>x"}])
    assert "<b>" not in html
    assert html.count("&lt;b&gt;x") == 4


def test_clock_shows_nothing_without_a_due_time_and_the_exact_time_on_touch() -> None:
    assert render("{% clock_badge due %}", due=None).strip() == ""
    assert render("{% clock_badge one.due_at %}", one={}).strip() == ""
    html = render("{% clock_badge due kind %}", due=NOW + timedelta(days=2, hours=3), kind="办结")
    assert "还剩2天3小时" in html
    assert 'title="应在2025年11月28日 17:00前办结"' in html


def test_filters_keep_the_rest_and_drop_the_cursor() -> None:
    groups = [{"key": "state", "label": "进展", "options": [{"value": "open", "text": "未结"}, {"value": "done", "text": "办结"}]}]
    html = render("{% filter_chips groups %}", "?q=灯&state=open&after=zzz", groups=groups)
    links = re.findall(r'href="([^"]+)"', html)
    assert not any("after" in link for link in links)
    assert "?q=%E7%81%AF&amp;state=done" in links
    assert "?q=%E7%81%AF" in links  # takes it off


def test_filters_of_several_values_add_and_take_away() -> None:
    groups = [{"key": "s", "label": "x", "multi": True, "options": [{"value": 1, "text": "a"}, {"value": 2, "text": "b"}]}]
    html = render("{% filter_chips groups %}", "?s=1", groups=groups)
    assert "?s=1&amp;s=2" in html


def test_pager_quotes_its_cursor_and_says_nothing_at_the_only_page() -> None:
    html = render("{% pager page %}", "?state=open&before=x", page={"next": "a=b&c", "previous": "", "total": 0})
    assert 'href="?state=open&amp;after=a%3Db%26c"' in html
    assert "before" not in html
    assert "共 0 条" in html
    assert "href" not in render("{% pager page %}", page={"next": None, "previous": None})


class ReportForm(forms.Form):
    words = forms.CharField(label="出了什么事", help_text="越具体越好")
    way = forms.ChoiceField(label="方式", choices=[("a", "短信"), ("b", "电话")], widget=forms.RadioSelect, required=False)
    quiet = forms.BooleanField(label="不留姓名", required=False)


def test_field_ties_label_help_and_error_to_the_control() -> None:
    html = render("{% field form.words %}", form=ReportForm({"words": ""}))
    assert 'for="id_words"' in html
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described
    for target in described.group(1).split():
        assert f'id="{target}"' in html
    assert 'aria-invalid="true"' in html
    assert "is-invalid" in html


def test_field_keeps_what_was_typed_and_marks_what_may_be_left_out() -> None:
    form = ReportForm({"words": "路灯坏了", "way": "c"})
    assert 'value="路灯坏了"' in render("{% field form.words %}", form=form)
    assert "可不填" in render("{% field form.way %}", form=form)
    assert "<fieldset" in render("{% field form.way %}", form=form)


def test_error_summary_links_to_fields_and_is_silent_before() -> None:
    assert 'href="#id_words"' in render("{% error_summary form %}", form=ReportForm({}))
    assert render("{% error_summary form %}", form=ReportForm()).strip() == ""


def test_map_refuses_an_argument_it_does_not_have() -> None:
    with pytest.raises(TypeError, match="polygon"):
        render('{% map label="x" polygon="/x" %}')


def test_map_carries_its_data_escaped_and_no_style() -> None:
    html = render("{% map label=label points=points lat=lat lng=lng %}", points="/p?a=1&b=2", label='"><script>', lat=25.5, lng=103.8)
    assert "<script>" not in html
    assert 'data-points="/p?a=1&amp;b=2"' in html
    assert 'data-lat="25.5"' in html


def test_photo_takes_attachments_and_plain_urls() -> None:
    html = render("{% photo_grid photos %}", photos=[{"token": "abc"}, {"thumb": "/t", "full": "/f", "alt": "灯"}])
    assert "/files/abc/thumb" in html
    assert 'href="/f"' in html
    assert render("{% photo_grid photos %}", photos=None).strip() == ""


def test_two_forms_never_share_an_idempotency_key() -> None:
    html = render("{% idempotency_field %}{% idempotency_field %}")
    keys = re.findall(r'value="([^"]+)"', html)
    assert len(set(keys)) == 2


def test_draft_belongs_to_one_person() -> None:
    assert 'data-owner="guest"' in render('<form {% draft_attrs "report" outbox=True %}>')
    assert "data-outbox" in render('<form {% draft_attrs "report" outbox=True %}>')
    assert "data-outbox" not in render('<form {% draft_attrs "report" %}>')


@pytest.mark.parametrize(("change", "said"), [(3, "多 3"), (-2.5, "少 2.5"), (0, "持平")])
def test_stat_says_its_change_in_words(change: float, said: str) -> None:
    assert said in render('{% stat "未办结" 12 change=change %}', change=change)
    assert "多" not in render('{% stat "未办结" 12 %}')


def test_block_tags_hold_their_content() -> None:
    assert "<b>派遣</b>" in render('{% batch_bar "f" %}<b>派遣</b>{% endbatch_bar %}')
    html = render('{% dialog "d" "为什么" %}{{ x }}{% enddialog %}', x="<i>")
    assert 'aria-labelledby="d-title"' in html
    assert "&lt;i&gt;" in html


def test_percent() -> None:
    assert render("{{ a|percent:1 }} {{ b|percent }}", a=0.9342, b=None) == "93.4% —"
