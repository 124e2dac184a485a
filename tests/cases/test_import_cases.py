"""Messages from a sheet become cases with their own times, by the command and by the page; bad sheets are refused in words."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection

from gongzhi.cases import queries
from gongzhi.cases.actions.alarming import ring_due
from gongzhi.cases.importing.rows import known_sentence
from gongzhi.cases.models import Case, Reporter, Step
from gongzhi.community.actions import PlaceData, save_places
from gongzhi.kernel import audit, clock
from gongzhi.kernel.models import AuditEntry, SheetImport
from gongzhi.kernel.tasks import run_pending
from tests.cast import DISTRICT, Town

HEADER = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间"]
OPEN_ROW = ["188006", "A000102948", "路灯不亮", "2019/2/28 11:25:05", "一到晚上就看不见路，请来修一修。", "", ""]
REPLIED = [
    "2549",
    "A00045581",
    "物业管理有问题",
    "2019/4/25 9:32:09",
    "停车收费没有公示。",
    "网友您好！已经要求物业公示。",
    "2019/5/10 14:56:53",
]
AT = dt.datetime(2019, 4, 25, 1, 32, 9, tzinfo=dt.UTC)
REPLIED_AT = dt.datetime(2019, 5, 10, 6, 56, 53, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _rows_aside(settings: Any, tmp_path: Path) -> None:
    settings.GONGZHI_VAR = tmp_path / "var"


def csv_text(*rows: list[str], header: list[str] = HEADER) -> str:
    return "\n".join(",".join(row) for row in [header, *rows]) + "\n"


def write(folder: Path, *rows: list[str], suffix: str = ".csv") -> Path:
    path = folder / f"messages{suffix}"
    text = csv_text(*rows)
    if suffix == ".csv":
        path.write_text(text, "utf-8")
    elif suffix == ".csv.gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        book = xlsxwriter.Workbook(str(path))
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADER, *rows]):
            sheet.write_row(number, 0, row)
        book.close()
    return path


def run(path: Path, **options: Any) -> str:
    out = io.StringIO()
    call_command("import_cases", str(path), stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue().strip().splitlines()[-1]


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".xlsx"])
def test_messages_become_cases_with_their_own_times(town: Town, tmp_path: Path, suffix: str) -> None:
    assert run(write(tmp_path, OPEN_ROW, REPLIED, suffix=suffix)).startswith("imported=2 refused=0 known=0 rows_per_s=")
    left, ended = Case.objects.order_by("registered_at")
    assert (left.state, left.is_open, left.channel, left.place_id, left.category_id) == ("registered", True, "sheet", None, None)
    assert left.registered_at == dt.datetime(2019, 2, 28, 3, 25, 5, tzinfo=dt.UTC)
    assert left.resolve_due == left.registered_at + dt.timedelta(days=7)
    assert (ended.state, ended.outcome, ended.registered_at, ended.closed_at, ended.resolved_at) == (
        "closed", "explained", AT, REPLIED_AT, REPLIED_AT,
    )  # fmt: skip
    steps = list(
        Step.objects.filter(case=ended).order_by("seq").values_list("verb", "from_state", "to_state", "at", "by_duty", "note", "is_public")
    )
    assert steps[1] == ("import_close", "registered", "closed", REPLIED_AT, "system", REPLIED[5], True)
    assert [step[0] for step in steps] == ["register", "import_close"]
    assert queries.list_cases(town.actor("supervisor"), queries.Filters()).rows


def test_every_case_has_its_record(town: Town, tmp_path: Path) -> None:
    run(write(tmp_path, OPEN_ROW, REPLIED))
    entries = list(AuditEntry.objects.filter(object_type="cases.case").order_by("at"))
    assert [(entry.verb, entry.at) for entry in entries if entry.object_code == Case.objects.get(state="closed").code] == [
        ("case.register", AT),
        ("case.import_close", REPLIED_AT),
    ]
    assert len(entries) == 3
    assert all(audit.is_intact(entry) for entry in entries)


def test_the_name_of_a_writer_lies_encrypted_and_apart(town: Town, tmp_path: Path) -> None:
    run(write(tmp_path, OPEN_ROW))
    reporter = Reporter.objects.get()
    assert (reporter.name, reporter.user_id) == ("A000102948", None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM cases_reporter")
        assert "A000102948" not in cursor.fetchone()[0]
    assert "A000102948" not in str(Case.objects.values().get())


def test_nothing_rings_for_what_is_long_past(town: Town, tmp_path: Path) -> None:
    run(write(tmp_path, OPEN_ROW, REPLIED))
    assert ring_due() == 0
    left = Case.objects.get(is_open=True)
    assert (left.next_due, left.is_late) == (None, True)


def test_a_recent_message_still_rings(town: Town, tmp_path: Path) -> None:
    now = dt.datetime(2019, 3, 1, tzinfo=dt.UTC)
    with clock.at(now):
        run(write(tmp_path, OPEN_ROW))
    left = Case.objects.get()
    assert not left.is_late
    assert left.next_due is not None
    assert now < left.next_due < left.registered_at + dt.timedelta(days=7)


def test_importing_again_doubles_nothing(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path, OPEN_ROW, REPLIED, OPEN_ROW)
    assert run(path).startswith("imported=2 refused=0 known=1 ")
    assert run(path).startswith("imported=0 refused=0 known=3 ")
    assert Case.objects.count() == 2


def test_another_site_may_use_the_same_number(town: Town, tmp_path: Path) -> None:
    run(write(tmp_path, OPEN_ROW))
    assert run(write(tmp_path, [*OPEN_ROW[:4], "另一个网站的另一件事。", "", ""])).startswith("imported=1 ")


def test_a_bad_row_costs_only_itself(town: Town, tmp_path: Path) -> None:
    bad = [
        [*OPEN_ROW[:3], "1899-12-30", "日期坏了", "", ""],
        [*OPEN_ROW[:4], "=HYPERLINK(1)", "", ""],
        [*OPEN_ROW[:4], "没写答复时间", "已办。", ""],
        [*OPEN_ROW[:4], "答复在前", "已办。", "2018-01-01"],
        [*OPEN_ROW[:3], "2090-01-01", "还没发生", "", ""],
        [*OPEN_ROW[:4], "", "", ""],
    ]
    assert run(write(tmp_path, *bad, REPLIED)).startswith("imported=1 refused=6 known=0 ")
    reasons = SheetImport.objects.get().refusals.order_by("row").values_list("reason", flat=True)
    assert [next(word for word in ("太早", "公式", "没有答复时间", "还早", "没有到", "空的") if word in reason) for reason in reasons] == [
        "太早", "公式", "没有答复时间", "还早", "没有到", "空的",
    ]  # fmt: skip


def test_the_clerk_who_imports_is_named_and_sees_the_messages(town: Town, tmp_path: Path) -> None:
    run(write(tmp_path, OPEN_ROW), by="dispatcher")
    case = Case.objects.get()
    assert case.opened_by == town.users["dispatcher"]
    assert Step.objects.get().by_body == town.bodies["street"]
    assert queries.get_case(town.actor("dispatcher"), case.code) == case
    with pytest.raises(CommandError):
        run(write(tmp_path, REPLIED), by="resident")


def test_without_a_post_the_only_district_receives_them(town: Town, tmp_path: Path) -> None:
    save_places(rows=[PlaceData("district", "990001", "回放城区")], by=None)
    run(write(tmp_path, OPEN_ROW))
    assert Case.objects.get().district == town.places[DISTRICT]
    save_places(rows=[PlaceData("district", "530303", "沾益区")], by=None)
    run(write(tmp_path, REPLIED))
    assert Case.objects.get(state="closed").district is None
    with pytest.raises(CommandError, match="区域代码"):
        run(write(tmp_path, REPLIED), place="12")


def bomb() -> bytes:
    """A workbook of half a megabyte whose one sheet unpacks to 500 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _number in range(500):
                sheet.write(b" " * 1_000_000)
    return packed.getvalue()


BAD_SHEETS = [
    (b"a,b,c\n1,2,3\n", "没有找到"),
    ((csv_text(OPEN_ROW, header=["=1+1", *HEADER[1:]])).encode(), "公式"),
    (b"", "空的"),
    (b"%PDF-1.7", "不是表格"),
]


@pytest.mark.parametrize(("content", "words"), BAD_SHEETS)
def test_the_command_refuses_bad_sheets_in_words(town: Town, tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=words):
        run(path)
    assert not Case.objects.exists()


def test_the_command_refuses_a_bomb(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(bomb())
    with pytest.raises(CommandError, match="解开后超过"):
        run(path)


def upload(town: Town, content: bytes, name: str = "messages.csv") -> Any:
    client = town.client("clerk")
    answer = client.post("/sheets/new/cases.messages/", {"file": SimpleUploadedFile(name, content)})
    return client, answer


def test_the_page_does_the_same(town: Town, django_capture_on_commit_callbacks: Any) -> None:
    client, answer = upload(town, csv_text(OPEN_ROW, REPLIED, [*OPEN_ROW[:3], "1899-12-30", "坏日期", "", ""]).encode())
    url = answer.headers["Location"]
    sheet = SheetImport.objects.get()
    mapped = client.post(url, {"act": "map", **{key: str(at) for key, at in sheet.mapping.items()}})
    assert mapped.status_code == 302, mapped.content.decode()
    page = client.get(url).content.decode()
    assert "太早" in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"act": "begin"})
    run_pending()
    sheet.refresh_from_db()
    assert (sheet.state, sheet.imported, sheet.refused) == ("done", 2, 1)
    assert sorted(Case.objects.values_list("state", "opened_by__username")) == [("closed", "clerk"), ("registered", "clerk")]
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(("content", "words"), BAD_SHEETS[1:])
def test_the_page_refuses_bad_sheets_in_words(town: Town, content: bytes, words: str) -> None:
    _client, answer = upload(town, content)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page


def test_the_page_names_the_column_that_is_missing(town: Town) -> None:
    client, answer = upload(town, BAD_SHEETS[0][0])
    refused = client.post(answer.headers["Location"], {"act": "map"})
    assert refused.status_code == 422
    assert "留言主题" in refused.content.decode()


def test_the_page_refuses_a_bomb(town: Town) -> None:
    _client, answer = upload(town, bomb(), "bomb.xlsx")
    assert answer.status_code == 422
    assert "解开后超过" in answer.content.decode()


@pytest.mark.parametrize("name", ["resident", "handler", "operator"])
def test_who_has_no_desk_may_not_import(town: Town, name: str) -> None:
    assert town.client(name).get("/sheets/new/cases.messages/").status_code == 403


def test_the_desk_leads_to_the_page(town: Town) -> None:
    assert "/sheets/new/cases.messages/" in town.client("clerk").get("/desk/import/", follow=True).redirect_chain[-1][0]


REAL = [("appeals_hot_issues_4326.xlsx", 4326, "registered"), ("appeals_with_replies_2816.xlsx", 2816, "closed")]


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "count", "state"), REAL)
def test_real_messages(town: Town, real_data: Path, name: str, count: int, state: str) -> None:
    assert run(real_data / "appeals" / name).startswith(f"imported={count} refused=0 known=0 ")
    assert Case.objects.filter(state=state, channel="sheet", place=None, district__code=DISTRICT).count() == count
    assert run(real_data / "appeals" / name).startswith(f"imported=0 refused=0 known={count} ")
    if state == "closed":
        delays = sorted((case.closed_at - case.registered_at).total_seconds() / 86400 for case in Case.objects.all() if case.closed_at)
        assert (round(delays[count // 2], 1), round(delays[int(count * 0.9)], 1)) == (11.2, 41.0)
    assert known_sentence() in SheetImport.objects.latest("id").refusals.values_list("reason", flat=True)
