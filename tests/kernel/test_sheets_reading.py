"""Reading sheets: every type, and every way in which one goes wrong."""

import csv
import gzip
import io
import os
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.sheets import bounds
from gongzhi.kernel.sheets.cells import FORMULA, is_formula_text, to_int, to_moment, to_number, to_text
from gongzhi.kernel.sheets.reading import read_rows

HEADER = ["编号", "主题", "时间"]


def workbook(rows: list[list[Any]], **options: Any) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm", **options}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
    return target.getvalue()


def with_part(content: bytes, path: str, part: bytes) -> bytes:
    """The same workbook with one part replaced (or added)."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != path:
                new.writestr(name, old.read(name))
        new.writestr(path, part)
    return target.getvalue()


def read(content: bytes, name: str = "留言.xlsx") -> tuple[list[str], list[tuple[int, list[Any]]]]:
    header, rows = read_rows(io.BytesIO(content), name)
    return header, [(row.number, row.cells) for row in rows]


def refusal(content: bytes, name: str = "留言.xlsx") -> str:
    with pytest.raises(DomainError) as refused:
        read(content, name)
    assert refused.value.message.endswith("。")
    return refused.value.message


def outcome(act: Callable[[], object]) -> str:
    """The sentence of a refusal, or a full stop when nothing was refused; any other exception fails the test."""
    try:
        act()
    except DomainError as refused:
        return refused.message
    return "。"


def test_xlsx() -> None:
    moment = datetime(2020, 1, 5, 3, 4)
    header, rows = read(workbook([HEADER, [1, "路灯坏了", moment], [], [2, None, "2020-1-1"]]))
    assert header == HEADER
    assert rows == [(2, [1.0, "路灯坏了", moment]), (4, [2.0, None, "2020-1-1"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("packed", [False, True])
def test_csv(encoding: str, delimiter: str, packed: bool) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([HEADER, ["1", "路灯\n坏了", "2020/1/5"], ["2", "𠮷家巷", ""]])
    content = text.getvalue().encode(encoding)
    header, rows = read(gzip.compress(content) if packed else content, "留言.csv")
    assert header == HEADER
    assert rows == [(2, ["1", "路灯\n坏了", "2020/1/5"]), (3, ["2", "𠮷家巷", None])]


def test_a_path_is_read_and_closed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("编号,主题\n1,x\n")
    _header, rows = read_rows(tmp_path / "a.csv")
    assert [row.cells for row in rows] == [["1", "x"]]


def test_a_title_above_the_header_is_passed_over() -> None:
    header, rows = read(workbook([["2024年诉求台账"], [], HEADER, [1, "a", "2020-1-1"]]))
    assert header == HEADER
    assert rows[0][0] == 4


def test_rows_are_fitted_to_the_header() -> None:
    _header, rows = read("编号,主题,,\n1\n1,2,3,4,5\n".encode(), "a.csv")
    assert rows == [(2, ["1", None]), (3, ["1", "2"])]


def test_the_first_visible_sheet_with_content_is_read() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        hidden, empty, wanted = (book.add_worksheet(name) for name in ("藏", "空", "用"))
        hidden.write_row(0, 0, ["不", "要"])
        wanted.write_row(0, 0, HEADER)
        wanted.write_row(1, 0, ["1", "a", "b"])
        empty.activate()
        hidden.hide()
    assert read(target.getvalue())[0] == HEADER


def test_formulas_become_a_mark_at_their_place() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(1, 2, HEADER)  # away from the corner: positions must still agree
        sheet.write_row(2, 2, ["1", "a", "b"])
        sheet.write_row(3, 2, ["2", "x", "c"])
        sheet.write_formula(3, 3, '=HYPERLINK("http://x","y")', value="y")
    header, rows = read(target.getvalue())
    assert header == HEADER
    assert [cells for _number, cells in rows] == [["1", "a", "b"], ["2", FORMULA, "c"]]


def test_formula_in_the_header_is_refused() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_formula(0, 1, "=1+1", value="主题")
    assert "公式" in refusal(target.getvalue())
    assert "公式" in refusal("编号,=cmd|x,c\n1,2,3\n".encode(), "a.csv")


@pytest.mark.parametrize("content", [b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"ab\x00\x00cd"])
def test_other_files_are_refused_by_content(content: bytes) -> None:
    assert "不是表格" in refusal(content)


def test_old_or_locked_workbooks() -> None:
    assert ".xls" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)


def test_a_zip_that_is_no_workbook() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert "不是 Excel" in refusal(target.getvalue())


@pytest.mark.parametrize("content", [b"", b"\n\n , ,\n"])
def test_empty_files(content: bytes) -> None:
    assert "空的" in refusal(content, "a.csv")


def test_empty_workbook() -> None:
    assert "空的" in refusal(workbook([]))


def test_no_header() -> None:
    assert "列名" in refusal(workbook([[1, 2.5, datetime(2020, 1, 1)], [2, 3, 4]]))
    assert "列名" in refusal(b"1,2019/2/28 11:25:05,3\n", "a.csv")
    assert "列名" in refusal(("路灯坏了" * 30 + ",x\n").encode(), "a.csv")


def test_a_bomb_of_500_megabytes_is_refused_unopened() -> None:
    content = with_part(workbook([HEADER]), "xl/sharedStrings.xml", b"<sst><si><t>" + b"a" * 500_000_000 + b"</t></si></sst>")
    assert len(content) < 1_000_000
    started = time.perf_counter()
    assert "100 MB" in refusal(content)
    assert time.perf_counter() - started < 1


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    honest = with_part(workbook([HEADER]), "xl/sharedStrings.xml", b"a" * 300_000_000)
    true_size, lie = (300_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    assert true_size in honest
    assert "100 MB" in refusal(honest.replace(true_size, lie))
    small = with_part(workbook([HEADER]), "xl/sharedStrings.xml", b"a" * 77_777)
    assert "打不开" in refusal(small.replace((77_777).to_bytes(4, "little"), lie))


def test_a_gzip_bomb_is_refused() -> None:
    content = gzip.compress(b"a,b\n" + b"1,2\n" * 40_000_000, compresslevel=1)
    assert len(content) < bounds.MAX_FILE_BYTES
    assert "100 MB" in refusal(content, "a.csv.gz")


def test_two_cells_far_apart_are_refused() -> None:
    """A reader that allocates the rectangle between them would need 17 thousand million cells."""
    sheet = '<worksheet><sheetData><row r="1"><c r="A1"/></row><row r="1048576"><c r="{}1048576"/></row></sheetData></worksheet>'
    path = "xl/worksheets/sheet1.xml"
    assert "行" in refusal(with_part(workbook([HEADER]), path, sheet.format("A").encode()))
    wide = sheet.replace("1048576", "9").format("XFD")
    assert "列" in refusal(with_part(workbook([HEADER]), path, wide.encode()))
    hidden_in_utf16 = with_part(workbook([HEADER]), path, ('<?xml version="1.0" encoding="UTF-16"?>' + sheet.format("A")).encode("utf-16"))
    assert "行" in refusal(hidden_in_utf16)


def test_too_many_rows_in_a_csv() -> None:
    content = "编号,主题\n".encode() + b"1,2\n" * (bounds.MAX_ROWS + 10)
    assert "行" in refusal(content, "a.csv")


def test_entities_are_refused() -> None:
    part = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData/></worksheet>'
    assert "打不开" in refusal(with_part(workbook([HEADER]), "xl/worksheets/sheet1.xml", part))


def test_files_cut_short() -> None:
    whole = workbook([HEADER, [1, "a", "b"]])
    for cut in (10, len(whole) // 2, len(whole) - 5):
        assert "打不开" in refusal(whole[:cut])
    packed = gzip.compress("编号,主题\n".encode() * 1000)
    assert "打不开" in refusal(packed[: len(packed) // 2], "a.csv.gz")


def test_a_file_above_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_FILE_BYTES", 10)
    assert "太大" in refusal("编号,主题\n1,2\n".encode(), "a.csv")


def test_an_unreadable_encoding() -> None:
    assert "编码" in refusal(b"\xff\xff,\xfe\xfe\n", "a.csv")


def test_a_cell_without_its_closing_quote() -> None:
    assert "引号" in refusal(b'a,b\n1,"' + b"x" * 200_000, "a.csv")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"a,b\n", b"\xff\xfe"]))
def test_no_bytes_break_the_reader(content: bytes, start: bytes) -> None:
    assert outcome(lambda: read(start + content, "x")).endswith("。")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5000), st.integers(0, 255))
def test_no_flipped_byte_breaks_the_reader(position: int, value: int) -> None:
    content = bytearray(workbook([HEADER, [1, "a", datetime(2020, 1, 1)]]))
    content[position % len(content)] = value
    assert outcome(lambda: read(bytes(content))).endswith("。")


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-x", "@SUM(A1)", "＝1", "＋a", "－a", "＠a", "  =1", "\t=1"])
def test_formula_text(text: str) -> None:
    assert is_formula_text(text)


@pytest.mark.parametrize("value", ["-71.0587", "+86", "路灯=坏", "", "  ", None, 5, "－5", "-3%"])
def test_no_formula_text(value: object) -> None:
    assert not is_formula_text(value)


# Shanghai is eight hours ahead of UTC (the suite's time zone).
@pytest.mark.parametrize(
    "value",
    [
        "2017/11/2 9:17:05",
        "2017-11-02T09:17:05",
        "2017-11-02 01:17:05Z",
        "2017-11-02 09:17:05+08:00",
        "2017年11月2日 9时17分5秒",
        "２０１７／１１／２　９：１７：０５",
        "2017.11.2 上午9:17:05",
        datetime(2017, 11, 2, 9, 17, 5),
        43041.38686342593,
        "43041.38686342593",
    ],
)
def test_to_moment(value: Any) -> None:
    assert to_moment(value) == datetime(2017, 11, 2, 1, 17, 5, tzinfo=UTC)


@pytest.mark.parametrize("value", ["2019-02-28", date(2019, 2, 28), 20190228, "20190228", 43524, "2019年2月28日"])
def test_to_moment_of_a_day(value: Any) -> None:
    assert to_moment(value) == datetime(2019, 2, 27, 16, tzinfo=UTC)


def test_afternoon() -> None:
    assert to_moment("2019-2-28 下午3:05").hour == 7


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("1899-12-30", "太早"),
        ("1900/1/0", "不是日期"),
        (datetime(1899, 12, 30), "1899-12-30"),
        (0, "太早"),
        (clock_time(0, 0), "太早"),
        (timedelta(0), "太早"),
        (datetime(9999, 1, 1), "太晚"),
        ("昨天", "不是日期"),
        ("2019-02-30", "不是日期"),
        ("2019-02-03 25:00", "不是日期"),
        (True, "不是日期"),
        (-5, "不是日期"),
        (1e300, "不是日期"),
        (None, "不是日期"),
    ],
)
def test_to_moment_refuses_with_a_sentence(value: Any, word: str) -> None:
    with pytest.raises(DomainError) as refused:
        to_moment(value)
    assert word in refused.value.message


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.datetimes(), st.times()))
def test_no_value_breaks_the_cells(value: Any) -> None:
    to_text(value)
    for reader in (to_moment, to_number, to_int):
        assert outcome(partial(reader, value)).endswith("。")


def test_to_text() -> None:
    assert to_text(188006.0) == "188006"
    assert to_text(1.5) == "1.5"
    assert to_text("\n\t 路灯\x00坏\r\n了 \n") == "路灯坏\n了"
    assert to_text(None) == ""


def test_to_number() -> None:
    assert to_number("1,234.5") == 1234.5
    assert to_number("１２%") == 0.12
    assert to_int(7.0) == 7


def test_real_messages() -> None:
    folder = os.environ.get("GONGZHI_REAL_DATA")
    if not folder:
        pytest.skip("GONGZHI_REAL_DATA is not set")
    counts = {}
    for name in ("appeals_hot_issues_4326.xlsx", "appeals_with_replies_2816.xlsx", "appeals_segmented_8261.csv.gz"):
        _header, rows = read_rows(Path(folder) / "appeals" / name)
        counts[name] = sum(1 for _row in rows)
    assert list(counts.values()) == [4326, 2816, 8261]
