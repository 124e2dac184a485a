"""Registrations of the room: notice texts, pictures, periodic work."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from gongzhi.community.actors import actor_of
from gongzhi.kernel import attachments, notices
from gongzhi.whistles import tasks  # its import registers the periodic work
from gongzhi.whistles.models import Whistle

__all__ = ["register", "tasks"]
WORDS = {
    "whistle.called": (_("吹哨：%(code)s"), _("请你们单位到场。点开看什么事、在哪里、几点到，并先响应。")),
    "whistle.asked": (_("社区请街道吹哨：%(code)s"), _("请决定吹哨还是不吹，并告诉社区。")),
    "whistle.disputed": (_("有单位称不归其管：%(code)s"), _("请裁定人按权责清单裁定。")),
    "whistle.ruled": (_("已裁定：%(code)s"), _("点开看裁定和依据。")),
    "whistle.duty": (_("会诊任务：%(code)s"), _("有一项任务交给你们单位，点开看做什么、哪天办好。")),
    "whistle.lead": (_("请您到这件事里来：%(code)s"), _("点开看您承担什么。")),
    "whistle.raised": (_("提请决定：%(code)s"), _("吹哨没有解决的事，请您这一级决定。")),
    "whistle.soon": (_("快到时限：%(code)s"), _("时间只剩四分之一，请抓紧。")),
    "whistle.late": (_("超过时限：%(code)s"), _("还没有响应或到场，请马上过问。")),
    "whistle.ended": (_("吹哨解除：%(code)s"), _("事情办完了，请评价这一次配合得怎样。")),
    "whistle.moved": (_("吹哨有进展：%(code)s"), _("点开看最新情况。")),
}


def register() -> None:
    for kind, (title, body) in WORDS.items():
        notices.register(kind, title=title, body=body, url="/whistles/%(code)s/")
    attachments.register_owner("whistles.whistle", may_see_pictures)


def may_see_pictures(request: Any, whistle_id: int) -> bool:
    """Pictures of a whistle are seen by who sees the whistle."""
    return Whistle.objects.visible_to(actor_of(request.user)).filter(pk=whistle_id).exists()
