"""The pages of a whistle: who sees it and who cannot tell that it is there, what can be done from it, and what it costs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongzhi.kernel import clock
from gongzhi.whistles import actions
from gongzhi.whistles.models import Duty, Summons, Whistle
from gongzhi.whistles.views.printing import data_of
from tests.cast import IN_GRID, Town
from tests.whistles.test_flow import blown, summons

pytestmark = pytest.mark.django_db
SEES = ("dispatcher", "handler_2", "water_handler", "adjudicator", "leader", "supervisor", "approver")
CANNOT = ("handler", "steward", "other_dispatcher", "other_supervisor", "mediator", "caller")
OUTSIDE = ("resident", "neighbour")


def address(whistle: Whistle, name: str = "show", *more: Any) -> str:
    return reverse(f"whistles:{name}", args=[whistle.code, *more])


def test_who_sees_it_and_who_cannot_tell(town: Town) -> None:
    whistle = blown(town)
    nowhere = address(whistle).replace(whistle.code, "CS-AAA-AAAA-AAAA")
    for name in SEES:
        client = town.client(name)
        assert client.get(address(whistle)).status_code == 200, name
        assert whistle.code in client.get("/whistles/?tab=all").content.decode(), name
    for name in (*CANNOT, *OUTSIDE):
        client = town.client(name)
        assert client.get(address(whistle)).status_code == client.get(nowhere).status_code, name
        assert client.get(address(whistle, "record")).status_code == client.get(nowhere + "record.pdf").status_code, name
        assert whistle.code not in client.get("/whistles/?tab=all").content.decode(), name
        for path in (address(whistle, "act", "end"), address(whistle, "coming_act", whistle.summons.all()[0].pk, "answer")):
            assert client.post(path).status_code in (403, 404), name
    assert town.client("other_supervisor").get(address(whistle)).status_code == 404


def test_a_department_reads_the_matter_and_not_who_complained(town: Town) -> None:
    case = town.case(description="楼上的张三又占道")
    case = town.drive(case, "in_hand")
    whistle = actions.blow(
        case=case, by=town.actor("dispatcher"), kind="joint", matter="夜市占道", bodies=[town.bodies["water"]],
        be_there_at=clock.now() + dt.timedelta(hours=1),
    )  # fmt: skip
    page = town.client("water_handler").get(address(whistle)).content.decode()
    assert "夜市占道" in page
    assert "张三" not in page
    assert "resident的姓名" not in page
    assert case.code not in page


def test_answer_and_arrive_from_the_page(town: Town) -> None:
    whistle = blown(town, "roads")
    called = summons(whistle, town.bodies["roads"])
    client = town.client("handler_2")
    page = client.get(address(whistle)).content.decode()
    assert address(whistle, "coming_act", called.pk, "answer") in page
    assert address(whistle, "coming_act", called.pk, "rule_not") not in page
    prefix = f"answer-{called.pk}"
    sent = client.post(address(whistle, "coming_act", called.pk, "answer"), {f"{prefix}-note": "这就来"}, follow=True)
    assert "已响应，请按时到场" in sent.content.decode()
    nowhere = client.post(address(whistle, "coming_act", called.pk, "arrive"), {f"arrive-{called.pk}-note": "到了，在门口"})
    assert nowhere.status_code == 422
    assert "到了，在门口" in nowhere.content.decode(), "nothing typed is lost"
    lng, lat = IN_GRID
    client.post(address(whistle, "coming_act", called.pk, "arrive"), {f"arrive-{called.pk}-lng": lng, f"arrive-{called.pk}-lat": lat})
    assert summons(whistle, town.bodies["roads"]).state == "on_site"


def test_an_act_on_what_somebody_else_moved_is_told(town: Town) -> None:
    whistle = blown(town)
    client = town.client("dispatcher")
    old = whistle.version
    actions.answer(summons=summons(whistle, town.bodies["roads"]), by=town.actor("handler_2"))
    sent = client.post(address(whistle, "act", "raise_up"), {"raise_up-version": old, "raise_up-reason": "两家都没有钱"})
    assert sent.status_code == 409
    assert "两家都没有钱" in sent.content.decode()


def test_blow_from_the_case(town: Town) -> None:
    case = town.drive(town.case(), "in_hand")
    client = town.client("dispatcher")
    start = reverse("whistles:new", args=[case.code])
    assert start in client.get(reverse("cases:desk_case", args=[case.code])).content.decode()
    assert client.get(start).status_code == 200
    missing = client.post(start, {"matter": "来看看"})
    assert missing.status_code == 422
    assert "来看看" in missing.content.decode()
    when = (clock.now() + dt.timedelta(hours=8 + 2)).strftime("%Y-%m-%dT%H:%M")
    form = {"kind": "joint", "matter": "来看看", "bodies": [town.bodies["water"].pk, town.bodies["roads"].pk], "be_there_at": when}
    sent = client.post(start, form, follow=True)
    assert "已吹哨" in sent.content.decode()
    assert Summons.objects.count() == 2
    assert Whistle.objects.get().where == "麒麟路1号"
    assert town.client("handler").get(reverse("cases:desk_case", args=[case.code])).status_code == 200
    assert town.client("neighbour").get(start).status_code in (403, 404)


def test_what_waits_for_us(town: Town) -> None:
    whistle = blown(town, "roads")
    assert whistle.code in town.client("handler_2").get("/whistles/?tab=mine").content.decode()
    assert whistle.code not in town.client("dispatcher").get("/whistles/?tab=mine").content.decode()
    actions.dispute(summons=summons(whistle, town.bodies["roads"]), by=town.actor("handler_2"), reason="不归", ground="第 1 项")
    assert whistle.code in town.client("adjudicator").get("/whistles/?tab=disputed").content.decode()


def test_no_more_queries_for_more_rows(town: Town) -> None:
    whistle = blown(town, "roads")
    client = town.client("dispatcher")

    def cost(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    one = [cost(address(whistle)), cost("/whistles/?tab=all")]
    actions.call_more(
        whistle=Whistle.objects.select_related("case").get(), by=town.actor("dispatcher"), reason="还要两家",
        bodies=[town.bodies["water"], town.bodies["lighting"]], be_there_at=clock.now() + dt.timedelta(hours=1),
    )  # fmt: skip
    for name in ("roads", "water", "lighting"):
        Duty.objects.create(whistle=whistle, body=town.bodies[name], words="清理", due_at=clock.now())
    for _ in range(2):
        blown(town, "water")
    assert [cost(address(whistle)), cost("/whistles/?tab=all")] == one


def test_the_record_as_a_paper(town: Town) -> None:
    whistle = blown(town, "roads", "water")
    paper = data_of(Whistle.objects.select_related("case", "caller").get(pk=whistle.pk))
    assert [row[0] for row in paper["departments"]] == ["区城市管理局", "区水务局"]
    answer = town.client("dispatcher").get(address(whistle, "record"))
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
