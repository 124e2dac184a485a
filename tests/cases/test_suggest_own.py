"""Learning from the site's own closed cases: what teaches, what is suggested then, what is kept, and that nobody stands in the file."""

from __future__ import annotations

import datetime as dt
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from pytest_django.fixtures import Settings

from gongzhi.cases import actions, suggesting, tasks
from gongzhi.cases.models import Case, Category, Reporter, SpotCheck, Step
from gongzhi.cases.suggest import Model, own, store
from gongzhi.cases.suggest.training import Report, Row, train
from gongzhi.kernel import caches, clock
from gongzhi.kernel.tasks import run_pending
from tests.cases.test_suggest import nonsense
from tests.cast import Town

WHERE = ("东门", "西门", "南门", "北门", "学校门口", "菜市场旁", "公交站边", "巷子里", "桥头", "河边", "小区门口", "医院对面")
POTHOLE = ("{}的路面塌了一个大洞，电动车骑过去很危险", "{}马路上坑坑洼洼，下雨积水，老人容易摔跤", "{}柏油开裂，车轮一压就颠")
NOISE = ("{}楼上半夜拖桌椅，孩子睡不着觉", "{}隔壁天天深夜唱歌，吵得睡不好", "{}邻居装修电钻声太响，中午也不停")
UNKNOWN = ("桥头路面坑洼开裂，骑车很危险", "隔壁深夜唱歌，吵得孩子睡不着")


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.GONGZHI_VAR = tmp_path


def closed(town: Town, texts: dict[str, list[str]], **more: Any) -> None:
    """Closed cases with a step of the checker, written at once: acting them out one by one is tested below."""
    now, first = clock.now(), Case.objects.count()
    plan = [(code, text) for code, of_code in texts.items() for text in of_code]
    cases = Case.objects.bulk_create(
        Case(
            code=f"T-{first + at}", state="closed", is_open=False, channel="phone", category=town.categories[code], description=text,
            registered_at=now, updated_at=now, clock_from=now, closed_at=now, **more,
        )
        for at, (code, text) in enumerate(plan)
    )  # fmt: skip
    Step.objects.bulk_create(Step(case=case, seq=1, verb="pass_check", to_state="checked", at=now) for case in cases)


def usual() -> dict[str, list[str]]:
    return {code: [text.format(where) for text in texts for where in WHERE] for code, texts in (("pothole", POTHOLE), ("noise", NOISE))}


def suggested(town: Town, text: str, who: str = "resident") -> str:
    return town.client(who).get(reverse("cases:suggest"), {"description": text}).content.decode()


def codes(text: str) -> list[str]:
    return [chip.value for chip in suggesting.chips(text)]


def test_own_cases_teach_what_the_keywords_do_not_know(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    closed(town, usual())
    assert [codes(text) for text in UNKNOWN] == [[], []]
    call_command("train_categories", "--own")
    said = capsys.readouterr().out
    assert "rows=72 macro_f1=" in said
    assert "labels=2 taken=1" in said
    assert [codes(text) for text in UNKNOWN] == [["pothole"], ["noise"]]
    for who in ("resident", "dispatcher"):
        assert 'data-value="pothole"' in suggested(town, UNKNOWN[0], who)
    strings = nonsense([text for texts in usual().values() for text in texts])
    assert sum(not codes(text) for text in strings) >= 95
    assert "data-value" not in suggested(town, "犇骉猋麤毳淼掱")


def test_only_what_was_closed_and_seen_by_another_teaches(town: Town) -> None:
    checked = town.drive(town.case(), "closed")
    rated = town.drive(town.case(), "rated")
    town.drive(town.case(), "checked")
    town.drive(town.case(), "reopened")
    on_spot = town.case("grid_worker", channel=Case.Channel.GRID)
    actions.settle_on_spot(case=on_spot, by=town.actor("grid_worker"), note="拧紧了")
    assert {case.pk for case in own.taught()} == {checked.pk, rated.pk}
    SpotCheck.objects.update_or_create(case=on_spot, defaults={"drawn_at": clock.now(), "passed": True})
    assert {case.pk for case in own.taught()} == {checked.pk, rated.pk, on_spot.pk}
    Category.objects.filter(code="lamp").update(is_active=False)
    caches.touch("catalogue")
    assert not own.taught().exists()


def test_labels_that_are_no_categories_on_offer_are_never_suggested(town: Town) -> None:
    rows = [Row(text, label) for code, label in (("pothole", "城乡建设"), ("noise", "public")) for text in usual()[code]]
    train(rows).save(store.file_of(store.SHEET))
    model = store.current(store.SHEET)
    assert model is not None
    assert [getattr(model.guess(text), "label", None) for text in UNKNOWN] == ["城乡建设", "public"]
    assert [codes(text) for text in UNKNOWN] == [[], []]  # a foreign label; a category that has others below it
    train([replace(row, label={"public": "noise"}.get(row.label, row.label)) for row in rows]).save(store.file_of(store.SHEET))
    assert [codes(text) for text in UNKNOWN] == [[], ["noise"]]


def test_a_sheet_and_the_own_cases_do_not_replace_each_other(town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    closed(town, usual())
    own.learn()
    train([Row(text, label) for label, texts in usual().items() for text in texts]).save(store.file_of(store.SHEET))
    sheet, out = tmp_path / "m.csv", tmp_path / "out.csv"
    sheet.write_text(f"内容\n{UNKNOWN[1]}\n", encoding="utf-8")
    call_command("suggest_categories", str(sheet), "--out", str(out), "--own")
    assert "邻里噪声" in out.read_text(encoding="utf-8-sig")
    with pytest.raises(CommandError):
        call_command("train_categories", str(sheet), "--own")


def test_too_few_cases_teach_nothing(town: Town) -> None:
    closed(town, {"pothole": usual()["pothole"], "noise": usual()["noise"][:9]})
    with pytest.raises(CommandError, match="36 closed, checked cases in 1 categories"):
        call_command("train_categories", "--own")
    assert store.current(store.OWN) is None


def test_a_worse_model_does_not_take_the_place_of_a_better_one(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    closed(town, usual())
    assert own.learn().is_taken
    good = store.file_of(store.OWN).read_bytes()
    rng = random.Random(5)
    careless: dict[str, list[str]] = {"pothole": [], "noise": []}  # a desk that sorts without reading
    for text in (text + more for texts in usual().values() for text in texts for more in "请来看看"):
        careless[rng.choice(("pothole", "noise"))].append(text)
    closed(town, careless)
    call_command("train_categories", "--own")
    said = capsys.readouterr().out
    assert "taken=0" in said
    assert "kept the old model" in said
    assert store.file_of(store.OWN).read_bytes() == good
    call_command("train_categories", "--own", "--even-if-worse")
    assert store.file_of(store.OWN).read_bytes() != good


@pytest.mark.parametrize(("now", "is_kept"), [(0.90, False), (0.881, False), (0.87, True)])
def test_worse_by_more_than_two_hundredths_is_worse(now: float, is_kept: bool) -> None:
    old = replace(train([Row(text, label) for label, texts in usual().items() for text in texts]), facts={"by_label": {"noise": 0.9}})
    report = Report(100, 0.8, 0.9, {"noise": now, "lamp": 0.6})  # `lamp` is new: it does not count against the new model
    assert bool(own._objection(old, report)) is is_kept
    assert own._objection(None, Report(100, 0.3, 0.9, {"noise": 0.3}))


def test_the_night_learns_when_enough_is_new(town: Town, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> None:
    def begun() -> bool:
        with django_capture_on_commit_callbacks(execute=True):
            tasks.learn_at_night()
        return run_pending() == 1

    monkeypatch.setattr(own, "LEAST_CASES", 72)
    monkeypatch.setattr(own, "LEAST_NEW", 10)
    three = dt.datetime(2026, 3, 3, 19, 0, tzinfo=dt.UTC)  # 3:00 in Shanghai
    with clock.at(three - dt.timedelta(hours=8)):
        closed(town, {code: texts[1:] for code, texts in usual().items()})
        assert not own.is_due()
        closed(town, {code: texts[:1] for code, texts in usual().items()})
        assert own.is_due()
        assert not begun()  # by day nothing begins
    with clock.at(three):
        assert begun()
        made = store.file_of(store.OWN).read_bytes()
        assert not own.is_due()
    with clock.at(three + dt.timedelta(hours=24)):
        closed(town, {"pothole": [f"{where}地砖松了" for where in WHERE[:9]]})
        assert not own.is_due()
        closed(town, {"pothole": ["井盖边的地砖松了"]})
        assert begun()
    assert store.file_of(store.OWN).read_bytes() != made


def test_nobody_can_be_read_in_the_file(town: Town) -> None:
    texts = usual()
    personal = "联系人段志鸿，电话13888123456，身份证53010219900101123X，车牌云A12345，微信zhangsan"
    for at in range(6):  # a telephone, a card and a name that six reports repeat
        texts["pothole"][at] += personal
    closed(town, texts)
    one = town.users["resident"]
    cases = list(Case.objects.filter(category__code="noise").order_by("pk")[:8])
    for at, case in enumerate(cases):  # one person's own word in eight reports, and two people's
        Case.objects.filter(pk=case.pk).update(description=f"{case.description}，我家在磨坊{'，院子里有葡萄架' if at < 2 else ''}")
        Reporter.objects.create(case=case, user=one, joined_at=clock.now())
    assert own.learn().is_taken
    with np.load(store.file_of(store.OWN), allow_pickle=False) as arrays:
        words = json.loads(arrays["words"].tobytes())
        assert set(arrays.files) == {"words", "idf", "weights", "intercept"}
    features = {*words["vocabulary"], *words["grams"]}
    assert "路面" in features
    assert not [text for text in features if any(sign.isdigit() for sign in text)]
    for secret in ("段志鸿", "段志", "志鸿", "磨坊", "葡萄", "13888", "123X"):
        assert not [text for text in features if secret in text], secret
    assert set(words) == {"labels", "vocabulary", "grams", "threshold", "least_known", "facts"}
    assert max(map(len, words["grams"])) == 3


def test_a_feature_needs_three_people() -> None:
    base = [Row(f"{text}{at}", label) for label, texts in usual().items() for at, text in enumerate(texts)]
    for sources, is_kept in (((None, None), False), ((None, None, None), True), (("a", "a", "a", "b"), False), (("a", "b", "c"), True)):
        model = train([*base, *(Row(f"葡萄架倒了，请修{at}", "pothole", source) for at, source in enumerate(sources))])
        assert ("葡萄架" in model.vocabulary or "葡萄" in model.vocabulary) is is_kept
        assert ("葡萄" in model.index) is is_kept


def test_a_damaged_file_silences_only_the_model(town: Town) -> None:
    closed(town, usual())
    own.learn()
    path = store.file_of(store.OWN)
    path.write_bytes(path.read_bytes()[:1500])
    assert store.current(store.OWN) is None
    assert codes("路灯不亮") == ["lamp"]
    with pytest.raises(ValueError, match="damaged"):
        Model.load(path)
