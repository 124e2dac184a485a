"""Made-up things that the style guide shows: invented people, invented cases, a square of invented grids."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.templatetags.static import static

CENTRE = (103.805, 25.495)
STEP = 0.004
TONES = ("neutral", "info", "wait", "good", "warn", "bad")
WORDS = ("已登记", "已派单", "办理中", "已办结", "已退单", "已超时")


def photos() -> list[dict[str, str]]:
    """Three drawings that stand for photos."""
    names = ("路灯不亮", "垃圾堆在桶外", "路面有坑")
    urls = [static(f"web/img/sample-{number}.svg") for number in (1, 2, 3)]
    return [{"thumb": url, "full": url, "alt": name} for url, name in zip(urls, names, strict=True)]


def steps(now: datetime) -> list[dict[str, Any]]:
    """The steps of one case, each kind once."""
    at = now - timedelta(days=2, hours=5)
    return [
        {
            "title": "居民反映",
            "at": at,
            "who": "和平社区居民",
            "text": "3号楼东侧路灯坏了一周，老人晚上不敢出门。",
            "icon": "message-plus",
            "photos": photos()[:1],
        },
        {
            "title": "已派给街道城管科",
            "at": at + timedelta(hours=1),
            "who": "凌河街道 受理员",
            "text": "承诺11月28日前办好。",
            "tone": "info",
            "icon": "send",
        },
        {
            "title": "核对产权",
            "at": at + timedelta(hours=9),
            "who": "城管科 承办人",
            "text": "灯杆编号 LD-0172，市政路灯。",
            "icon": "pencil",
            "inner": True,
        },
        {
            "title": "申请延期",
            "at": at + timedelta(days=1),
            "who": "城管科 承办人",
            "text": "配件要从市里调，多用一天。",
            "tone": "warn",
            "icon": "calendar-time",
        },
        {
            "title": "已经修好",
            "at": now - timedelta(hours=3),
            "who": "城管科 承办人",
            "text": "换了灯头，已试亮。",
            "tone": "good",
            "icon": "check",
            "photos": photos(),
        },
    ]


def parcel(now: datetime) -> list[dict[str, Any]]:
    """A case halfway."""
    return [
        {"label": "已收到", "state": "done", "at": now - timedelta(days=2, hours=5)},
        {"label": "已派单", "state": "done", "at": now - timedelta(days=2, hours=4), "note": "街道城管科"},
        {"label": "正在办理", "state": "now", "at": now - timedelta(hours=20), "note": "李师傅已到现场"},
        {"label": "核查", "state": "todo"},
        {"label": "办结", "state": "todo"},
    ]


def rows(now: datetime) -> list[dict[str, Any]]:
    """A dense list."""
    titles = (
        "路灯不亮",
        "楼道堆物影响通行",
        "井盖松动有响声",
        "广场舞音量大",
        "小区门口占道停车",
        "暖气不热",
        "宠物粪便没人清",
        "健身器材螺丝松",
    )
    places = (
        "和平社区 3号楼",
        "光明社区 12栋2单元",
        "建设街与友谊路口",
        "体育公园",
        "锦绣家园东门",
        "铁路小区 7号楼",
        "滨河社区",
        "文化广场",
    )
    return [
        {
            "id": number,
            "code": f"GZ-7KQ{number}-M{number}R",
            "title": title,
            "place": place,
            "unit": ("城管科", "物业公司", "供热公司", "派出所")[number % 4],
            "word": WORDS[number % 6],
            "tone": TONES[number % 6],
            "due_at": now + timedelta(hours=(-3, 51, 5, 20, 120, 30, -28, 9)[number]),
            "started_at": now - timedelta(hours=40),
        }
        for number, (title, place) in enumerate(zip(titles, places, strict=True))
    ]


def clocks(now: datetime) -> list[dict[str, Any]]:
    """A clock in every standing."""
    ago, hence = timedelta(days=-5), timedelta
    return [
        {"due_at": now + hence(days=2, hours=3), "started_at": now + ago},
        {"due_at": now + hence(hours=5), "started_at": now + ago},
        {"due_at": now - hence(hours=3), "started_at": now + ago},
        {"due_at": now + hence(days=1), "started_at": now + ago, "paused": True},
        {"due_at": now, "done_at": now - hence(hours=2)},
        {"due_at": now - hence(days=1), "done_at": now},
        {"due_at": now + hence(days=3), "started_at": now, "working": True},
    ]


def similar(now: datetime) -> list[dict[str, Any]]:
    """What others reported near by."""
    return [
        {
            "title": "3号楼东侧路灯不亮",
            "place": "距您 40 米",
            "at": now - timedelta(days=1),
            "count": 3,
            "state_word": "办理中",
            "tone": "wait",
            "url": "#",
            "join_url": "#",
        },
        {
            "title": "东门口晚上太黑",
            "place": "距您 120 米",
            "at": now - timedelta(days=3),
            "count": 1,
            "state_word": "已派单",
            "tone": "info",
            "url": "#",
            "join_url": "#",
        },
    ]


def filters() -> list[dict[str, Any]]:
    """One of each kind of filter."""
    return [
        {
            "key": "due",
            "label": "时限",
            "flat": True,
            "options": [{"value": "late", "text": "已超时", "count": 2}, {"value": "soon", "text": "快到期", "count": 5}],
        },
        {
            "key": "state",
            "label": "进展",
            "multi": True,
            "options": [{"value": str(number), "text": word, "count": number * 3 + 1} for number, word in enumerate(WORDS)],
        },
        {
            "key": "body",
            "label": "单位",
            "options": [{"value": "cg", "text": "城管科", "count": 12}, {"value": "wy", "text": "物业公司", "count": 7}],
        },
    ]


def polygons() -> dict[str, Any]:
    """Twelve square grids with a figure each."""
    west, south = CENTRE[0] - 2 * STEP, CENTRE[1] - 1.5 * STEP * 0.75
    features = []
    for number in range(12):
        x, y = west + number % 4 * STEP, south + number // 4 * STEP * 0.75
        ring = [[x, y], [x + STEP, y], [x + STEP, y + STEP * 0.75], [x, y + STEP * 0.75], [x, y]]
        properties = {"name": f"第{number + 1}网格", "open": (0, 3, 12, 5, 1, 27, 9, 0, 4, 16, 2, 7)[number]}
        features.append({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    return {"type": "FeatureCollection", "features": features}


def points() -> dict[str, Any]:
    """Eighteen matters, some of them close together."""
    features = []
    for number in range(18):
        lng = CENTRE[0] + ((number * 37) % 40 - 20) * STEP / 12
        lat = CENTRE[1] + ((number * 53) % 40 - 20) * STEP / 20
        properties = {"title": WORDS[number % 6], "word": WORDS[number % 6], "tone": TONES[number % 6], "url": "#"}
        features.append({"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [lng, lat]}})
    return {"type": "FeatureCollection", "features": features}


def chart() -> dict[str, Any]:
    """Ninety days of reported and closed."""
    days = [f"{1 + number // 30}/{1 + number % 30}" for number in range(90)]
    reported = [34 + (number * 17) % 23 + (number % 7 == 0) * 9 for number in range(90)]
    closed = [30 + (number * 13) % 25 for number in range(90)]
    return {
        "legend": {},
        "xAxis": {"type": "category", "data": days},
        "yAxis": {"type": "value"},
        "series": [{"name": "反映", "type": "line", "data": reported}, {"name": "办结", "type": "line", "data": closed}],
    }
