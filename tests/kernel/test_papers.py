"""Papers and QR codes."""

import io
import re
import time
import zlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import gettext_lazy
from PIL import Image

from gongzhi.kernel import papers
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.papers import making as module

TEMPLATE = """
#import "/kernel/papers/base.typ": data, facts, form, head, qr, signature
#show: form
#head(data.unit, data.title, number: data.number)
#facts(data.rows)
#qr(data.qr)
#signature(data.unit, data.date)
"""
DATA = {
    "unit": "麒麟街道办事处",
    "title": gettext_lazy("派遣单"),
    "number": "〔2024〕7号",
    "rows": [["诉求", "路灯坏了，晚上很黑"], ["承诺", datetime(2024, 3, 15, 1, 30, tzinfo=UTC)]],
    "qr": papers.qr_svg("https://example.org/c/7K3"),
    "date": date(2024, 3, 15),
}


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root with the real base template and room for templates of this test."""
    base = module.ROOT / "kernel/papers/base.typ"
    (tmp_path / "kernel/papers").mkdir(parents=True)
    (tmp_path / "kernel/papers/base.typ").write_text(base.read_text())
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return tmp_path


def made(room: Path, source: str, data: dict[str, Any]) -> bytes:
    (room / "t.typ").write_text(source)
    return papers.pdf("t.typ", data)


def decoded(content: bytes) -> bytes:
    """Every stream of the PDF unpacked: enough to look for words in it."""
    parts = re.findall(rb"stream\r?\n(.*?)endstream", content, re.S)
    unpacked = []
    for part in parts:
        try:
            unpacked.append(zlib.decompress(part))
        except zlib.error:
            unpacked.append(part)
    return content + b"".join(unpacked)


def test_a_paper_with_embedded_chinese_fonts(room: Path) -> None:
    started = time.perf_counter()
    content = made(room, TEMPLATE, DATA)
    assert time.perf_counter() - started < 10
    assert content.startswith(b"%PDF")
    inside = decoded(content)
    assert b"NotoSansSC" in inside
    assert b"/FontFile3" in inside
    # Subset: the whole font would be eight megabytes.
    assert len(content) < 200_000
    # Every character of the data is mapped for reading aloud and copying.
    for letter in "路灯坏了派遣单":
        assert f"{ord(letter):04X}".encode() in inside.upper()


def test_what_people_write_is_never_source(room: Path) -> None:
    nasty = '#panic("x") #read("/kernel/papers/base.typ") $ *a* _b_ \\ " ] } #eval("1")'
    one = made(room, '#import "/kernel/papers/base.typ": data\n#data.words', {"words": nasty})
    assert one.startswith(b"%PDF")


def test_moments_and_dates_as_people_write_them() -> None:
    assert module._plain(datetime(2024, 3, 15, 1, 30, tzinfo=UTC)) == "2024年3月15日 09:30"
    assert module._plain(date(2024, 3, 5)) == "2024年3月5日"
    with pytest.raises(TypeError):
        module._plain(object())


def test_a_broken_template_is_told_calmly(room: Path) -> None:
    with pytest.raises(papers.PaperFailed) as failed:
        made(room, "#nothing-like-this", {})
    assert failed.value.message.endswith("。")
    assert "nothing-like-this" in str(failed.value.__cause__)


def test_a_template_cannot_read_outside_the_house(room: Path) -> None:
    with pytest.raises(papers.PaperFailed):
        made(room, '#read("/../../../../../../etc/passwd")', {})


def test_endless_work_is_stopped(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TIME_LIMIT_S", 1)
    started = time.perf_counter()
    with pytest.raises(papers.PaperFailed):
        made(room, "#for i in range(100000) { for j in range(100000) { let k = i + j } }", {})
    assert 1 <= time.perf_counter() - started < 5


def test_too_much_data(room: Path) -> None:
    with pytest.raises(DomainError):
        made(room, "x", {"a": "长" * papers.MAX_DATA_BYTES})


@pytest.mark.parametrize("name", ["../secret.typ", "/etc/passwd", "missing.typ", "kernel/papers/base.txt"])
def test_only_templates_of_the_house(room: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no template"):
        papers.pdf(name, {})


def test_qr_svg() -> None:
    svg = papers.qr_svg("https://example.org/?a=1&b=<路灯>")
    assert svg.startswith("<svg")
    assert "viewBox" in svg
    assert "script" not in svg
    assert "width=" not in svg.split(">")[0]


def test_qr_png() -> None:
    with Image.open(io.BytesIO(papers.qr_png("7K3-Q9XW-M2AH"))) as picture:
        assert picture.format == "PNG"
        assert picture.width == picture.height > 200
        assert picture.convert("L").getpixel((0, 0)) == 255
        assert picture.convert("L").getpixel((45, 45)) == 0
