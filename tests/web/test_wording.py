"""Finding, merging, checking and compiling the words."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from gongzhi.web import wording

TEMPLATE = """{% load i18n ui %}
<div>
    {% translate "你好" %} it's {{ x|default:_('默认"值') }}
  {% blocktranslate trimmed count n=x %}
     共 {{ n }} 件
  {% plural %}
     共有 {{ n }} 件
  {% endblocktranslate %}
      "{% blocktranslate with a=b %}{{ a }}满意 100%{% endblocktranslate %}" {% state_chip _("甲") "x" %}
</div>
"""
PYTHON = """
a = _("一句" "长话 %(n)s")
b = ngettext("%(count)d天", "%(count)d天", 3)
def f():
    # _("注释不算")
    return gettext_lazy("办好")
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    templates = tmp_path / "gongzhi" / "room" / "templates"
    templates.mkdir(parents=True)
    (templates / "page.html").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "gongzhi" / "room" / "views.py").write_text(PYTHON, encoding="utf-8")
    migrations = tmp_path / "gongzhi" / "room" / "migrations"
    migrations.mkdir()
    (migrations / "0001.py").write_text('_("迁移不算")', encoding="utf-8")
    return tmp_path


def po_of(root: Path) -> Path:
    return root / "locale" / "en" / wording.PO


def test_finds_python_and_templates_with_plurals_and_percent_signs(root: Path) -> None:
    assert wording.find(root).plural == {
        "你好": None,
        '默认"值': None,
        "共 %(n)s 件": "共有 %(n)s 件",
        "%(a)s满意 100%%": None,
        "甲": None,
        "一句长话 %(n)s": None,
        "%(count)d天": "%(count)d天",
        "办好": None,
    }


def test_merging_keeps_translations_drops_the_dead_and_is_stable(root: Path) -> None:
    found = wording.find(root)
    catalog = wording.merged(found, wording.Catalog(locale="en"), "en")
    wording.fill(catalog, {"你好": "Hello", "%(count)d天": ("%(count)d day", "%(count)d days")})
    wording.save(catalog, po_of(root))
    first = po_of(root).read_bytes()
    (root / "gongzhi" / "room" / "views.py").write_text('_("新话")', encoding="utf-8")
    found = wording.find(root)
    again = wording.merged(found, wording.load(po_of(root), "en"), "en")
    assert again.get("你好").string == "Hello"  # type: ignore[union-attr]
    assert again.get("%(count)d天") is None
    assert again.get("新话").string == ""  # type: ignore[union-attr]
    (root / "gongzhi" / "room" / "views.py").write_text(PYTHON, encoding="utf-8")
    back = wording.merged(wording.find(root), wording.load(po_of(root), "en"), "en")
    wording.save(back, po_of(root))
    assert po_of(root).read_bytes() == first


def test_check_names_what_is_missing_stale_or_broken(root: Path) -> None:
    found = wording.find(root)
    catalog = wording.merged(found, wording.Catalog(locale="en"), "en")
    table = {said: said.replace("天", " d") for said in found.plural}
    wording.fill(catalog, table)
    assert wording.problems(found, catalog) == []
    catalog.get("你好").string = ""  # type: ignore[union-attr]
    catalog.get("一句长话 %(n)s").string = "a long %(m)s"  # type: ignore[union-attr]
    catalog.add("死话", "dead")
    del found.files["甲"], found.plural["甲"]
    found.add("新话", "x.py")
    lines = "\n".join(wording.problems(found, catalog))
    assert "not translated (gongzhi/room/templates/page.html): 你好" in lines
    assert "placeholders differ: 一句长话" in lines
    assert "no longer said, run ./up manage messages: 死话" in lines
    assert "no longer said, run ./up manage messages: 甲" in lines
    assert "not in the catalogue, run ./up manage messages: 新话" in lines
    assert len(wording.problems(found, catalog)) == 5


def test_compiled_words_are_read_by_gettext_with_plurals(root: Path) -> None:
    catalog = wording.merged(wording.find(root), wording.Catalog(locale="en"), "en")
    wording.fill(catalog, {"你好": "Hello", "%(count)d天": ("%(count)d day", "%(count)d days")})
    wording.save(catalog, po_of(root))
    (compiled,) = wording.compile_all(root / "locale")
    with compiled.open("rb") as file:
        words = gettext.GNUTranslations(file)
    assert words.gettext("你好") == "Hello"
    assert words.ngettext("%(count)d天", "%(count)d天", 1) == "%(count)d day"
    assert words.ngettext("%(count)d天", "%(count)d天", 2) == "%(count)d days"
    assert words.gettext("甲") == "甲"
