"""What becomes of a case, scene by scene: each the acts of the people whose duty they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from gongzhi.cases import actions
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.dispatch_choice import choose
from gongzhi.cases.models import Case
from gongzhi.community.actors import Actor
from gongzhi.community.directory import bodies
from gongzhi.community.models import Body
from gongzhi.demo import texts
from gongzhi.demo.drawings import drawn
from gongzhi.demo.history import Stop, Tale
from gongzhi.kernel import clock

ROUTES = ("route-petition", "route-arbitration", "route-lawsuit", "route-review")

SCENES: tuple[tuple[str, int], ...] = (
    ("rated", 54),
    ("closed", 20),
    ("answered", 12),
    ("settled", 18),
    ("refused", 4),
    ("referred", 5),
    ("for_now", 5),
    ("registered", 12),
    ("accepted", 8),
    ("dispatched", 10),
    ("in_hand", 22),
    ("reported", 6),
    ("checked", 3),
    ("returned", 4),
    ("disputed", 3),
    ("ruled", 3),
    ("handed_on", 4),
    ("extended", 4),
    ("asking", 3),
    ("suspended", 4),
    ("long_term", 3),
    ("void", 3),
    ("merged", 4),
    ("reopened", 5),
    ("reworked", 4),
    ("helped", 4),
    ("stuck", 8),
)
"""What becomes of a case, and how many of each the small demo tells."""
RECENT = {
    "registered": 0.1,
    "accepted": 0.3,
    "dispatched": 0.5,
    "returned": 2,
    "disputed": 3,
    "asking": 3,
    "in_hand": 4,
    "reported": 4,
    "checked": 5,
}
"""Days ago such a case may have begun at most, so that what is open is mostly not late."""


def _accepted(tale: Tale) -> None:
    tale.later(0.1, 1.5)
    tale.act(actions.accept, "dispatcher")
    if tale.case.may_publish and tale.rng.random() < 0.7:
        words = tale.words("public_words")
        tale.act(actions.publish_words, "dispatcher", words=words, is_public=True)


def _dispatched(tale: Tale) -> None:
    _accepted(tale)
    tale.later(0.1, 1)
    tale.act(actions.dispatch, "dispatcher", **_to_body(tale))


def _to_body(tale: Tale) -> dict[str, Any]:
    if choose(tale.case) is not None:
        return {}
    offices = [row for row in bodies().values() if row.kind_id == "street_office" and row.place_id == tale.case.street_id]
    return {"body": offices[0], "reason": "由街道牵头协调"} if offices else {}


def in_hand(tale: Tale) -> None:
    _dispatched(tale)
    tale.later(0.1, 2)
    tale.act(actions.take, "handler")
    if tale.rng.random() < 0.4:
        tale.later(1, 8)
        tale.act(actions.respond, "handler", note=tale.words("progress"))


def _reported(tale: Tale) -> None:
    in_hand(tale)
    tale.later(2, 26)
    outcome = tale.rng.choices(["solved", "explained"], [8, 2])[0]
    tale.act(actions.report_done, "handler", outcome=outcome, note=tale.words(outcome), photos=_after(tale) if outcome == "solved" else ())


def _after(tale: Tale) -> tuple[str, ...]:
    """Who was sent a picture answers with one."""
    case, category = tale.case, catalogue().by_id[tale.case.category_id or 0].code
    return drawn(category, (case.lng or 0, case.lat or 0), done=True) if case.photos else ()


def _checked(tale: Tale) -> None:
    _reported(tale)
    tale.later(0.5, 8)
    tale.act(actions.pass_check, "checker")


def _closed(tale: Tale) -> None:
    _checked(tale)
    tale.later(0.1, 1)
    tale.act(actions.close_case, "checker")


def _rated(tale: Tale) -> None:
    _closed(tale)
    stars = tale.rng.choices([5, 4, 3, 2, 1], [40, 34, 14, 8, 4])[0]
    tale.later(1, 20)
    _as_reporter(tale, actions.rate, stars=stars, words=texts.rating(stars, tale.rng.getrandbits(40)))


def _as_reporter(tale: Tale, do: Callable[..., Any], **values: Any) -> None:
    tale.do(do, Actor(claims=frozenset({tale.case.pk})), **values)


def _told(tale: Tale) -> None:
    tale.later(0.1, 1.5)
    tale.act(actions.answer, "clerk", note=tale.words("answer"))


def _answered(tale: Tale) -> None:
    _told(tale)
    tale.later(1, 9)
    if tale.rng.random() < 0.5:
        _as_reporter(tale, actions.rate, stars=5, words="")


def _settled(tale: Tale) -> None:
    tale.later(0.1, 0.5)
    tale.act(actions.settle_on_spot, "grid_worker", note=tale.words("settle"))


def _refused(tale: Tale) -> None:
    tale.later(0.2, 2)
    tale.act(actions.refuse, "clerk", note=tale.words("refuse"), ground="not-ours")


def _referred(tale: Tale) -> None:
    tale.later(0.2, 2)
    tale.act(actions.refer, "clerk", note=tale.words("refer"), route=tale.rng.choice(ROUTES))


def _for_now(tale: Tale) -> None:
    in_hand(tale)
    tale.later(3, 10)
    with clock.at(tale.at):
        day = clock.today() + dt.timedelta(days=tale.rng.randint(20, 60))
    tale.act(actions.report_done, "handler", outcome="for_now", note=tale.words("for_now"), look_again_on=day)
    tale.later(0.5, 4)
    tale.act(actions.pass_check, "checker")
    tale.act(actions.close_case, "checker")


def _returned(tale: Tale) -> None:
    _dispatched(tale)
    tale.later(0.2, 2)
    tale.act(actions.send_back, "handler", reason=tale.words("send_back"))


def _disputed(tale: Tale) -> None:
    _returned(tale)
    tale.later(0.2, 2)
    tale.act(actions.object_to_return, "dispatcher", reason=tale.words("object"))


def _ruled(tale: Tale) -> None:
    _disputed(tale)
    tale.later(1, 5)
    body = bodies()[tale.case.body_id or 0]
    tale.act(actions.rule_on_return, "adjudicator", body=body, ground=tale.words("rule"))
    tale.later(0.2, 2)
    tale.act(actions.take, "handler")


def _handed_on(tale: Tale) -> None:
    in_hand(tale)
    tale.later(0.5, 3)
    tale.act(actions.hand_on, "dispatcher", body=_street_office(tale), reason=tale.words("hand_on"))
    tale.later(0.5, 3)
    tale.act(actions.take, "handler")


def _street_office(tale: Tale) -> Body:
    """The office of the case's street; where the case is with it already, there is nobody to hand it to."""
    case = tale.case
    for row in bodies().values():
        if row.kind_id == "street_office" and row.place_id == case.street_id and row.pk != case.body_id:
            return row
    raise Stop


def _ask(tale: Tale, kind: str, days: int, reason: str) -> None:
    in_hand(tale)
    tale.later(0.5, 4)
    with clock.at(tale.at):
        due = tale.case.resolve_due
        start = max(clock.today(), due.date()) if kind == "extend" and due else clock.today()
        until = start + dt.timedelta(days=days)
    tale.act(actions.ask_for, "handler", kind=kind, reason=reason, until=until)


def _granted(kind: str, days: int, reason: str) -> Callable[[Tale], None]:
    def story(tale: Tale) -> None:
        _ask(tale, kind, days, reason)
        tale.later(0.2, 3)
        tale.act(actions.decide, "approver", granted=True, ruling="情况属实，同意。")

    return story


def _asking(tale: Tale) -> None:
    _ask(tale, "extend", 7, "配件正在采购，预计一周到货。")


def _void(tale: Tale) -> None:
    _accepted(tale)
    tale.later(0.2, 2)
    tale.act(actions.ask_for, "clerk", kind="void", reason=tale.words("void"))
    tale.later(0.2, 2)
    tale.act(actions.decide, "approver", granted=True, ruling="同意作废。")


def _merged(tale: Tale) -> None:
    _accepted(tale)
    tale.later(0.2, 2)
    near = (
        Case.objects.filter(is_open=True, community_id=tale.case.community_id, registered_at__lt=tale.at)
        .exclude(pk=tale.case.pk)
        .order_by("-id")
        .first()
    )
    if near is None:
        raise Stop
    tale.act(actions.merge, "dispatcher", into=near, reason=tale.words("merge"))


def _asked_again(tale: Tale) -> None:
    _closed(tale)
    tale.later(2, 20)
    _as_reporter(tale, actions.rate, stars=1, words="修了一天又坏了")
    tale.later(0.5, 2)
    _as_reporter(tale, actions.reopen, reason=tale.words("reopen"))


def _reopened(tale: Tale) -> None:
    _asked_again(tale)
    tale.later(0.5, 2)
    tale.act(actions.dispatch, "dispatcher", **_to_body(tale))


def _reworked(tale: Tale) -> None:
    _reported(tale)
    tale.later(0.5, 5)
    tale.act(actions.fail_check, "checker", reason=tale.words("fail_check"))
    tale.later(2, 9)
    tale.act(actions.report_done, "handler", outcome="solved", note="按核查意见重新处理，已修好。")
    tale.later(0.5, 5)
    tale.act(actions.pass_check, "checker")
    tale.act(actions.close_case, "checker")


def _helped(tale: Tale) -> None:
    in_hand(tale)
    tale.later(0.5, 3)
    tale.act(actions.add_helper, "dispatcher", body=_street_office(tale), reason="要街道到场协调")


STORIES: dict[str, Callable[[Tale], None]] = {
    "rated": _rated,
    "closed": _closed,
    "told": _told,
    "answered": _answered,
    "settled": _settled,
    "refused": _refused,
    "referred": _referred,
    "for_now": _for_now,
    "registered": lambda tale: None,
    "accepted": _accepted,
    "dispatched": _dispatched,
    "in_hand": in_hand,
    "reported": _reported,
    "checked": _checked,
    "returned": _returned,
    "disputed": _disputed,
    "ruled": _ruled,
    "handed_on": _handed_on,
    "extended": _granted("extend", 10, "需要停水施工，要和小区约时间。"),
    "asking": _asking,
    "suspended": _granted("suspend", 25, "等供货，暂时没法施工。"),
    "long_term": _granted("list_long_term", 120, "要列入明年改造计划，已报资金。"),
    "void": _void,
    "merged": _merged,
    "asked_again": _asked_again,
    "reopened": _reopened,
    "reworked": _reworked,
    "helped": _helped,
    "stuck": in_hand,
}
