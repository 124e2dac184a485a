"""What can happen to a whistle."""

from gongzhi.whistles.actions.alarming import ring_deadline, ring_duty
from gongzhi.whistles.actions.blowing import ask_street, blow, call_more, decline, pass_on, withdraw
from gongzhi.whistles.actions.coming import answer, arrive, dispute, replace, rule
from gongzhi.whistles.actions.ending import decide, end, raise_again, raise_up, rate
from gongzhi.whistles.actions.leading import name_leads, send_down
from gongzhi.whistles.actions.splitting import accept_duty, add_duty, diagnose, drop_duty, move_duty, reject_duty, report_duty

__all__ = [
    "accept_duty",
    "add_duty",
    "answer",
    "arrive",
    "ask_street",
    "blow",
    "call_more",
    "decide",
    "decline",
    "diagnose",
    "dispute",
    "drop_duty",
    "end",
    "move_duty",
    "name_leads",
    "pass_on",
    "raise_again",
    "raise_up",
    "rate",
    "reject_duty",
    "replace",
    "report_duty",
    "ring_deadline",
    "ring_duty",
    "rule",
    "send_down",
    "withdraw",
]
