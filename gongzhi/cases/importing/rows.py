"""Good rows of a sheet of messages become cases, lived in bulk: registered at their own time, ended at their reply's time.

A message is known again by its number and content, so that a sheet taken in twice doubles nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.cases import rules, timing
from gongzhi.cases.actions.bulk import Act, Life, write_lives
from gongzhi.cases.actions.intake import Contact, Report
from gongzhi.cases.models import Case
from gongzhi.cases.replay.world import DISTRICT as REPLAYED
from gongzhi.cases.workflow import Outcome
from gongzhi.community.actors import SYSTEM, Actor, Held, held_today
from gongzhi.community.levels import DISTRICT
from gongzhi.community.territory import level_keys, territory
from gongzhi.kernel import clock
from gongzhi.kernel.errors import DomainError
from gongzhi.kernel.flow.tables import Saying
from gongzhi.kernel.sheets import Context, ValidRow


def known_sentence() -> str:
    """What is said of a row whose message is a case already; the command counts these rows apart."""
    return _("这条留言已经登记过了，没有重复登记。")


def check_row(values: dict[str, Any]) -> None:
    """What one row must be beside its cells: a reply has its time, after the message; nothing happens in the future."""
    if values["at"] > clock.now():
        raise DomainError(_("留言时间还没有到，请核对年份。"), field="at")
    if values["reply"] and values["replied_at"] is None:
        raise DomainError(_("有答复意见，但没有答复时间。请补上答复时间。"), field="replied_at")
    if values["replied_at"] is None:
        return
    if not values["reply"]:
        raise DomainError(_("有答复时间，但没有答复意见。请补上答复内容，或者把时间也删掉。"), field="reply")
    if values["replied_at"] < values["at"]:
        raise DomainError(_("答复时间比留言时间还早，请核对这两个时间。"), field="replied_at")
    if values["replied_at"] > clock.now():
        raise DomainError(_("答复时间还没有到，请核对年份。"), field="replied_at")


def take_in(rows: Sequence[ValidRow], context: Context) -> list[tuple[int, str]]:
    """Write the rows that are new; the others come back with their sentence. Runs in the transaction of the batch."""
    desk = desk_of(context.by_id, context.options)
    keys = {row.number: key_of(row.values) for row in rows}
    known = set(Case.objects.filter(outside_key__in=keys.values()).values_list("outside_key", flat=True))
    fresh: list[ValidRow] = []
    for row in rows:
        if keys[row.number] not in known:
            known.add(keys[row.number])
            fresh.append(row)
    write_lives([_life(row.values, keys[row.number], desk) for row in fresh])
    written = {row.number for row in fresh}
    return [(row.number, known_sentence()) for row in rows if row.number not in written]


def key_of(values: Mapping[str, Any]) -> str:
    """The outside key of a message: its number, and a digest, because another site's sheet counts from one too."""
    content = "\n".join((values["at"].isoformat(), values["title"], values["text"]))
    return f"sheet:{values['number'][:30]}:{hashlib.sha256(content.encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class Desk:
    """Who takes the messages in, and whose level keys they bear: a message without a place belongs to the desk that received it."""

    actor: Actor
    levels: Mapping[str, int | None]


def desk_of(by_id: int | None, options: Mapping[str, Any]) -> Desk:
    """The desk of the person importing, or the one named by the command's `place`, or the only district of this town.

    Where there are several districts the messages bear none, like any report without a place, and every district's desk sees them.
    """
    held = tuple(post for post in held_today(by_id) if post.role in rules.DESK_ROLES) if by_id else ()
    actor = Actor(user_id=by_id, held=held) if held else SYSTEM
    return Desk(actor, level_keys(_receiving_place(held, options.get("place", ""))))


def _receiving_place(held: Sequence[Held], code: str) -> int | None:
    if code:
        node = territory().by_code.get(code)
        if node is None:
            raise DomainError(_("没有这个区域代码。请核对，或在地图上选地点。"), field="place_code")
        return node.id
    if held:
        return held[0].place_id
    districts = [node.id for node in territory().nodes.values() if node.kind == DISTRICT and node.code != REPLAYED]
    return districts[0] if len(districts) == 1 else None


def _life(values: Mapping[str, Any], key: str, desk: Desk) -> Life:
    report = Report(
        description="\n".join(filter(None, (values["title"], values["text"]))),
        channel=Case.Channel.SHEET,
        contact=Contact(name=values["user"]),
        outside_key=key,
        on_behalf=True,
    )
    return Life(report, desk.actor, values["at"], _reply(values), settle=_settled(values, desk))


def _reply(values: Mapping[str, Any]) -> list[Act]:
    if not values["reply"]:
        return []
    say = Saying(note=values["reply"], reason=_("导入时带来的答复"), data={"outcome": Outcome.EXPLAINED.value})
    return [Act("import_close", values["replied_at"], say=say, changes={"outcome": Outcome.EXPLAINED})]


def _settled(values: Mapping[str, Any], desk: Desk) -> Callable[[Case], None]:
    counts = {name: values[name] for name in ("likes", "dislikes") if values[name] is not None}

    def settle(case: Case) -> None:
        for name, place_id in desk.levels.items():
            setattr(case, name, place_id)
        case.attributes = counts
        if case.is_open:
            settle_clocks(case, clock.now())

    return settle


def settle_clocks(case: Case, now: dt.datetime) -> None:
    """The promise counts from the message's own day. Nobody was warned then, so nothing rings for what is past; it shows as late."""
    timing.set_next_due(case, now)
    case.is_late = case.resolve_due is not None and case.resolve_due < now


def known_among(reasons: Iterable[str]) -> int:
    """How many refusals only say that the message is a case already."""
    return sum(reason == known_sentence() for reason in reasons)
