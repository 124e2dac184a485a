"""A sheet on its way in: every step, every refusal, a stop in the middle, and the pages."""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongzhi.kernel import clock, sheets
from gongzhi.kernel.errors import Conflict, DomainError
from gongzhi.kernel.models import AuditEntry, SheetImport, SheetRefusal
from gongzhi.kernel.sheets import Column, Context, Kind, SheetSpec, ValidRow, committing, rowfile, spec, staging
from gongzhi.kernel.sheets.reading import read_rows
from gongzhi.kernel.tasks import run_pending

pytestmark = pytest.mark.django_db

State = SheetImport.State
HEADER = "留言编号,留言主题,留言时间,点赞数,类别"
GOOD = ["1,路灯坏了,2020/1/5 3:04:05,3,城建", "2,噪音,2020-01-06,,环保"]


class Taker:
    """What a room does with rows: here it remembers them, and can be told to refuse or to break."""

    def __init__(self) -> None:
        self.rows: list[ValidRow] = []
        self.batches: list[int] = []
        self.refuse_batch = False
        self.break_at: int | None = None

    def __call__(self, rows: Sequence[ValidRow], context: Context) -> Iterable[tuple[int, str]]:
        assert context.by_id is None or isinstance(context.by_id, int)
        if self.break_at is not None and any(row.number >= self.break_at for row in rows):
            raise RuntimeError("the disk is full")
        if self.refuse_batch and any(row.values["title"] == "坏" for row in rows):
            raise DomainError("这一行不要。")
        self.rows += rows
        self.batches.append(len(rows))
        return [(row.number, "重复了。") for row in rows if row.values["title"] == "重复"]


def no_shouting(values: dict[str, Any]) -> None:
    if values["title"].endswith("！！！"):
        raise DomainError("别喊。", field="title")
    values["title"] = values["title"].strip("。")


@pytest.fixture
def taker() -> Taker:
    return Taker()


@pytest.fixture(autouse=True)
def kind(taker: Taker, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> SheetSpec:
    settings.GONGZHI_VAR = tmp_path
    monkeypatch.setattr(spec, "_specs", {})
    columns = (
        Column("number", ("留言编号", "编号")),
        Column("title", ("留言主题", "标题"), required=True, max_length=20),
        Column("at", ("留言时间", "时间"), kind=Kind.DATETIME, required=True),
        Column("likes", ("点赞数",), kind=Kind.INT),
        Column("label", ("一级分类", "类别"), kind=Kind.CHOICE, choices={"城建": 1, "环保": 2}),
    )
    return sheets.register(
        SheetSpec(
            name="test.messages",
            title="导入留言",
            columns=columns,
            may_import=lambda user: user.username == "alice",
            commit_rows=taker,
            validate_row=no_shouting,
            batch_size=3,
        )
    )


def csv_file(*lines: str, header: str = HEADER) -> io.BytesIO:
    return io.BytesIO("\n".join([header, *lines]).encode())


def uploaded(kind: SheetSpec, *lines: str, header: str = HEADER) -> SheetImport:
    return sheets.upload(spec=kind, file=csv_file(*lines, header=header), file_name="C:\\tmp\\a.csv", by=5)


def checked(kind: SheetSpec, *lines: str) -> SheetImport:
    return sheets.start_check(sheet=sheets.map_columns(sheet=uploaded(kind, *lines)))


def committed(kind: SheetSpec, *lines: str) -> SheetImport:
    return sheets.run(sheets.begin(sheet=checked(kind, *lines), by=5, inline=True).pk)


def test_upload_keeps_the_rows_and_guesses_the_columns(kind: SheetSpec) -> None:
    sheet = uploaded(kind, *GOOD)
    assert (sheet.state, sheet.total, sheet.file_name, sheet.uploaded_by_id) == (State.UPLOADED, 2, "a.csv", 5)
    assert sheet.mapping == {"number": 0, "title": 1, "at": 2, "likes": 3, "label": 4}
    assert len(list(rowfile.read(sheet.token))) == 2
    assert AuditEntry.objects.filter(verb="sheet.upload", object_id=sheet.pk).count() == 1


@pytest.mark.parametrize(
    ("header", "mapping"),
    [
        ("时间,标题", {"at": 0, "title": 1}),
        (" 留言主题（必填）,留言 时间", {"title": 0, "at": 1}),
        ("诉求标题,反映时间", {"title": 0, "at": 1}),
        ("title,at,likes", {"title": 0, "at": 1, "likes": 2}),
        ("甲,乙", {}),
        ("标题,留言主题", {"title": 1}),
    ],
)
def test_guess_mapping(kind: SheetSpec, header: str, mapping: dict[str, int]) -> None:
    assert sheets.guess_mapping(kind, header.split(",")) == mapping


def test_a_refused_upload_leaves_nothing(kind: SheetSpec, tmp_path: Path) -> None:
    with pytest.raises(DomainError):
        uploaded(kind)
    with pytest.raises(DomainError):
        sheets.upload(spec=kind, file=io.BytesIO(b"%PDF"), file_name="a.pdf", by=None)
    assert not SheetImport.objects.exists()
    assert not list((tmp_path / "sheets").glob("*"))


def test_a_missing_required_column_is_named(kind: SheetSpec) -> None:
    sheet = uploaded(kind, "1,x", header="留言编号,留言主题")
    with pytest.raises(DomainError) as refused:
        sheets.map_columns(sheet=sheet)
    assert refused.value.field == "at"
    assert "留言时间" in refused.value.message


@pytest.mark.parametrize("mapping", [{"title": 1, "at": 1}, {"title": 1, "at": 9}, {"title": 1, "at": 2, "other": 0}])
def test_a_wrong_mapping_is_refused(kind: SheetSpec, mapping: dict[str, int | None]) -> None:
    with pytest.raises(DomainError):
        sheets.map_columns(sheet=uploaded(kind, *GOOD), mapping=mapping)


def test_check_tells_every_error_with_row_and_column(kind: SheetSpec) -> None:
    lines = [
        *GOOD,
        "3,,1899-12-30,x,城建",
        "4,=1+1,2020/1/1,,",
        "5,喊！！！,2020/1/1,1,",
        f"6,{'长' * 21},2020/1/1,1.5,园林",
    ]
    sheet = checked(kind, *lines)
    assert (sheet.state, sheet.total, sheet.refused) == (State.CHECKED, 6, 4)
    found = [(error["row"], error["column"], error["message"]) for error in sheet.errors]
    assert [(row, column) for row, column, _message in found] == [
        (4, "留言主题"),
        (4, "留言时间"),
        (4, "点赞数"),
        (5, "留言主题"),
        (6, "留言主题"),
        (7, "留言主题"),
        (7, "点赞数"),
        (7, "一级分类"),
    ]
    assert "1899-12-30" in found[1][2]
    assert "公式" in found[3][2]
    assert [line["good"] for line in sheet.preview] == [True, True, False, False, False, False]
    assert sheet.preview[2]["cells"][1] == {"text": "", "bad": True}


def test_commit_takes_the_good_rows_and_keeps_the_reasons_of_the_others(kind: SheetSpec, taker: Taker) -> None:
    sheet = committed(kind, *GOOD, "3,,x,,", "4,重复,2020/1/1,,", "5,末尾。,2020/1/1,,")
    assert (sheet.state, sheet.total, sheet.done, sheet.imported, sheet.refused) == (State.DONE, 5, 5, 3, 2)
    assert taker.batches == [2, 2]
    assert taker.rows[0].values == {
        "number": "1",
        "title": "路灯坏了",
        "at": datetime(2020, 1, 4, 19, 4, 5, tzinfo=UTC),
        "likes": 3,
        "label": 1,
    }
    assert taker.rows[-1].values["title"] == "末尾"
    assert dict(SheetRefusal.objects.values_list("row", "reason"))[5] == "重复了。"
    assert sheet.preview == []
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["sheet.upload", "sheet.begin", "sheet.done"]


def test_one_bad_row_costs_only_itself(kind: SheetSpec, taker: Taker) -> None:
    taker.refuse_batch = True
    sheet = committed(kind, *GOOD, "3,坏,2020/1/1,,", "4,好,2020/1/1,,")
    assert (sheet.imported, sheet.refused) == (3, 1)
    assert [row.values["number"] for row in taker.rows] == ["1", "2", "4"]
    assert SheetRefusal.objects.get().reason == "这一行不要。"


def test_an_import_that_breaks_goes_on_where_it_stopped(kind: SheetSpec, taker: Taker) -> None:
    lines = [f"{number},好,2020/1/1,," for number in range(1, 11)]
    sheet = sheets.begin(sheet=checked(kind, *lines), by=5, inline=True)
    taker.break_at = 8  # the third batch
    sheets.run_import(sheet.pk)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.done, sheet.imported) == (State.FAILED, 6, 6)
    assert sheet.message.endswith("。")
    taker.break_at = None
    sheet = sheets.run(sheets.begin(sheet=sheet, by=5, inline=True).pk)
    assert (sheet.state, sheet.done, sheet.imported) == (State.DONE, 10, 10)
    assert [row.values["number"] for row in taker.rows] == [str(number) for number in range(1, 11)]


def test_running_twice_takes_nothing_in_twice(kind: SheetSpec, taker: Taker) -> None:
    sheet = committed(kind, *GOOD)
    sheets.run(sheet.pk)
    assert len(taker.rows) == 2
    with pytest.raises(Conflict):
        sheets.begin(sheet=sheet, by=5, inline=True)


def test_two_workers_on_one_import(kind: SheetSpec, taker: Taker) -> None:
    """The second has read the same batch, and finds it taken."""
    sheet = sheets.begin(sheet=checked(kind, *GOOD), by=5, inline=True)
    stale = SheetImport.objects.get(pk=sheet.pk)
    sheets.run(sheet.pk)
    committing._run_batch(kind, stale, [sheets.Row(2, ["1", "路灯坏了", "2020/1/5", "3", "城建"])], 999)
    assert len(taker.rows) == 2


def test_progress_is_told(kind: SheetSpec) -> None:
    told: list[tuple[int, int]] = []
    sheet = sheets.begin(sheet=checked(kind, *GOOD, *GOOD), by=5, inline=True)
    sheets.run(sheet.pk, progress=lambda done, total: told.append((done, total)))
    assert told == [(3, 4), (4, 4)]


def test_a_large_sheet_is_checked_by_a_worker(
    kind: SheetSpec, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    monkeypatch.setattr(staging, "CHECK_INLINE", 1)
    with django_capture_on_commit_callbacks(execute=True):
        sheet = checked(kind, *GOOD)
    assert sheet.state == State.CHECKING
    run_pending()
    sheet.refresh_from_db()
    assert (sheet.state, len(sheet.preview)) == (State.CHECKED, 2)


def test_cancel_forgets_the_rows(kind: SheetSpec) -> None:
    sheet = checked(kind, *GOOD)
    assert sheets.cancel(sheet=sheet, by=5).state == State.CANCELLED
    assert not rowfile.path_of(sheet.token).exists()
    with pytest.raises(Conflict):
        sheets.cancel(sheet=sheet, by=5)


@pytest.mark.parametrize("finish", [True, False])
def test_error_workbook(kind: SheetSpec, finish: bool) -> None:
    lines = [*GOOD, "3,=cmd|' /C calc'!A0,x,,"]
    sheet = committed(kind, *lines) if finish else checked(kind, *lines)
    header, rows = read_rows(io.BytesIO(sheets.error_workbook(sheet)))
    (row,) = rows
    assert header[:2] == ["留言编号", "留言主题"]
    assert row.cells[1] == "'=cmd|' /C calc'!A0"
    assert row.cells[5] == 4
    assert "公式" in str(row.cells[6])
    assert "不是日期" in str(row.cells[6])


def test_rows_are_forgotten_after_a_week(kind: SheetSpec) -> None:
    done, waiting = committed(kind, "3,,x,,"), checked(kind, *GOOD)
    assert sheets.purge_old() == 0
    with clock.at(clock.now() + timedelta(days=8)):
        assert sheets.purge_old() == 2
    done.refresh_from_db()
    waiting.refresh_from_db()
    assert (done.state, done.refused, done.errors) == (State.DONE, 1, [])
    assert (waiting.state, waiting.preview) == (State.CANCELLED, [])
    assert not SheetRefusal.objects.exists()
    with pytest.raises(DomainError):
        sheets.error_workbook(done)


def test_cells_of_every_type_come_back_from_the_row_file() -> None:
    cells = [None, "文", 1, 2.5, True, datetime(2020, 1, 5, 3, 4), date(2020, 1, 5), sheets.FORMULA, time(0, 0)]
    rowfile.write("t", [sheets.Row(2, cells)])
    ((row, _offset),) = rowfile.read("t")
    assert row.cells[:6] == cells[:6]
    assert row.cells[6] == datetime(2020, 1, 5)
    assert row.cells[7:] == cells[7:]


# The pages


@pytest.fixture
def alice(client: Client, django_user_model: Any) -> Iterator[Any]:
    user = django_user_model.objects.create(username="alice")
    client.force_login(user)
    return user


def send(client: Client, content: bytes, name: str = "a.csv") -> Any:
    return client.post("/sheets/new/test.messages/", {"file": SimpleUploadedFile(name, content)})


def test_the_whole_way_through_the_pages(
    client: Client, alice: Any, taker: Taker, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    assert client.get("/sheets/new/test.messages/").status_code == 200
    response = send(client, csv_file(*GOOD, "3,,x,,").read())
    page = response.url
    assert response.status_code == 302
    assert "核对列名" in client.get(page).content.decode()
    mapping = {"act": "map", "number": "0", "title": "1", "at": "2", "likes": "3", "label": ""}
    assert client.post(page, mapping).url == page
    content = client.get(page).content.decode()
    assert "2 行可以导入" in content
    assert "这一格是空的" in content
    assert "核对列名" in client.get(page + "?step=map").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page, {"act": "begin"}).url == page
    assert "正在导入" in client.get(page).content.decode()
    bar = client.get(page + "progress")
    assert "<progress" in bar.content.decode()
    assert "HX-Refresh" not in bar
    run_pending()
    assert client.get(page + "progress")["HX-Refresh"] == "true"
    content = client.get(page).content.decode()
    assert "已导入 2 行" in content
    assert taker.rows[0].values["label"] is None
    workbook = client.get(page + "errors.xlsx")
    assert workbook["Content-Type"].endswith("sheet")
    assert [row.number for row in read_rows(io.BytesIO(workbook.content))[1]] == [2]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"%PDF-1.7", "不是表格"),
        (b"", "空的"),
        ("编号,=1+1\n1,2\n".encode(), "公式"),
        (b"1,2,2020-1-1\n", "列名"),
    ],
)
def test_a_bad_sheet_is_refused_in_words(client: Client, alice: Any, content: bytes, word: str) -> None:
    response = send(client, content)
    assert response.status_code == 422
    assert word in response.content.decode()
    assert not SheetImport.objects.exists()


def test_wrong_columns_are_refused_at_their_field(client: Client, alice: Any) -> None:
    page = send(client, csv_file("1,2", header="甲,乙").read()).url
    response = client.post(page, {"act": "map", "title": "0"})
    assert response.status_code == 422
    assert "没有找到“留言时间”这一列" in response.content.decode()


def test_pages_fail_closed(client: Client, django_user_model: Any, alice: Any) -> None:
    page = send(client, csv_file(*GOOD).read()).url
    pages = ["/sheets/new/test.messages/", page, page + "progress", page + "errors.xlsx"]
    client.force_login(django_user_model.objects.create(username="bob"))
    client.raise_request_exception = False
    assert [client.get(one).status_code for one in pages] == [403, 404, 404, 404]
    assert [client.post(one, {"act": "begin"}).status_code for one in pages[:2]] == [403, 404]
    client.logout()
    assert {client.get(one).status_code for one in pages} == {302}
    assert client.get("/sheets/new/nothing/").status_code == 302


def test_unknown_steps_and_kinds(client: Client, alice: Any) -> None:
    page = send(client, csv_file(*GOOD).read()).url
    assert client.post(page, {"act": "explode"}).status_code == 404
    assert client.get("/sheets/new/nothing/").status_code == 404
    assert client.post(page, {"act": "begin"}).status_code == 409


def test_pages_cancel(client: Client, alice: Any) -> None:
    page = send(client, csv_file(*GOOD).read()).url
    assert client.post(page, {"act": "cancel"}).url == "/sheets/new/test.messages/"
    assert "已取消" in client.get(page).content.decode()


def test_real_messages_come_in(kind: SheetSpec, taker: Taker) -> None:
    folder = os.environ.get("GONGZHI_REAL_DATA")
    if not folder:
        pytest.skip("GONGZHI_REAL_DATA is not set")
    object.__setattr__(kind, "batch_size", 500)
    object.__setattr__(kind.column("title"), "max_length", 500)
    with (Path(folder) / "appeals/appeals_hot_issues_4326.xlsx").open("rb") as file:
        sheet = sheets.upload(spec=kind, file=file, file_name="a.xlsx", by=None)
    sheet = sheets.start_check(sheet=sheets.map_columns(sheet=sheet))
    sheet = sheets.run(sheets.begin(sheet=sheet, by=None, inline=True).pk)
    assert (sheet.imported, sheet.refused) == (4326, 0)
