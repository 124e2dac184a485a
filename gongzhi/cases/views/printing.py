"""Papers: 派遣单 for the body that must act, 告知书 for the one who reported. No name of a reporter stands on either."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongzhi.cases import queries, rules, telling
from gongzhi.cases.catalogue import catalogue
from gongzhi.cases.models import Case, Step, Wording
from gongzhi.cases.views.desk_case import desk_case, papers_of
from gongzhi.cases.views.who import actor, needs
from gongzhi.cases.workflow import Outcome
from gongzhi.community.directory import body_label
from gongzhi.kernel import clock, papers
from gongzhi.kernel.errors import DomainError, Missing


@require_GET
@needs(rules.can_see_words)
def paper(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """A paper of a case, for staff who meet it by a duty."""
    case = desk_case(request, code)
    return _paper(request, case, name)


@require_GET
def own_notice(request: HttpRequest, code: str) -> HttpResponse:
    """The 告知书 for the one who reported."""
    by = actor(request)
    case = queries.get_case(by, code)
    if not rules.is_reporter(by, case):
        raise Missing()
    return _paper(request, case, "notice")


def _paper(request: HttpRequest, case: Case, name: str) -> HttpResponse:
    if name not in DATA:
        raise Missing()
    if name not in dict(papers_of(case)):
        raise DomainError(_("这件诉求走到这一步还没有这份文件，办下一步以后再打印。"))
    content = papers.pdf(f"cases/templates/cases/papers/{name}.typ", DATA[name](request, case))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}-{case.code}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _dispatch(request: HttpRequest, case: Case) -> dict[str, Any]:
    sent = _last(case, "dispatch", "hand_on", "rule")
    return _common(request, case, "cases:desk_case") | {
        "title": _("派遣单"),
        "unit": body_label(sent.by_body_id) if sent and sent.by_body_id else _site(),
        "date": sent.at if sent else case.updated_at,
        "rows": [
            [_("承办单位"), body_label(case.body_id)],
            [_("类别"), telling.headline(case)],
            [_("地点"), telling.place_line(case)],
            [_("反映内容"), case.description or _("见照片")],
            [_("登记时间"), case.registered_at],
            [_("派单时间"), sent.at if sent else ""],
            [_("承诺时间"), case.resolve_due or ""],
            [_("派单理由"), telling.why_sent(catalogue().rule(case.rule_id), case.sent_because)],
            [_("交办要求"), sent.note if sent and sent.note else _("请在承诺时间前办好并反馈；不属于本单位职责的，请尽快退单并写明理由。")],
        ],
        "blanks": [_("签收人"), _("签收时间"), _("办理情况"), _("核查意见")],
    }


def _notice(request: HttpRequest, case: Case) -> dict[str, Any]:
    """What is written depends on the last step that was addressed to the reporter."""
    step = _last(case, "refuse", "refer", "answer", "close", "settle", "accept", "dispatch")
    verb = step.verb if step else "accept"
    ground = _wording(step)
    words = {"day": telling.day_of(case.registered_at), "what": _what(case), "code": case.code}
    return _common(request, case, "cases:case") | {
        "title": _titles()[verb],
        "unit": body_label(step.by_body_id) if step and step.by_body_id else _site(),
        "date": localtime(step.at if step else case.updated_at).date(),
        "opening": _("您于 %(day)s 反映的“%(what)s”（编号 %(code)s）已收悉。") % words,
        "body": [line for line in (_sentence(case, verb, ground), ground.words if ground else "", _reply(case, step)) if line],
        "greeting": _("尊敬的反映人："),
        "scan": _("扫码看这件诉求的进展；匿名反映的，请先输入查询码。"),
        "closing": _("如对本告知有不同意见，可以凭编号或查询码继续反映，也可以拨打 12345。"),
    }  # fmt: skip


def _titles() -> dict[str, str]:
    return {
        "refuse": _("不予受理告知书"),
        "refer": _("法定途径告知书"),
        "answer": _("答复告知书"),
        "close": _("办结告知书"),
        "settle": _("办结告知书"),
        "accept": _("受理告知书"),
        "dispatch": _("受理告知书"),
    }


def _sentence(case: Case, verb: str, ground: Wording | None) -> str:
    if verb == "refuse":
        return _("经研究，该事项不予受理。依据：%(ground)s。") % {"ground": ground.label} if ground else _("经研究，该事项不予受理。")
    if verb == "refer":
        return _("该事项应通过法定途径处理：%(way)s。") % {"way": ground.label} if ground else _("该事项应通过法定途径处理。")
    if verb == "answer":
        return _("现答复如下：")
    if verb in ("close", "settle"):
        return _("该事项已办结，办理结果：%(word)s。") % {"word": Outcome(case.outcome).label if case.outcome else _("已办结")}
    unit = body_label(case.body_id)
    due = telling.day_of(case.resolve_due) if case.resolve_due else ""
    words = _("该事项已受理，由%(unit)s承办") % {"unit": unit} if unit else _("该事项已受理，正在安排承办单位")
    return words + (_("，承诺 %(due)s 前办好。") % {"due": due} if due else _("。"))


def _reply(case: Case, step: Step | None) -> str:
    """What the reporter was told; a closing repeats what was done."""
    if step is not None and step.verb == "close":
        work = _last(case, "report_done")
        return (work.note if work else "") or step.note
    return step.note if step else ""


def _wording(step: Step | None) -> Wording | None:
    code = (step.data.get("ground") or step.data.get("route")) if step else None
    return Wording.objects.filter(code=code).first() if code else None


def _last(case: Case, *verbs: str) -> Step | None:
    return Step.objects.filter(case_id=case.pk, verb__in=verbs).order_by("-seq").first()


def _what(case: Case) -> str:
    words = " ".join(case.description.split())
    return words if 0 < len(words) <= 40 else telling.headline(case)


def _site() -> str:
    return getattr(settings, "GONGZHI_SITE_NAME", "") or str(_("共治平台"))


def _common(request: HttpRequest, case: Case, page: str) -> dict[str, Any]:
    url = request.build_absolute_uri(reverse(page, args=[case.code]))
    return {"number": case.code, "code": case.code, "qr": papers.qr_svg(url), "printed": clock.now()}


DATA = {"dispatch": _dispatch, "notice": _notice}
