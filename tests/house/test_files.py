"""What no file of the project may hold, and what each must (docs/house.md)."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.files import ROOMS, ROOT, texts

# A file past 400 lines owes a reason; it stands here beside its name. A stale name fails too.
LONG: dict[str, str] = {}
LIMIT = 400

# Spelt in pieces, so that this file is not its own first finding.
FORBIDDEN = {
    "a path of somebody's machine": r"/(ro" + r"ot|ho" + r"me|Us" + r"ers)/[\w.]+/|/wo" + r"rk/ma" + r"in|bash_" + r"jobs",
    "the host of a package registry": r"(py" + r"pi|python" + r"hosted|npm" + r"js|deb\.deb" + r"ian)\.(org|com)",
    "a folder outside the project": r"\.\./sha" + r"red",
}
MAY_HOLD = {".ci/run": "a folder outside the project"}


def finds(text: str) -> list[str]:
    return [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text)]


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = [(name, what) for name, text in texts() for what in finds(text) if MAY_HOLD.get(name) != what]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "see https://py" + "pi.org/simple",
        "resolved: https://registry.npm" + "js.org/x",
        "cd /ro" + "ot/.cache/x",
        "open('/wo" + "rk/main/a')",
        "cat ../sha" + "red/data",
    ],
)
def test_such_a_line_would_be_seen(line: str) -> None:
    assert finds(line)


@pytest.mark.parametrize("room", [*ROOMS, "config"])
def test_a_room_says_what_it_is_in_three_sentences(room: str) -> None:
    said = ast.get_docstring(ast.parse((ROOT / "gongzhi" / room / "__init__.py").read_text(encoding="utf-8"))) or ""
    sentences = [part for part in re.split(r"\.(?:\s+|$)", said.replace("./", "")) if part.strip()]
    assert len(sentences) == 3, sentences


FOREIGN = re.compile(
    r"""(?:src|srcset|action)\s*=\s*["'](?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import|<link[^>]+href=["'](?:https?:)?//"""
)


def test_no_page_asks_a_foreign_host_for_anything() -> None:
    assert [name for name, text in texts(".html", ".css") if FOREIGN.search(text)] == []


@pytest.mark.parametrize(
    "text", ['<script src="//cdn.example/x.js">', "url(https://x.example/f.woff2)", '<link rel="x" href="https://x.example">']
)
def test_such_a_page_would_be_seen(text: str) -> None:
    assert FOREIGN.search(text)
    assert not FOREIGN.search('<a href="https://x.example">, <img src="{% static \'a.svg\' %}">')


def test_files_stay_short() -> None:
    long = {
        name: lines
        for name, text in texts(".py", ".html", ".js", ".css")
        if (lines := text.count("\n")) > LIMIT and "/migrations/" not in name
    }
    assert set(long) == set(LONG), long
    assert all(len(reason) > 20 for reason in LONG.values())


def test_only_the_clock_asks_the_machine_for_the_time() -> None:
    asked = re.compile(r"timezone\.now\(|datetime\.now\(|datetime\.utcnow\(|date\.today\(|default=timezone\.now|auto_now")
    allowed = {"gongzhi/kernel/clock.py"}
    found = [name for name, text in texts(".py") if name.startswith("gongzhi/") and asked.search(text)]
    assert set(found) <= allowed


def test_no_signals_of_models() -> None:
    """What happens is said by an event (docs/house.md); `post_save` and friends hide it."""
    pattern = re.compile(r"\b(post_save|pre_save|post_delete|pre_delete|m2m_changed)\b")
    assert [name for name, text in texts(".py") if name.startswith("gongzhi/") and pattern.search(text)] == []


def test_a_skip_says_why() -> None:
    bare = re.compile(r"mark\.(skip|xfail)\b(?!\w)(?!\([^)]*reason)|pytest\.skip\(\)")
    here = "tests/house/test_files.py"
    assert [name for name, text in texts(".py") if name != here and bare.search(text)] == []


def test_locks_carry_a_hash_for_every_package() -> None:
    for name in ("base", "dev"):
        lock = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        blocks = re.split(r"\n(?=\S)", lock.strip())
        pinned = [block for block in blocks if "==" in block.split("\n")[0]]
        assert len(pinned) > 20
        assert [block.split("\n")[0] for block in pinned if "--hash=sha256:" not in block] == []


def test_every_wanted_package_is_locked() -> None:
    for name in ("base", "dev"):
        lock = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").lower().replace("_", "-")
        wanted = (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").lower().splitlines()
        names = [re.split(r"[\[=~<>; ]", line)[0] for line in wanted if line and line[0] not in "#-"]
        assert [one for one in names if not re.search(rf"^{re.escape(one)}(\[.*\])?==", lock, re.MULTILINE)] == []
