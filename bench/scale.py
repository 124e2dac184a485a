"""Inbox, case, map, board and the API at 10,000 and at 1,000,000 cases in one run: times as ratios, statements as counts.

GONGZHI_BENCH_CASES sets the large number. The database is a PostgreSQL of its own, at district scale, that is thrown away.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SMALL = 10_000
LARGE = int(os.environ.get("GONGZHI_BENCH_CASES", "1000000"))
REPEATS = 15
STATEMENT = re.compile(r"LOG:  (statement|execute [^:]*): ")
OWN = re.compile(r"LOG:  (statement|execute [^:]*): (BEGIN|COMMIT|SAVEPOINT|RELEASE|SET log_statement)")
GOAL_TIMES = 2.0
GOALS = {"api create": 12, "api read": 4, "api list": 4, "api list 200": 4, "api list, five posts, late": 4}


def main() -> int:
    """Print the table; 1 when a goal is missed."""
    sys.path.insert(0, str(ROOT))
    from tests.postgres import running

    with running() as url:
        os.environ |= {"DATABASE_URL": url, "GONGZHI_DEMO": "1", "DJANGO_SETTINGS_MODULE": "gongzhi.config.settings"}
        import django

        django.setup()
        return measure()


def measure() -> int:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("demo", scale="district", cases=SMALL, stdout=sys.stderr)
    pages = Pages()
    small = {name: timed(call) for name, call in pages.calls().items()}
    started = time.monotonic()
    call_command("demo", cases=LARGE - SMALL, stdout=sys.stderr)
    print(f"built {LARGE - SMALL} cases in {time.monotonic() - started:.0f} s")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    pages = Pages()
    large = {name: timed(call) for name, call in pages.calls().items()}
    return report(small, large)


def timed(call: Callable[[], Any]) -> tuple[float, int]:
    """(median milliseconds of server time, statements without the transaction's own)."""

    call()
    seconds = []
    for _repeat in range(REPEATS):
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds) * 1000, counted_by_server(call)


def counted_by_server(call: Callable[[], Any]) -> int:
    """The statements a call makes, as the server itself logs them, without the transaction's own."""
    from django.db import connection

    def set_log(value: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET log_statement = '{value}'")

    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        log = Path(cursor.fetchone()[0], "log")
    set_log("all")
    before = log.stat().st_size
    call()
    set_log("none")
    with log.open(errors="replace") as lines:
        lines.seek(before)
        return sum(1 for line in lines if STATEMENT.search(line) and not OWN.search(line))


class Pages:
    """The pages and calls measured, each by the person whose page it is."""

    def __init__(self) -> None:
        from django.test import Client

        from gongzhi.accounts.models import ApiToken, User
        from gongzhi.accounts.tokens import create_token
        from gongzhi.cases.models import Case
        from gongzhi.kernel import clock

        self.stranger = Client(SERVER_NAME="localhost")
        self.desk, self.leader = self._client("dispatcher"), self._client("leader")
        self.case = (
            Case.objects.visible_to(self._actor("dispatcher")).filter(state="dispatched").order_by("-id").first()
        )  # alike in both sizes
        assert self.case is not None
        self._five_posts()
        self.raw = {
            name: create_token(by=User.objects.get(username=name), name="bench", scopes=["cases:read", "cases:write"])[1]
            for name in ("dispatcher", "handler2", "resident")
        }
        ApiToken.objects.update(last_used_on=clock.today())
        self.number = 0

    def _five_posts(self) -> None:
        """The handler takes five posts more, and all his own cases are due late: the skew that uniform data hides."""
        from gongzhi.accounts.models import User
        from gongzhi.cases.models import Case
        from gongzhi.community.models import Body, Place, Post

        user = User.objects.get(username="handler2")
        body = Post.objects.filter(user=user).first()
        assert body is not None
        for place in Place.objects.filter(kind="community").order_by("code")[:4]:
            committee = Body.objects.filter(place=place).first()
            if committee and not Post.objects.filter(user=user, place=place).exists():
                Post.objects.create(user=user, role="checker", body=committee, place=place, starts_on=dt.date(2020, 1, 1))
        communities = Post.objects.filter(user=user, role="checker").values("place")
        Case.objects.filter(is_open=True, community__in=communities).update(resolve_due=dt.datetime(2030, 1, 1, tzinfo=dt.UTC))

    def _client(self, name: str) -> Any:
        from django.test import Client

        from gongzhi.accounts.models import User

        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.get(username=name), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def _actor(self, name: str) -> Any:
        from gongzhi.accounts.models import User
        from gongzhi.community.actors import actor_of

        return actor_of(User.objects.get(username=name))

    def calls(self) -> dict[str, Callable[[], Any]]:
        get = lambda client, path: lambda: self._ok(client.get(path))  # noqa: E731
        return {
            "inbox": get(self.desk, "/desk/"),
            "inbox, ended": get(self.desk, "/desk/?open=ended"),
            "case": get(self.desk, f"/desk/cases/{self.case.code}/"),
            "map": get(self.desk, "/nearby/points.geojson?bbox=103.5,25.2,104.1,25.8"),
            "board": get(self.leader, "/board/"),
            "api list": self._api("dispatcher", "cases"),
            "api list 200": self._api("dispatcher", "cases?size=200"),
            "api list, five posts, late": self._api("handler2", "cases"),
            "api read": self._api("dispatcher", f"cases/{self.case.code}"),
            "api create": self._create,
        }

    def _api(self, name: str, path: str) -> Callable[[], Any]:
        headers = {"Authorization": f"Bearer {self.raw[name]}"}
        return lambda: self._ok(self.stranger.get(f"/api/v1/{path}", headers=headers))

    def _create(self) -> Any:
        self.number += 1
        headers = {"Authorization": f"Bearer {self.raw['resident']}", "Idempotency-Key": f"{id(self)}-{self.number}"}
        body = {"description": "路灯不亮", "category": "lamp-out", "lng": self.case.lng, "lat": self.case.lat}
        return self._ok(self.stranger.post("/api/v1/cases", json.dumps(body), "application/json", headers=headers), 201)

    def _ok(self, answer: Any, status: int = 200) -> Any:
        if answer.status_code != status:
            raise SystemExit(f"{answer.request['PATH_INFO']} answered {answer.status_code}: {answer.content[:300]!r}")
        return answer


def report(small: dict[str, tuple[float, int]], large: dict[str, tuple[float, int]]) -> int:
    failed = 0
    print(f"{'':28} {SMALL:>10,} {LARGE:>10,}  ratio (goal {GOAL_TIMES})  statements (goal)")
    for name, (before, few) in small.items():
        after, many = large[name]
        ratio = after / before
        most = GOALS.get(name)
        good = ratio <= GOAL_TIMES and few == many and (most is None or many <= most)
        failed += not good
        counts = f"{few} -> {many}" + (f" ({most})" if most else "") + ("" if good else "  MISSED")
        print(f"{name:28} {before:8.1f}ms {after:8.1f}ms  {ratio:5.2f}             {counts}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
