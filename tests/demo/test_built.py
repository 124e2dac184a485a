"""The small demonstration built in the test's database: one test, because building takes seconds; and what the command says."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from gongzhi.accounts.models import User
from gongzhi.cases import rules
from gongzhi.cases.actions.figures import recount
from gongzhi.cases.desk_queries import list_awaiting
from gongzhi.cases.models import Case, OpenFigure, Reporter, Step
from gongzhi.cases.oversight import LATE, list_watched
from gongzhi.cases.queries import Filters, list_cases, list_mine
from gongzhi.cases.workflow import CLOCKS_REST, State, moves_from
from gongzhi.community.actors import actor_of
from gongzhi.community.models import Place
from gongzhi.demo import living
from gongzhi.demo.appointments import CALLS, HOURS
from gongzhi.demo.build import build_town
from gongzhi.demo.district import district
from gongzhi.demo.management.commands.demo import Command
from gongzhi.demo.names import rows
from gongzhi.kernel import clock
from gongzhi.kernel.models.attachments import Attachment
from gongzhi.whistles.models import Deadline, Duty, Leading, Rating, Whistle
from tests.once import once

CHINA = dt.timezone(dt.timedelta(hours=8))
NOW = dt.datetime(2026, 9, 16, 10, 20, tzinfo=CHINA)
HOLIDAY_NIGHT = dt.datetime(2026, 10, 7, 23, 50, tzinfo=CHINA)
SECONDS = 30
"""Measured at 7; slow machines get the rest."""

TO_DO = {
    "clerk": "accept", "townclerk": "accept", "hotline": "accept", "gridworker": "accept", "gridworker2": "accept",
    "dispatcher": "dispatch", "towndispatcher": "dispatch", "centre": "dispatch", "checker": "pass_check", "adjudicator": "rule",
    "handler": "take", "handler2": "take", "lamps": "take", "water": "take", "sanitation": "take", "steward": "take",
    "secretary": "take", "secretary2": "take",
}  # fmt: skip
"""What waits for whom. The approver's waits elsewhere (`list_awaiting`); supervisor, leader and operator look on."""
PAGES = {
    "grid_worker": "/today/",
    "supervisor": "/desk/supervision/",
    "leader": "/board/",
    "approver": "/desk/?awaiting=1",
    "operator": "/admin/",
    "sent_down": "/whistles/",
    **dict.fromkeys(("mediator", "caller"), "/"),
}


def by_state() -> Counter[str]:
    return Counter(Case.objects.values_list("state", flat=True))


@once
@pytest.mark.django_db
def test_the_small_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = district("small")
    begun = time.process_time()
    build_town(drawn)
    built = time.process_time() - begun
    the_same_moment_tells_the_same(monkeypatch, drawn.home_grid)
    begun = time.process_time()
    with clock.at(NOW):
        told = living.live(home_grid=drawn.home_grid)
        built += time.process_time() - begun
        assert told == Case.objects.count()
        every_state_is_there()
        everybody_has_something_to_do()
        every_open_case_has_its_clocks()
        figures_are_those_of_a_recount()
        some_came_with_pictures_and_some_were_joined()
        whistles_are_out()
    assert set(Place.objects.values_list("code", flat=True)) == {place.code for place in drawn.places}
    assert built < SECONDS
    places = Place.objects.count()
    call_command("demo", stdout=StringIO())  # as `./up` does after an upgrade
    typed = Command()
    typed.is_typed = True
    with pytest.raises(CommandError, match="--cases"):
        call_command(typed)
    with pytest.raises(CommandError, match="--days"):
        call_command(typed, days=3)
    assert (Place.objects.count(), Case.objects.count()) == (places, told)


def the_same_moment_tells_the_same(monkeypatch: pytest.MonkeyPatch, home_grid: str) -> None:
    """The appointed cases alone, on the last night of a long holiday, when nobody has worked for a week: every state is there."""
    found = []
    with monkeypatch.context() as fewer:
        fewer.setattr(living, "SCENES", ())
        for moment in (HOLIDAY_NIGHT, HOLIDAY_NIGHT):
            with transaction.atomic(), clock.at(moment):
                living.live(home_grid=home_grid)
                every_state_is_there()
                found.append((by_state(), Counter(Step.objects.values_list("verb", flat=True)), Reporter.objects.count()))
                transaction.set_rollback(True)
    assert found[0] == found[1]
    assert not Case.objects.exists()


def every_state_is_there() -> None:
    assert set(State.values) - set(by_state()) == set()


def everybody_has_something_to_do() -> None:
    for row in rows("demo_cast"):
        user = User.objects.get(username=row["username"])
        actor, client = actor_of(user), Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = PAGES.get(row["role"], "/desk/" if row["role"] else "/mine/")
        if name := TO_DO.get(row["username"]):
            todo = [
                case
                for case in list_cases(actor, Filters(), size=400).rows
                if name in {move.name for move in moves_from(case.state, rules.duties(actor, case))}
            ]
            assert todo, f"nothing to {name} for {row['username']}"
            page = page if page == "/today/" else f"/desk/?state={todo[0].state}"
            assert any(case.code in client.get(page).content.decode() for case in todo), row["username"]
        elif row["role"] == "approver":
            waiting = list_awaiting(actor, Filters()).rows
            assert waiting
            assert waiting[0].code in client.get(page).content.decode()
        elif row["role"] == "supervisor":
            assert list_watched(actor, LATE, None).rows
        elif not row["role"]:
            assert list_mine(actor).rows, row["username"]
        assert client.get(page).status_code == 200, row["username"]


def every_open_case_has_its_clocks() -> None:
    running = Case.objects.filter(is_open=True).exclude(state__in=CLOCKS_REST)
    assert running.count() > 50
    assert not running.filter(accept_due=None).exists()
    assert not running.filter(resolve_due=None).exists()
    assert not running.filter(next_due__lte=clock.now()).exists(), "every alarm that came due has rung"
    assert not running.filter(next_due=None, is_late=False).exclude(state__in=[State.REPORTED, State.CHECKED]).exists()


def figures_are_those_of_a_recount() -> None:
    assert dict(OpenFigure.objects.exclude(count=0).values_list("key", "count")) == recount()


def some_came_with_pictures_and_some_were_joined() -> None:
    pictured = [case for case in Case.objects.all() if case.photos]
    assert len(pictured) == sum(call.photo for call in CALLS)
    answered = [step for step in Step.objects.filter(verb="report_done") if step.photos]
    assert answered, "a reply with a picture"
    tokens = {token for photos in [*(case.photos for case in pictured), *(step.photos for step in answered)] for token in photos}
    stored = Attachment.objects.filter(token__in=tokens)
    assert stored.count() == len(tokens)
    assert not stored.filter(owner_id=None).exists()
    assert max(stored.values_list("size", flat=True)) < 60_000
    assert Reporter.objects.filter(relation=Reporter.Relation.JOINED).count() == sum(call.joined for call in CALLS)


def whistles_are_out() -> None:
    states = Counter(Whistle.objects.values_list("state", flat=True))
    assert set(states) == {"asked", "called", "split", "raised", "ended"}
    assert Rating.objects.count() == 6
    assert Leading.objects.filter(user__username="sentdown").exists()
    for row in (*Deadline.objects.all(), *Duty.objects.all()):
        assert row.next_alarm is None or row.next_alarm > clock.now(), "every alarm that came due has rung"


def test_the_drawing_is_the_same_every_time() -> None:
    first = district("small")
    district.cache_clear()
    second = district("small")
    assert first is not second
    assert [place.code for place in first.places] == [place.code for place in second.places]
    assert first == second


def test_every_appointment_knows_how_long_it_takes() -> None:
    assert {call.scene for call in CALLS} == set(HOURS)


TYPED = """
import sys
import django
django.setup()
from django.core.management import execute_from_command_line
from gongzhi.demo import living
living.SCENES = ()  # the appointed cases are enough here
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""


def test_a_new_database_gets_its_tables_and_its_district(tmp_path: Path) -> None:
    """The command as it is typed, on a file that does not exist; then once more, and for more cases."""
    if os.environ.get("DATABASE_URL"):
        pytest.skip("it makes a SQLite database of its own: once is enough")
    path = tmp_path / "new.sqlite3"
    env = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{path}",
        "GONGZHI_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "gongzhi.config.settings",
    }

    def typed(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", TYPED, "demo", *args], env=env, capture_output=True, text=True)

    first = typed()
    assert first.returncode == 0, first.stderr
    assert f"cases={len(CALLS)} " in first.stdout
    again = typed()
    assert again.returncode == 1
    assert "DATABASE_URL" in again.stderr
    more = typed("--cases", "7")
    assert more.returncode == 0, more.stderr
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM cases_case").fetchone() == (len(CALLS) + 7,)


@pytest.mark.django_db
def test_a_database_older_than_the_program_is_not_built_upon() -> None:
    MigrationRecorder(connection).migration_qs.filter(app="cases").order_by("-id")[0].delete()
    with pytest.raises(CommandError, match="manage migrate"):
        call_command("demo")
    assert not Place.objects.exists()
