"""Who reported: how they are told, what staff may open, and what a post limited to categories sees."""

from __future__ import annotations

import datetime as dt

import pytest

from gongzhi.cases import actions, rules
from gongzhi.cases.actions.intake import Contact
from gongzhi.cases.actions.moves import TOLD_BY_PHONE
from gongzhi.cases.models import Case, Look, Reporter, TermRule
from gongzhi.cases.queries import Filters, list_cases
from gongzhi.community.actions import give_post
from gongzhi.kernel import caches, clock
from gongzhi.kernel.notices import Notice, deliver_due
from tests.cast import STREET, Town

pytestmark = pytest.mark.django_db
PHONE = "13912345678"


def phoned(town: Town, **more: object) -> Case:
    """Entered at the desk for a caller who has no account."""
    return town.case("clerk", channel=Case.Channel.PHONE, on_behalf=True, contact=Contact("张三", PHONE), **more)


def test_a_caller_without_an_account_is_told_by_telephone(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    case = town.drive(phoned(town), "closed")
    told = list(Notice.objects.filter(recipient=None).order_by("id"))
    assert [notice.params["verb"] for notice in told] == ["dispatch", "close"]
    assert {notice.address for notice in told} == {PHONE}
    assert PHONE not in "".join(notice.key for notice in told)
    deliver_due()
    said = capsys.readouterr().out
    assert case.code in said
    assert "已办结" in said
    assert "路灯" not in said


def test_a_caller_hears_of_a_merge_and_of_the_case_it_went_into(town: Town) -> None:
    case, into = phoned(town), town.drive(town.case("neighbour"), "in_hand")
    actions.merge(case=case, into=into, by=town.actor("dispatcher"), reason="同一盏灯")
    for step in (actions.report_done, actions.pass_check, actions.close_case):
        more = {"outcome": "solved", "note": "好了"} if step is actions.report_done else {}
        step(case=town.fresh(into), by=town.actor("handler" if more else "checker"), **more)  # type: ignore[operator]
    told = Notice.objects.filter(recipient=None).order_by("id")
    assert [(notice.object_id, notice.params["verb"]) for notice in told] == [(case.pk, "merge"), (into.pk, "close")]


def test_nobody_is_telephoned_who_is_anonymous_or_has_an_account(town: Town) -> None:
    town.drive(phoned(town, is_anonymous=True), "dispatched")
    town.drive(town.case("resident", contact=Contact("李四", PHONE)), "dispatched")
    assert not Notice.objects.filter(recipient=None).exists()
    assert "dispatch" in TOLD_BY_PHONE


def test_the_account_of_a_signed_in_reporter_is_what_is_opened(town: Town) -> None:
    user = town.users["resident"]
    user.phone = PHONE
    user.save()
    case = town.drive(town.case("resident"), "in_hand")
    row = Reporter.objects.get(case=case)
    assert (row.name, row.phone) == ("", "")
    found = actions.reveal_reporter(case=case, reporter_id=row.pk, by=town.actor("handler"), purpose="约时间上门")
    assert (found.name, found.phone) == ("resident的姓名", PHONE)
    assert Look.objects.get().by_id == town.users["handler"].pk


@pytest.mark.parametrize(("limit", "sees"), [("public", 1), ("lamp", 1), ("pothole", 0), ("noise", 0), ("no-such", 0)])
def test_a_post_limited_to_a_category_sees_what_is_under_it(town: Town, limit: str, sees: int) -> None:
    case = town.case()
    user = town.users["neighbour"]
    give_post(
        user_id=user.pk, role="dispatcher", body=town.bodies["street"], place=town.places[STREET], by=None, categories=(limit,),
        starts_on=clock.today() - dt.timedelta(days=1),
    )  # fmt: skip
    by = town.actor("neighbour")
    assert len(list_cases(by, Filters()).rows) == sees
    assert Case.objects.visible_to(by).filter(pk=case.pk).count() == sees
    assert bool(rules.duties(by, case)) == bool(sees)


def test_a_promise_says_what_is_not_certain_about_it(town: Town) -> None:
    case = town.case()
    default, holidays = "平台默认", "放假安排还没有公布"
    pages = [(town.client("resident"), f"/cases/{case.code}/"), (town.client("dispatcher"), f"/desk/cases/{case.code}/")]
    for client, path in pages:
        said = client.get(path).content.decode()
        assert default in said
        assert holidays not in said
    TermRule.objects.update(is_confirmed=True)
    Case.objects.filter(pk=case.pk).update(resolve_unit="working_days", resolve_due=dt.datetime(2039, 3, 1, tzinfo=dt.UTC))
    caches.touch("catalogue")
    for client, path in pages:
        said = client.get(path).content.decode()
        assert default not in said
        assert f"2039年的{holidays}" in said
