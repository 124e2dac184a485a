"""A holiday notice: taken in by sheet, promised times follow it, and the page says what is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from gongzhi.cases.actions.holidays import follow_calendar
from gongzhi.cases.models import Step, TermRule
from gongzhi.kernel import caches, clock
from gongzhi.kernel.models import AuditEntry, CalendarDay
from gongzhi.kernel.tasks import run_pending
from gongzhi.kernel.workdays import load_calendar
from tests.cast import Town

pytestmark = pytest.mark.django_db
HEAD = "日期,上班或放假,节日\n"


def notice(folder: Path, *lines: str, name: str = "notice.csv") -> Path:
    path = folder / name
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def told(path: Path) -> str:
    out = StringIO()
    call_command("import_calendar", str(path), stdout=out, stderr=StringIO())
    return out.getvalue().strip()


@pytest.fixture
def working(town: Town) -> Town:
    """Five working days for everything, and a calendar in which the next year is only assumed."""
    TermRule.objects.filter(clock="resolve").update(amount=5, unit="working_days")
    assumed = clock.today().replace(year=clock.today().year + 1, month=1, day=1)
    CalendarDay.objects.create(date=assumed, is_workday=False, name="元旦", source="推算")
    caches.touch("catalogue", "calendar")
    return town


def next_workday(after: dt.date) -> dt.date:
    day = after + dt.timedelta(days=1)
    while not load_calendar().is_workday(day):
        day += dt.timedelta(days=1)
    return day


def test_a_notice_moves_promises_later_and_says_so(working: Town, tmp_path: Path) -> None:
    case, other = working.case(), working.drive(working.case(), "reported")
    before = case.resolve_due
    assert before
    off = next_workday(clock.today())
    assert told(notice(tmp_path, f"{off},放假,调休")) == "days=1 refused=0 moved=1"
    moved = working.fresh(case)
    assert moved.resolve_due
    assert moved.resolve_due > before
    step = Step.objects.get(case=case, verb="recompute")
    assert step.data["due"] == [before.isoformat(), moved.resolve_due.isoformat()]
    assert working.fresh(other).resolve_due == other.resolve_due
    assert off.year in load_calendar().confirmed_years
    assert follow_calendar() == 0
    assert AuditEntry.objects.get(verb="calendar.notice").facts["days"] == 1


def test_more_working_time_never_moves_a_promise_earlier(working: Town, tmp_path: Path) -> None:
    case = working.case()
    saturday = clock.today() + dt.timedelta(days=(5 - clock.today().weekday()) % 7 or 7)
    assert told(notice(tmp_path, f"{saturday},上班,调休上班")).endswith("moved=0")
    assert working.fresh(case).resolve_due == case.resolve_due
    assert load_calendar().is_workday(saturday)


def test_a_notice_replaces_what_was_assumed_for_its_year(working: Town, tmp_path: Path) -> None:
    year = clock.today().year + 1
    assert not load_calendar().is_confirmed(dt.date(year, 5, 1))
    told(notice(tmp_path, f"{year}-01-02,放假,元旦", f"{year}-01-04,上班,补班"))
    rows = CalendarDay.objects.filter(date__year=year)
    assert {(row.date.isoformat(), row.is_workday, row.is_confirmed) for row in rows} == {
        (f"{year}-01-02", False, True),
        (f"{year}-01-04", True, True),
    }
    assert load_calendar().is_confirmed(dt.date(year, 5, 1))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1899-12-30,放假,x", "太早"),
        ("1999-01-01,放假,x", "核对年份"),
        ("2099-01-01,放假,x", "核对年份"),
        ("春节,放假,x", "不是日期"),
        ("2026-02-17,也许,x", "可选范围"),
        ("2026-02-17,,x", "是空的"),
    ],
)
def test_a_bad_row_is_refused_in_words_and_changes_nothing(working: Town, tmp_path: Path, line: str, said: str) -> None:
    err, before = StringIO(), CalendarDay.objects.count()
    call_command("import_calendar", str(notice(tmp_path, line)), stdout=StringIO(), stderr=err)
    assert said in err.getvalue()
    assert CalendarDay.objects.count() == before


def test_days_that_contradict_each_other_are_refused(working: Town, tmp_path: Path) -> None:
    assert told(notice(tmp_path, "2026-02-17,放假,春节", "2026-02-17,上班,春节")).startswith("days=1 refused=1")
    assert not load_calendar().is_workday(dt.date(2026, 2, 17))


def test_a_sheet_without_the_columns_is_refused(working: Town, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(CommandError, match="日期"):
        call_command("import_calendar", str(path))


@pytest.mark.parametrize(("name", "status"), [("supervisor", 200), ("dispatcher", 403), ("resident", 403)])
def test_the_page_is_for_who_keeps_or_watches_it(working: Town, name: str, status: int) -> None:
    assert Client().get("/desk/calendar/").status_code == 302
    answer = working.client(name).get("/desk/calendar/")
    assert answer.status_code == status
    assert b"sheets" not in answer.content


def test_the_page_says_what_is_known(working: Town, tmp_path: Path) -> None:
    year = clock.today().year + 1
    page = f"/desk/calendar/?year={year}"
    supervisor = working.client("supervisor")
    assert "还没有导入" in supervisor.get(page).content.decode()
    told(notice(tmp_path, f"{year}-01-02,放假,元旦"))
    said = supervisor.get(page).content.decode()
    assert "按国务院放假通知" in said
    assert f"{year}-01-02" in said
    assert supervisor.get("/desk/calendar/?year=99999999999").status_code == 200


def test_through_the_pages_the_worker_moves_the_promises(
    working: Town, tmp_path: Path, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    case = working.case()
    off = next_workday(clock.today())
    operator = working.client("operator")
    assert working.client("supervisor").get("/sheets/new/cases.calendar/").status_code == 403
    with notice(tmp_path, f"{off},放假,调休").open("rb") as file:
        page = operator.post("/sheets/new/cases.calendar/", {"file": file}).headers["Location"]
    operator.post(page, {"act": "map", "date": "0", "is_workday": "1", "name": "2", "source": ""})
    assert "1 行可以导入" in operator.get(page).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        operator.post(page, {"act": "begin"})
    with django_capture_on_commit_callbacks(execute=True):
        run_pending()
    run_pending()
    moved = working.fresh(case)
    assert moved.resolve_due
    assert case.resolve_due
    assert moved.resolve_due > case.resolve_due
    assert "/sheets/new/cases.calendar/" in operator.get("/desk/calendar/").content.decode()
