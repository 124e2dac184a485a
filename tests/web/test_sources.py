"""What must hold of every template of every room: it compiles, its icons exist, and nothing in it breaks the security policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines

from gongzhi.web import sprite

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "gongzhi").glob("*/templates/**/*.html"))
SCRIPTS = sorted((ROOT / "gongzhi/web/static").rglob("*.js"))
ICON = re.compile(r"""\{%\s*icon\s+["']([\w-]+)["']|icon_name=["']([\w-]+)["']""")
NAMES = set(sprite.icon_names(sprite.NAMES_FILE.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_compiles_and_obeys_the_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    engines["django"].from_string(text)
    assert not re.search(r"""\sstyle\s*=\s*["']|<style|\son\w+\s*=\s*["']|javascript:""", text)
    for opening in re.findall(r"<script\b([^>]*)>", text):
        assert "src=" in opening
    used = {one or two for one, two in ICON.findall(text)}
    assert used <= NAMES, f"add to gongzhi/web/icons.txt: {sorted(used - NAMES)}"


def test_icons_named_in_python_and_scripts_exist() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    used = set(re.findall(r"""(?:icon|drawing)\("([\w-]+)"\)""", text))
    navigation = (ROOT / "gongzhi/web/navigation.py").read_text(encoding="utf-8")
    used |= set(re.findall(r'"\w+:\w+", "([\w-]+)"', navigation))
    assert used
    assert used <= NAMES


def test_shapes_and_faces_are_in_the_sprite() -> None:
    from gongzhi.web.ui.forms_tags import FACES
    from gongzhi.web.ui.marks_tags import SHAPES

    assert {*SHAPES.values(), *(face for _value, face in FACES)} <= NAMES


def test_symbol_keeps_the_drawing_and_drops_its_paint() -> None:
    svg = '<svg\n xmlns="x" stroke="currentColor"\n>\n <path stroke="none" d="M0 0h24v24H0z" fill="none" />\n <path d="M1 1" />\n</svg>'
    assert sprite.symbol("a", svg) == '<symbol id="a" viewBox="0 0 24 24"><path d="M1 1"/></symbol>'
    assert 'fill="currentColor"' in sprite.symbol("a-filled", svg)


def test_names_file_takes_comments_and_several_to_a_line() -> None:
    assert sprite.icon_names("# x\nb a # c\n\na") == ["a", "b"]


def test_every_tag_is_documented() -> None:
    from gongzhi.web.templatetags import ui

    guide = (ROOT / "docs/components.md").read_text(encoding="utf-8")
    for tag in ui.register.tags:
        assert f"{{% {tag} " in guide or f"{{% {tag} %}}" in guide, tag
    for name in ui.register.filters:
        assert f"|{name}" in guide, name


def test_scripts_speak_no_language() -> None:
    for path in SCRIPTS:
        assert not re.search(r"[一-鿿]", path.read_text(encoding="utf-8")), path.name
