"""What can happen to a case, a file per chapter. Every change of state passes `moves.perform`."""

from gongzhi.cases.actions.checking import close_case, fail_check, look_again, look_over, pass_check, settle_on_spot
from gongzhi.cases.actions.dispatching import (
    accept_return,
    add_helper,
    dispatch,
    drop_helper,
    hand_on,
    object_to_return,
    rule_on_return,
    send_back,
)
from gongzhi.cases.actions.intake import Opened, Report, join_case, open_case
from gongzhi.cases.actions.judging import ask_back, rate, reopen
from gongzhi.cases.actions.receiving import accept, answer, correct, link_repeat, merge, publish_words, refer, refuse
from gongzhi.cases.actions.requesting import ask_for, decide, keep_listed, resume, take_up
from gongzhi.cases.actions.revealing import reveal_reporter
from gongzhi.cases.actions.working import report_done, respond, take

__all__ = [
    "Opened",
    "Report",
    "accept",
    "accept_return",
    "add_helper",
    "answer",
    "ask_back",
    "ask_for",
    "close_case",
    "correct",
    "decide",
    "dispatch",
    "drop_helper",
    "fail_check",
    "hand_on",
    "join_case",
    "keep_listed",
    "link_repeat",
    "look_again",
    "look_over",
    "merge",
    "object_to_return",
    "open_case",
    "pass_check",
    "publish_words",
    "rate",
    "refer",
    "refuse",
    "reopen",
    "report_done",
    "respond",
    "resume",
    "reveal_reporter",
    "rule_on_return",
    "send_back",
    "settle_on_spot",
    "take",
    "take_up",
]
