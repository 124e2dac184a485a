"""A sheet through the import page: the real messages, and sheets that are wrong in ways people's sheets are."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from tests.journeys.people import DESK, Person
from tests.once import once

pytestmark = pytest.mark.journey
Open = Callable[..., Person]
HEADER = ["留言编号", "留言主题", "留言时间", "留言详情"]


def workbook(rows: list[list[Any]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return target.getvalue()


def bomb() -> bytes:
    """A workbook of some hundred kilobytes that unpacks to 500 MB."""
    target = io.BytesIO(workbook([HEADER]))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as book, book.open("xl/media/a.xml", "w") as part:
        for _time in range(500):
            part.write(b"a" * 1_000_000)
    return target.getvalue()


def upload(clerk: Person, name: str, content: bytes | Path) -> Page:
    page = clerk.open("/desk/import/")
    given: Any = content if isinstance(content, Path) else {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.locator("input[type=file]").set_input_files(given)
    page.get_by_role("button", name="上传并核对列名").click()
    clerk.settled()
    return page


def check(page: Page) -> None:
    """Let the columns be as they were recognised, and have every row looked at."""
    page.get_by_role("button", name="检查内容").click()
    expect(page.get_by_role("heading", name="检查结果")).to_be_visible(timeout=60_000)


@once
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("formula-in-the-header.xlsx", workbook([["=1+1", *HEADER], ["1"] * 5]), "公式"),
        ("no-workbook.xlsx", b"PK\x03\x04 this is not one", "打不开"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + b"0" * 100, "xlsx"),
        ("empty.csv", b"", "空"),
    ],
    ids=["formula-header", "broken", "picture", "empty"],
)
def test_a_file_that_is_no_sheet_of_ours(person: Open, name: str, content: bytes, said: str) -> None:
    page = upload(person("clerk", DESK), name, content)
    expect(page.get_by_role("alert").filter(has_text=said).first).to_be_visible()


@once
def test_a_bomb_is_refused_in_words(person: Open) -> None:
    clerk = person("clerk", DESK)
    page = upload(clerk, "bomb.xlsx", bomb())
    expect(page.get_by_text("100 MB").first).to_be_visible()
    clerk.picture("1-refused")


@once
def test_wrong_columns_are_asked_for(person: Open) -> None:
    clerk = person("clerk", DESK)
    page = upload(clerk, "wrong.xlsx", workbook([["甲", "乙", "丙"], ["1", "2", "3"]]))
    page.get_by_role("button", name="检查内容").click()
    clerk.settled()
    expect(page.get_by_role("heading", name="检查结果")).to_have_count(0)
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    clerk.picture("1-columns")


def test_bad_rows_are_named_and_good_ones_taken(person: Open) -> None:
    clerk = person("clerk", DESK)
    rows = [
        HEADER,
        ["J1", "路灯不亮", "2026-01-05 09:30", "麒麟南路路灯三天不亮"],
        ["J2", "日期不对", "1899-12-31 09:30", "这一行的年份不对"],
        ["J3", "公式", "2026-01-05 09:30", "=1+1"],
        ["J4", "缺时间", "", "这一行没有时间"],
    ]
    page = upload(clerk, "rows.xlsx", workbook(rows))
    check(page)
    expect(page.locator("main")).to_contain_text("1 行可以导入")
    expect(page.locator("main")).to_contain_text("1899")
    expect(page.locator("main")).to_contain_text("公式")
    clerk.picture("1-what-is-wrong-where")
    page.get_by_role("button", name="导入 1 行").click()
    expect(page.get_by_text("已导入 1 行")).to_be_visible(timeout=30_000)
    clerk.picture("2-taken-in")
    page.get_by_role("link", name="去看导入的内容").click()
    page.goto(clerk.base + "/desk/?q=麒麟南路路灯三天不亮")
    expect(page.locator("a.gz-row-link")).to_have_count(1)


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "rows"), [("appeals_hot_issues_4326.xlsx", 4326), ("appeals_with_replies_2816.xlsx", 2816)])
def test_real_messages(person: Open, real_data: Path, name: str, rows: int) -> None:
    clerk = person("hotline", DESK)
    page = upload(clerk, name, real_data / "appeals" / name)
    clerk.picture(f"1-columns-{rows}")
    check(page)
    clerk.picture(f"2-checked-{rows}")
    page.get_by_role("button", name=re.compile(r"^\s*导入 \d+ 行")).click()
    expect(page.get_by_role("progressbar").or_(page.locator("progress")).first).to_be_visible()
    clerk.picture(f"3-progress-{rows}")
    expect(page.get_by_text(re.compile(r"已导入 \d+ 行"))).to_be_visible(timeout=120_000)
    clerk.picture(f"4-taken-in-{rows}")
    said = page.locator("main").inner_text()
    found = re.search(r"已导入 (\d+) 行，(\d+) 行没有导入", said)
    assert found, said
    imported, refused = int(found[1]), int(found[2])
    assert imported + refused == rows
    assert imported >= rows * 0.98, said[:500]
