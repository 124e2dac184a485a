"""Seeding again and again: what the town edited, added or deleted stays; the rest follows the file; a case keeps its rule."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from gongzhi.accounts.models import User
from gongzhi.cases import actions
from gongzhi.cases.actions.seeding import load_seeds
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Attribute, Cap, Category, Keyword, RoutingRule, SeedRow, TermRule, Wording
from gongzhi.community.models import Body, BodyKind
from gongzhi.kernel.errors import DomainError
from tests.cast import Town

Change = Callable[[list[dict[str, str]]], object]
TABLES: tuple[type[Model], ...] = (Attribute, BodyKind, Cap, Category, Keyword, RoutingRule, TermRule, Wording)


@pytest.fixture
def folder(db: None, tmp_path: Path) -> Path:
    """A copy of the seed files, loaded."""
    copied = Path(shutil.copytree(configured.GONGZHI_SEEDS, tmp_path / "seeds"))
    load_seeds(folder=copied)
    return copied


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    user = User.objects.create(username="root", is_staff=True, is_superuser=True)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def release(folder: Path, name: str, change: Change) -> None:
    """The next release's file."""
    path = folder / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0])
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def put(column: str, value: str, **where: str) -> Change:
    """Give a column of the rows that hold `where` another value."""

    def change(rows: list[dict[str, str]]) -> None:
        found = [row for row in rows if all(row[name] == wanted for name, wanted in where.items())]
        assert found, where
        for row in found:
            row[column] = value

    return change


def without(**where: str) -> Change:
    """Drop the rows that hold `where`."""

    def change(rows: list[dict[str, str]]) -> None:
        kept = [row for row in rows if any(row[name] != wanted for name, wanted in where.items())]
        assert len(kept) < len(rows)
        rows[:] = kept

    return change


def edit(client: Client, row: Any, **changes: Any) -> None:
    """Change a row on its page of the admin, as an administrator does."""
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    form = client.get(address).context["adminform"].form
    data = {name: form.initial.get(name) for name in form.fields} | changes
    answer = client.post(address, {name: value for name, value in data.items() if value not in (None, False)})
    assert answer.status_code == 302, answer.context["adminform"].form.errors


def everything() -> dict[str, list[dict[str, Any]]]:
    found: tuple[type[Model], ...] = (*TABLES, SeedRow)
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in found}


def term() -> TermRule:
    return TermRule.objects.get(clock="resolve", category=None, risk="ordinary")


def rule(category: str, kind: str) -> RoutingRule:
    return RoutingRule.objects.get(category__code=category, body_kind=kind, place_kind="", hours="")


def test_loading_again_changes_nothing(folder: Path) -> None:
    before = everything()
    assert all(before.values())
    tallies = load_seeds(folder=folder)
    assert everything() == before
    assert all((tally.added, tally.changed, tally.retired, tally.kept) == (0, 0, 0, []) for tally in tallies.values())


def test_edits_of_the_admin_stay_through_every_release(folder: Path, admin: Client) -> None:
    edit(admin, term(), amount=5, source="麒政发〔2026〕1号", is_confirmed=True)
    edit(admin, Category.objects.get(code="lamp-out"), name="路灯坏了")
    edit(admin, rule("lighting", "lighting_station"), why="市政路灯归本区路灯所", priority=25)
    edit(admin, Keyword.objects.filter(category__code="gas-leak").order_by("pk")[0], weight=9)
    Wording.objects.filter(code="not-here").update(text="请向当地反映。")
    Cap.objects.filter(code="extend_days").update(value=15)
    before = everything()
    load_seeds(folder=folder)
    assert everything() == before, "the same files again"

    release(folder, "terms", put("amount", "8", clock="resolve", risk="ordinary", category=""))
    release(folder, "categories", put("risk", "danger", code="lamp-out"))
    release(folder, "wording", put("text_zh", "新说法。", code="not-here"))
    release(folder, "routing", put("why_zh", "新理由", category="lighting", body_kind="lighting_station"))
    release(folder, "caps", put("value", "20", code="extend_days"))
    for _again in range(2):
        tallies = load_seeds(folder=folder)
        assert everything() == before, "a row that was edited takes nothing from the file"
        assert [tallies[name].kept for name in ("terms", "categories", "wording", "routing", "caps")] == [
            ["resolve//ordinary/2020-01-01"], ["lamp-out"], ["not-here"], ["lighting/lighting_station"], ["extend_days"],
        ]  # fmt: skip


def test_rows_that_nobody_edited_follow_the_file(folder: Path) -> None:
    ids = {"term": term().pk, "rule": rule("lighting", "lighting_station").pk, "category": Category.objects.get(code="lamp-out").pk}
    release(folder, "terms", put("amount", "8", clock="resolve", risk="ordinary", category=""))
    release(folder, "categories", put("name_zh", "路灯灭了", code="lamp-out"))
    release(folder, "wording", put("text_zh", "新说法。", code="not-here"))
    release(folder, "routing", put("body_kind", "urban_management", code="lighting/lighting_station"))
    release(folder, "caps", put("value", "20", code="extend_days"))
    release(folder, "attributes", put("question_zh", "几盏不亮？", category="lamp-out", code="how-many"))
    tallies = load_seeds(folder=folder)
    assert (term().pk, term().amount) == (ids["term"], 8)
    assert Category.objects.get(pk=ids["category"]).name == "路灯灭了"
    assert Wording.objects.get(code="not-here").text == "新说法。"
    assert RoutingRule.objects.get(pk=ids["rule"]).body_kind == "urban_management"
    assert Cap.objects.get(code="extend_days").value == 20
    assert Attribute.objects.get(category__code="lamp-out", code="how-many").question == "几盏不亮？"
    assert sum(tally.changed for tally in tallies.values()) == 6
    assert not any(tally.kept for tally in tallies.values())


def test_what_the_town_deleted_or_added_stays_so(folder: Path, admin: Client) -> None:
    word = Keyword.objects.filter(category__code="gas-leak").order_by("pk")[0]
    admin.post(reverse("admin:cases_keyword_delete", args=[word.pk]), {"post": "yes"})
    mine = Keyword.objects.create(category=word.category, word="煤气罐")
    own = RoutingRule.objects.create(priority=1, category=word.category, body_kind="gas_company", why="本区自定", version="2026.1")
    assert not Keyword.objects.filter(pk=word.pk).exists()
    load_seeds(folder=folder)
    assert not Keyword.objects.filter(category=word.category, word=word.word).exists()
    assert Keyword.objects.filter(pk=mine.pk).exists()
    assert RoutingRule.objects.get(pk=own.pk).is_active, "a rule of the town, even of the seed's version"


def test_a_new_row_is_added_and_a_dropped_one_goes_out_of_use(folder: Path, admin: Client) -> None:
    gone, edited = rule("lighting", "lighting_station"), rule("greening", "garden_station")
    edit(admin, edited, why="本区的绿地归园林所")
    release(folder, "routing", without(code="lighting/lighting_station"))
    release(folder, "routing", without(code="greening/garden_station"))
    release(folder, "categories", put("keywords", "路灯新词:2", code="lamp-out"))
    release(folder, "wording", lambda rows: rows.append({**rows[0], "code": "new-ground"}))
    tallies = load_seeds(folder=folder)
    assert not RoutingRule.objects.get(pk=gone.pk).is_active
    assert RoutingRule.objects.get(pk=edited.pk).is_active
    assert (tallies["routing"].retired, tallies["routing"].kept) == (1, ["greening/garden_station"])
    assert Wording.objects.filter(code="new-ground").exists()
    assert list(Keyword.objects.filter(category__code="lamp-out").values_list("word", flat=True)) == ["路灯新词"]
    assert load_seeds(folder=folder)["routing"].retired == 0
    shutil.copy(configured.GONGZHI_SEEDS / "routing.csv", folder / "routing.csv")
    load_seeds(folder=folder)
    assert RoutingRule.objects.get(pk=gone.pk).is_active, "back in the file, back in use"


def test_a_dropped_category_takes_no_more_cases_and_keeps_the_old_ones(folder: Path) -> None:
    leaf = Category.objects.get(code="lamp-out")
    release(folder, "categories", without(code="lamp-out"))
    load_seeds(folder=folder)
    assert not Category.objects.get(pk=leaf.pk).is_active
    assert "lamp-out" not in [one.code for one in catalogue().leaves()]
    assert Attribute.objects.filter(category=leaf).exists(), "old cases were asked these"


def test_a_case_keeps_the_rule_that_sent_it(town: Town, folder: Path) -> None:
    kind = BodyKind.objects.get(code="lighting_station")
    station = Body.objects.create(code="530302-LS", kind=kind, name="路灯管理所", place=town.places["530302"])
    load_seeds(folder=folder)
    case = town.case(category="lamp-out")
    actions.accept(case=case, by=town.actor("dispatcher"))
    actions.dispatch(case=town.fresh(case), by=town.actor("dispatcher"))
    sent = town.fresh(case)
    assert sent.body_id == station.pk
    assert sent.rule == rule("lighting", "lighting_station")
    page = reverse("cases:desk_case", args=[case.code])
    shown = f"派遣规则第 {sent.rule_id} 条"
    assert shown in town.client("dispatcher").get(page).content.decode()

    load_seeds(folder=folder)
    release(folder, "routing", put("priority", "33", code="lighting/lighting_station"))
    load_seeds(folder=folder)
    assert town.fresh(case).rule_id == sent.rule_id
    assert shown in town.client("dispatcher").get(page).content.decode()
    release(folder, "routing", without(code="lighting/lighting_station"))
    load_seeds(folder=folder)
    assert town.fresh(case).rule_id == sent.rule_id
    text = town.client("dispatcher").get(page).content.decode()
    assert "派遣规则已停用" in text
    assert "由人工指定" not in text


def test_a_rule_that_names_what_is_not_there_waits(folder: Path) -> None:
    """Left blank, its place would be every place."""
    release(folder, "routing", lambda rows: rows.insert(0, {**rows[0], "code": "here-only", "place": "999999", "priority": "1"}))
    before = RoutingRule.objects.count()
    assert load_seeds(folder=folder)["routing"].added == 0
    assert RoutingRule.objects.count() == before


def test_a_code_that_stands_twice_is_said(folder: Path, settings: Any) -> None:
    release(folder, "caps", lambda rows: rows.append(dict(rows[0])))
    with pytest.raises(DomainError, match="extend_days"):
        load_seeds(folder=folder)
    settings.GONGZHI_SEEDS = folder
    with pytest.raises(CommandError, match="extend_days"):
        call_command("seed", stdout=StringIO())


def test_a_database_made_before_keeps_its_rows_and_its_edits(folder: Path) -> None:
    """Before `SeedRow` nobody knew what the seed had written: what differs from the file is taken for the town's."""
    SeedRow.objects.all().delete()
    TermRule.objects.filter(pk=term().pk).update(amount=5)
    sent = rule("lighting", "lighting_station")
    RoutingRule.objects.filter(pk=sent.pk).update(why="本区的理由")
    counts = [model._default_manager.count() for model in TABLES]
    load_seeds(folder=folder)
    assert [model._default_manager.count() for model in TABLES] == counts
    assert term().amount == 5
    assert RoutingRule.objects.get(pk=sent.pk).why == "本区的理由"
    release(folder, "terms", put("amount", "9", clock="resolve"))
    load_seeds(folder=folder)
    assert term().amount == 5
    assert TermRule.objects.get(clock="resolve", category=None, risk="danger").amount == 9


def test_the_command_says_what_stays(folder: Path, settings: Any) -> None:
    settings.GONGZHI_SEEDS = folder
    TermRule.objects.filter(pk=term().pk).update(amount=5)
    release(folder, "terms", put("amount", "9", clock="resolve", risk="ordinary", category=""))
    said = StringIO()
    call_command("seed", stdout=said)
    assert "kept as this town has it: terms resolve//ordinary/2020-01-01" in said.getvalue()
    assert "kept=1 " in said.getvalue()
