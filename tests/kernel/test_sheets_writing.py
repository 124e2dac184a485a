"""Sheets out: nothing in them runs, and they come back as they went."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongzhi.kernel.sheets import is_formula_text, read_rows, safe_text, write_csv, write_sheet

DANGEROUS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－a", "＠a", "  =1", "\n=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_could_run_is_text(text: str) -> None:
    assert safe_text(text) == "'" + text
    _header, rows = read_rows(io.BytesIO(write_sheet([["1", text]], ["编号", "主题"])))
    assert str(next(rows).cells[1]).startswith("'")
    line = list(csv.reader(io.StringIO(write_csv([["1", text]], ["编号", "主题"]).decode("utf-8-sig"), newline="")))[1]
    assert line[1] == "'" + text


def test_no_formula_and_no_link_in_the_file() -> None:
    content = write_sheet([[text, "http://example.org", "mailto:a@b"] for text in DANGEROUS], ["甲", "=乙", "丙"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"hyperlink" not in sheet


def test_values_come_back() -> None:
    moment = datetime(2020, 1, 5, 3, 4, 5, tzinfo=UTC)
    row = ["路灯坏了", 3, 2.5, moment, date(2020, 1, 5), None, True, "", "-5"]
    header, rows = read_rows(io.BytesIO(write_sheet([row], [f"列{number}" for number in range(9)], title="表[1]:*?/\\")))
    assert header == [f"列{number}" for number in range(9)]
    assert next(rows).cells == [
        "路灯坏了",
        3.0,
        2.5,
        datetime(2020, 1, 5, 11, 4, 5),
        date(2020, 1, 5),
        None,
        "是",
        None,
        "'-5",
    ]
    line = list(csv.reader(io.StringIO(write_csv([row], ["a"] * 9).decode("utf-8-sig"))))[1]
    assert line == ["路灯坏了", "3", "2.5", "2020-01-05 11:04:05", "2020-01-05", "", "是", "", "'-5"]


def test_a_cell_longer_than_excel_holds_is_cut() -> None:
    _header, rows = read_rows(io.BytesIO(write_sheet([["长" * 40_000]], ["主题"])))
    text = str(next(rows).cells[0])
    assert len(text) == 32_767
    assert text.endswith("…")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=20), st.integers(), st.floats(), st.none(), st.booleans()), max_size=4))
def test_no_value_breaks_writing(row: list[object]) -> None:
    write_csv([row], ["甲"])
    content = write_sheet([["一", *row]], ["甲", "乙", "丙", "丁", "戊"])
    _header, rows = read_rows(io.BytesIO(content))
    for cell in next(rows).cells:
        assert not is_formula_text(cell)
