"""A small town and its people for tests: two streets, their communities and grids, one person per role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from gongzhi.accounts.models import User
from gongzhi.cases import actions
from gongzhi.cases.actions.locating import Spot
from gongzhi.cases.models import Attribute, Cap, Case, Category, Keyword, RoutingRule, TermRule, Wording
from gongzhi.community.actions import PlaceData, save_places
from gongzhi.community.actors import Actor, actor_of
from gongzhi.community.models import Body, BodyKind, Compound, Facility, Place, Post
from gongzhi.kernel import caches, clock

DISTRICT = "530302"
STREET, OTHER_STREET = "530302001", "530302002"
COMMUNITY, OTHER_COMMUNITY = "530302001001", "530302002001"
GRID, GRID_2, OTHER_GRID = "530302001001001", "530302001001002", "530302002001001"
IN_GRID, IN_GRID_2, IN_OTHER = (103.05, 25.05), (103.15, 25.05), (103.65, 25.05)
OUTSIDE = (110.0, 30.0)


def square(lng: float, lat: float, width: float, height: float) -> dict[str, Any]:
    """A GeoJSON rectangle."""
    ring = [[lng, lat], [lng + width, lat], [lng + width, lat + height], [lng, lat + height], [lng, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


@dataclass
class Town:
    """The town by code, and its people by name."""

    places: dict[str, Place] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    compound: Any = None
    lamp: Any = None

    def actor(self, name: str) -> Actor:
        """A fresh actor, as a new request would see it."""
        return actor_of(User.objects.get(username=name))

    def client(self, name: str) -> Client:
        """A browser in which this person has signed in."""
        client = Client()
        client.force_login(self.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def report(self, description: str = "路灯不亮，晚上很黑", **more: Any) -> actions.Report:
        point = more.pop("point", IN_GRID)
        spot = more.pop("spot", None) or Spot(point[0], point[1], more.pop("address", "麒麟路1号"))
        return actions.Report(description, more.pop("channel", Case.Channel.RESIDENT), more.pop("category", "lamp"), spot=spot, **more)

    def case(self, by: str | None = "resident", **more: Any) -> Case:
        """A case fresh from intake."""
        actor = self.actor(by) if by else Actor()
        return actions.open_case(report=self.report(**more), by=actor).case

    def fresh(self, case: Case) -> Case:
        return Case.objects.get(pk=case.pk)

    def drive(self, case: Case, to: str) -> Case:
        """Bring a case to a state by the real acts of the people whose duty they are."""
        for state, step in PATH:
            step(self, self.fresh(case))
            if state == to:
                return self.fresh(case)
        raise AssertionError(f"no path to {to}")


PATH: list[tuple[str, Any]] = [
    ("accepted", lambda town, case: actions.accept(case=case, by=town.actor("dispatcher"))),
    ("dispatched", lambda town, case: actions.dispatch(case=case, by=town.actor("dispatcher"))),
    ("in_hand", lambda town, case: actions.take(case=case, by=town.actor("handler"))),
    ("reported", lambda town, case: actions.report_done(case=case, by=town.actor("handler"), outcome="solved", note="已换好灯泡")),
    ("checked", lambda town, case: actions.pass_check(case=case, by=town.actor("checker"))),
    ("closed", lambda town, case: actions.close_case(case=case, by=town.actor("checker"))),
    ("rated", lambda town, case: actions.rate(case=case, by=town.actor("resident"), stars=5)),
    ("reopened", lambda town, case: actions.reopen(case=case, by=town.actor("resident"), reason="又不亮了")),
]

POSTS = (
    ("grid_worker", "grid_worker", "committee", GRID),
    ("clerk", "clerk", "street", STREET),
    ("dispatcher", "dispatcher", "street", STREET),
    ("handler", "handler", "lighting", DISTRICT),
    ("handler_2", "handler", "roads", DISTRICT),
    ("steward", "steward", "property", COMMUNITY),
    ("checker", "checker", "street", STREET),
    ("adjudicator", "adjudicator", "centre", DISTRICT),
    ("approver", "approver", "street", STREET),
    ("secretary", "secretary", "committee", COMMUNITY),
    ("supervisor", "supervisor", "centre", DISTRICT),
    ("leader", "leader", "centre", DISTRICT),
    ("mediator", "mediator", "committee", COMMUNITY),
    ("caller", "caller", "centre", DISTRICT),
    ("water_handler", "handler", "water", DISTRICT),
    ("other_supervisor", "supervisor", "other_street", OTHER_STREET),
    ("other_dispatcher", "dispatcher", "other_street", OTHER_STREET),
    ("other_grid_worker", "grid_worker", "other_committee", OTHER_GRID),
)


def build_town() -> Town:
    """Make the town in the test's database."""
    town = Town()
    _places(town)
    _bodies(town)
    _people(town)
    _catalogue(town)
    for name in ("places", "gazetteer", "bodies", "catalogue", "calendar"):
        caches.touch(name)
    caches.warm()  # outside a request every action would load the catalogue again
    return town


def _places(town: Town) -> None:
    rows = [
        PlaceData("district", DISTRICT, "麒麟区", polygon=square(103, 25, 1, 1)),
        PlaceData("street", STREET, "南宁街道", DISTRICT, polygon=square(103, 25, 0.5, 1)),
        PlaceData("street", OTHER_STREET, "建宁街道", DISTRICT, polygon=square(103.5, 25, 0.5, 1)),
        PlaceData("community", COMMUNITY, "潇湘社区", STREET, polygon=square(103, 25, 0.5, 0.5), community_type="old"),
        PlaceData("community", OTHER_COMMUNITY, "古城社区", OTHER_STREET, polygon=square(103.5, 25, 0.5, 0.5)),
        PlaceData("grid", GRID, "第一网格", COMMUNITY, polygon=square(103, 25, 0.1, 0.1), households=400),
        PlaceData("grid", GRID_2, "第二网格", COMMUNITY, polygon=square(103.1, 25, 0.1, 0.1), households=350),
        PlaceData("grid", OTHER_GRID, "第一网格", OTHER_COMMUNITY, polygon=square(103.6, 25, 0.1, 0.1), households=380),
    ]
    save_places(rows=rows, by=None)
    town.places = {place.code: place for place in Place.objects.all()}


BODIES = (
    ("centre", "district_centre", "区网格中心", DISTRICT),
    ("lighting", "department", "区路灯管理所", DISTRICT),
    ("roads", "department", "区城市管理局", DISTRICT),
    ("water", "department", "区水务局", DISTRICT),
    ("street", "street_office", "南宁街道办", STREET),
    ("other_street", "street_office", "建宁街道办", OTHER_STREET),
    ("committee", "community_committee", "潇湘社区居委会", COMMUNITY),
    ("other_committee", "community_committee", "古城社区居委会", OTHER_COMMUNITY),
    ("property", "property_company", "安居物业", COMMUNITY),
)


def _bodies(town: Town) -> None:
    kinds = {kind for _code, kind, _name, _place in BODIES}
    BodyKind.objects.bulk_create([BodyKind(code=kind, name=kind, level="district") for kind in sorted(kinds)])
    for code, kind, name, place in BODIES:
        town.bodies[code] = Body.objects.create(code=code, kind_id=kind, name=name, place=town.places[place])
    town.compound = Compound.objects.create(
        code="C1", tag="COMPOUND1", name="幸福小区", place=town.places[GRID], manager=town.bodies["property"], lng=103.05, lat=25.05
    )
    town.lamp = Facility.objects.create(
        code="L1",
        tag="LAMP0001",
        kind="lamp",
        name="3号路灯",
        owner=town.bodies["lighting"],
        place=town.places[GRID],
        lng=103.05,
        lat=25.05,
    )


def _people(town: Town) -> None:
    names = ["resident", "neighbour", "operator", *(name for name, *_rest in POSTS)]
    users = [User(username=name, display_name=f"{name}的姓名") for name in names]
    for user in users:
        user.set_unusable_password()
        user.is_staff = user.is_superuser = user.username == "operator"
    town.users = {user.username: user for user in User.objects.bulk_create(users)}
    today = clock.today()
    Post.objects.bulk_create(
        Post(user=town.users[name], role=role, body=town.bodies[body], place=town.places[place], starts_on=today)
        for name, role, body, place in POSTS
    )


def _catalogue(town: Town) -> None:
    def category(code: str, name: str, **more: Any) -> Category:
        town.categories[code] = Category.objects.create(code=code, name=name, **more)
        return town.categories[code]

    public = category("public", "公用设施", kind="thing", is_public=True)
    category("lamp", "路灯", kind="thing", is_public=True, parent=public)
    category("pothole", "道路破损", kind="thing", is_public=True, parent=public)
    private = category("private", "邻里", kind="event")
    category("noise", "邻里噪声", kind="event", parent=private)
    Keyword.objects.create(category=town.categories["lamp"], word="路灯")
    Attribute.objects.create(
        category=town.categories["noise"],
        code="when",
        datatype="singlevaluelist",
        required=True,
        question="什么时候吵？",
        question_en="When?",
        values=[{"key": "day", "name": "白天", "name_en": "Day"}, {"key": "night", "name": "夜里", "name_en": "Night"}],
    )
    RoutingRule.objects.create(priority=10, category=town.categories["lamp"], body=town.bodies["lighting"], why="路灯归路灯管理所")
    RoutingRule.objects.create(priority=90, category_kind="event", body_kind="community_committee", why="邻里小事先由社区办")
    for name, amount, unit in (("accept", 2, "hours"), ("respond", 1, "natural_days"), ("resolve", 7, "natural_days")):
        TermRule.objects.create(clock=name, amount=amount, unit=unit, source="测试", in_force_on="2000-01-01")
    Cap.objects.create(code="suspend_days", name="暂缓上限", value=30)
    Wording.objects.create(code="not_ours", kind="refusal_ground", title="不属于受理范围", text="……")
    Wording.objects.create(code="petition", kind="legal_route", title="信访", text="……")
