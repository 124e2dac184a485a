"""Which role reaches how far: the one table behind `visible_to`. Pure.

A role reaches cases by *place* (everything in the area of the post), by *body* (only what was given to that body),
or not at all. A role that is not in the table reaches nothing: it fails closed.
"""

from __future__ import annotations

from typing import Final, Literal

from django.utils.translation import gettext_lazy as _

Reach = Literal["place", "body", "none"]

ROLE_NAMES: Final = {
    "grid_worker": _("网格员"),
    "clerk": _("受理员"),
    "dispatcher": _("派遣员"),
    "handler": _("承办人"),
    "steward": _("物业管家"),
    "checker": _("核查员"),
    "adjudicator": _("权责裁定人"),
    "approver": _("审批人"),
    "secretary": _("社区书记"),
    "supervisor": _("监督员"),
    "leader": _("区领导"),
    "mediator": _("调解员"),
    "caller": _("回访员"),
    "sent_down": _("下沉干部"),
    "operator": _("系统管理员"),
}

REACH: Final[dict[str, Reach]] = {
    "grid_worker": "place",
    "clerk": "place",
    "dispatcher": "place",
    "handler": "body",
    "steward": "body",
    "checker": "place",
    "adjudicator": "place",
    "approver": "place",
    "secretary": "place",
    "supervisor": "place",
    "leader": "place",
    "mediator": "none",
    "caller": "none",
    "sent_down": "none",
    "operator": "none",
}

SEES_WORDS: Final = frozenset(
    {"grid_worker", "clerk", "dispatcher", "handler", "steward", "checker", "adjudicator", "approver", "secretary", "supervisor"}
)
"""Roles that read the words of a case; a leader sees figures and the public side."""
