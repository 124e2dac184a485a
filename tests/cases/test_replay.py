"""A small city replayed: located, dispatched, due, closed, compared; single acts and bulk leave the same rows."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Q

from gongzhi.cases.actions.figures import fold_figures, recount
from gongzhi.cases.models import Case, Category, DayFigure, OpenFigure, Step
from gongzhi.cases.replay.running import HOLIDAYS, compare, first_half, replay, second_half, seen
from gongzhi.cases.replay.source import ZONE, Request, read_requests
from gongzhi.cases.replay.terms import is_right, learn, predict
from gongzhi.kernel import audit
from gongzhi.kernel.models import AuditEntry
from tests.cases.test_bulk import rows_of
from tests.cast import square

HEADER = (
    "case_enquiry_id,open_dt,target_dt,closed_dt,ontime,case_title,reason,type,queue,department,closure_reason,latitude,longitude,source"
)
POTHOLE = "Pothole,Roads,Pothole,Q North,PW,Filled"
LIGHT = "Light out,Lights,Light,Q Lights,PW,"
RATS = "Rats,Health,Rodents,Q Rats,ISD,Baited"
EAST, WEST, UNKNOWN, FAR = "42.05,-71.05", "42.05,-71.15", "42.3594,-71.0587", "40.0,-70.0"


def july(text: str) -> str:
    """The moment of July 2011 that "5 10:00" means, as the file writes it; nothing stays nothing."""
    day, _space, time = text.partition(" ")
    return f"2011-07-{int(day):02d} {time}:00" if text else ""


def row(number: int, opened: str, due: str, closed: str, rest: str) -> str:
    return ",".join([str(number), july(opened), july(due), july(closed), rest])


ROWS = [
    row(1, "1 10:00", "5 10:00", "4 09:00", f"ONTIME,{POTHOLE},{EAST},Constituent Call"),
    row(2, "5 11:00", "7 11:00", "7 11:01", f"OVERDUE,{POTHOLE},{WEST},Self Service"),
    row(3, "5 12:00", "7 12:00", "27 12:00", f"OVERDUE,{LIGHT},{EAST},Employee Generated"),  # late for long: alarms ring on the way
    row(4, "6 12:00", "8 12:00", "", f"OVERDUE,{LIGHT},{EAST},Citizens Connect App"),  # still open
    row(5, "6 13:00", "8 13:00", "8 13:00", f"ONTIME,{RATS},{UNKNOWN},Maximo Integration"),  # done at the last moment
    row(6, "7 13:00", "11 13:00", "8 13:00", f"ONTIME,{RATS},{FAR},Constituent Call"),  # outside every polygon
    row(7, "8 13:00", "12 13:00", "12 14:00", f",{POTHOLE},{EAST},Constituent Call"),  # the file does not say that it was late
    row(8, "9 13:00", "", "12 14:00", f"ONTIME,{POTHOLE},{EAST},Constituent Call"),  # nothing was promised
]
LINE = "replayed=8 located=6 not_located=2 on_time_agree=5/5 due_predicted=1/3 rows_per_s="


@pytest.fixture
def city(tmp_path: Path) -> tuple[Path, Path]:
    file = tmp_path / "requests.csv.gz"
    file.write_bytes(gzip.compress("\n".join([HEADER, *ROWS]).encode()))
    polygons = [("East", square(-71.1, 42, 0.1, 0.1)), ("West", square(-71.2, 42, 0.1, 0.1))]
    features = [
        {"type": "Feature", "properties": {"id": n, "neighborhood": name}, "geometry": one} for n, (name, one) in enumerate(polygons)
    ]
    boundaries = tmp_path / "polygons.geojson"
    boundaries.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return file, boundaries


def run(city: tuple[Path, Path], **options: Any) -> str:
    out = io.StringIO()
    call_command("replay_requests", str(city[0]), boundaries=city[1], stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue().strip().splitlines()[-1]


def case(number: int) -> Case:
    return Case.objects.get(outside_key=f"replay:{number}")


@pytest.mark.django_db
@pytest.mark.parametrize("each", [1, 3, 100])
def test_every_request_is_located_dispatched_due_and_closed(city: tuple[Path, Path], each: int) -> None:
    assert run(city, each=each).startswith(LINE)
    closed = case(1)
    assert closed.grid is not None
    assert (closed.state, closed.grid.name, closed.channel) == ("closed", "East", "phone")
    assert closed.body is not None
    assert closed.body.parent is not None
    assert (closed.body.name, closed.body.parent.name) == ("Q North", "PW")
    assert closed.registered_at == dt.datetime(2011, 7, 1, 14, tzinfo=dt.UTC)
    assert closed.resolve_due == dt.datetime(2011, 7, 5, 14, tzinfo=dt.UTC)
    assert closed.closed_at == closed.resolved_at == dt.datetime(2011, 7, 4, 13, tzinfo=dt.UTC)
    assert [step.verb for step in closed.steps.all()] == ["register", "accept", "dispatch", "take", "report_done", "pass_check", "close"]
    assert (case(4).state, case(4).is_late, case(4).alarm_level, case(4).next_due) == ("in_hand", True, "district", None)
    assert [case(number).is_located for number in (5, 6)] == [False, False]
    assert case(8).resolve_due == case(8).registered_at + dt.timedelta(days=15)
    assert not Category.objects.filter(code__startswith="replay", is_active=True).exists()


@pytest.mark.django_db
def test_single_acts_and_bulk_leave_the_same_rows(city: tuple[Path, Path]) -> None:
    requests = list(read_requests(city[0]))
    twins = [Request(**{**{name: getattr(one, name) for name in Request.__slots__}, "number": f"twin{one.number}"}) for one in requests]
    replay(requests, city[1], each=1)
    replay(twins, city[1], each=100)
    fold_figures()
    first = Case.objects.get(outside_key="replay:twin1")
    assert Step.objects.filter(case=first).count() == 7
    for number in range(2, 9):
        acted, built = rows_of(case(number)), rows_of(Case.objects.get(outside_key=f"replay:twin{number}"))
        for rows in (acted, built):
            rows["case"][0].pop("outside_key")
        assert built == acted
    assert "escalate" in Step.objects.filter(case=case(3)).values_list("verb", flat=True)
    assert all(audit.is_intact(entry) for entry in AuditEntry.objects.filter(object_type="cases.case"))


@pytest.mark.django_db
def test_figures_count_the_replay_as_the_comparison_does(city: tuple[Path, Path]) -> None:
    run(city)
    fold_figures()
    assert dict(OpenFigure.objects.exclude(count=0).values_list("key", "count")) == recount()
    whole = DayFigure.objects.filter(Q(place=None) | Q(place__kind="district"), what="closed_in_time")
    in_time = sum(whole.values_list("count", flat=True))
    assert in_time == sum(
        one.resolved_at <= one.resolve_due for one in Case.objects.exclude(closed_at=None) if one.resolved_at and one.resolve_due
    )


@pytest.mark.django_db
def test_a_second_run_adds_nothing(city: tuple[Path, Path]) -> None:
    assert [run(city).split(" rows")[0], run(city).split(" rows")[0]] == [LINE.removesuffix(" rows_per_s=")] * 2
    assert Case.objects.count() == 8


@pytest.mark.django_db
@pytest.mark.parametrize("minutes", [60, -60])
def test_a_clock_wrong_by_an_hour_turns_both_red(city: tuple[Path, Path], minutes: int) -> None:
    line = run(city, shift_minutes=minutes)
    assert "on_time_agree=4/5 " in line
    assert "due_predicted=0/3 " in line


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["id,open_dt", "1,2011-07-05 10:00:00"], "case_enquiry_id"),
        ([HEADER, ROWS[0].replace(july("1 10:00"), "")], "第 2 行.*open_dt"),
        ([HEADER, ROWS[0].replace(july("4 09:00"), july("1 09:00"))], "第 2 行.*closed_dt"),
        ([HEADER, ROWS[0].replace(july("1 10:00"), "yesterday")], "第 2 行.*不是日期"),
    ],
)
def test_a_wrong_file_is_refused_in_words(city: tuple[Path, Path], lines: list[str], words: str) -> None:
    city[0].write_text("\n".join(lines))
    with pytest.raises(CommandError, match=words):
        run(city)
    assert not Case.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["{}", "not json", '{"features": [{"geometry": null}]}'])
def test_wrong_boundaries_are_refused_in_words(city: tuple[Path, Path], text: str) -> None:
    city[1].write_text(text)
    with pytest.raises(CommandError, match="边界"):
        run(city)


@pytest.fixture(scope="session")
def boston(real_data: Path) -> list[Request]:
    return list(read_requests(real_data / "requests" / "boston_2011_58251.csv.gz"))


@pytest.mark.real_data
def test_learned_terms_predict_the_second_half(boston: list[Request]) -> None:
    learned = learn(seen(first_half(boston)), ZONE, HOLIDAYS)
    later = [one for one in second_half(boston) if one.due]
    assert len(later) == 22_787
    for hours, low, high in ((0, 0.99, 1.0), (1, 0, 0.9), (-1, 0, 0.9)):
        shift = dt.timedelta(hours=hours)
        due = [(predict(learned, one.kind, one.opened), one.due) for one in later]
        right = sum(predicted is not None and known is not None and is_right(predicted + shift, known) for predicted, known in due)
        assert low <= right / len(later) <= high
    assert (learned.opens, learned.closes, learned.holidays) == (dt.time(8, 30), dt.time(17), ())


@pytest.mark.real_data
@pytest.mark.django_db
def test_real_requests_agree_with_the_file(boston: list[Request], real_data: Path) -> None:
    every = boston[::6]
    replay(every, real_data / "boundaries" / "boston_neighbourhoods_24.geojson")
    found = compare(every)
    assert found.replayed == len(every)
    assert found.said == sum(one.said_on_time is not None for one in every if one.due and one.closed) > 7000
    assert found.agree == found.said
    assert found.blank_late == found.blank > 10
    placed = sum(one.point is not None for one in every)
    assert placed * 0.99 <= found.located <= placed
    wrong = compare(every, shift=dt.timedelta(hours=1))
    assert wrong.agree < wrong.said
