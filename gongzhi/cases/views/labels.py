"""二维码: labels for the compounds and things in one's charge. Whoever scans one reports what is wrong there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongzhi.cases.views.who import actor, needs, page
from gongzhi.community import queries
from gongzhi.community.models import Compound, Facility
from gongzhi.community.queries import LabelFilter, Labelled
from gongzhi.community.rules import can_print_labels
from gongzhi.community.territory import Node, territory
from gongzhi.kernel import papers
from gongzhi.kernel.errors import DomainError

PAGE = 63
"""Three sheets of 21."""
MOST = 210
"""Ten sheets at once."""
COMPOUND = "compound"

Found = tuple[QuerySet[Compound], QuerySet[Facility]]


@require_GET
@needs(can_print_labels)
def labels(request: HttpRequest) -> HttpResponse:
    """What one may hang a label on, by kind, place and words."""
    asked = _asked(request)
    rows, following = queries.list_labelled(_found(request, asked), after=request.GET.get("after", "")[:40], size=PAGE)
    context = {
        "rows": [_row(one) for one in rows],
        "pager": {"next": following, "previous": "", "total": None, "shown": len(rows)},
        "filters": _groups(request, asked),
        "kept": [(key, value) for key in ("kind", "place", "q") if (value := request.GET.get(key))],
        "most": MOST,
        "is_narrowed": asked != LabelFilter(),
    }
    return page(request, "cases/labels/list.html", context)


@require_GET
@needs(can_print_labels)
def paper(request: HttpRequest) -> HttpResponse:
    """The ticked ones (without a tick the first of what the filters find) on A4 sheets of 3 x 7."""
    rows = _chosen(_found(request, _asked(request)), request.GET.getlist("id"))
    if not rows:
        raise DomainError(_("没有可以打印的。请先勾选小区或设施。"))
    data = {"labels": [_label(request, one) for one in rows], "scan": _("扫码反映这里的问题")}
    response = HttpResponse(papers.pdf("cases/templates/cases/papers/labels.typ", data), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="labels.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _asked(request: HttpRequest) -> LabelFilter:
    """The filters of the URL; what means nothing is left out."""
    kind = request.GET.get("kind", "")
    node = territory().by_code.get(request.GET.get("place", ""))
    known = kind == COMPOUND or kind in Facility.Kind.values
    return LabelFilter(kind if known else "", node.id if node else None, request.GET.get("q", "").strip()[:60])


def _found(request: HttpRequest, asked: LabelFilter) -> Found:
    return queries.labelled(actor(request), asked)


def _chosen(found: Found, ids: list[str]) -> list[Labelled]:
    """The ticked ones that are in this person's charge, in the order of the list."""
    if not ids:
        return queries.list_labelled(found, size=MOST)[0]
    compounds, things = _numbers(ids, "c"), _numbers(ids, "f")
    if len(compounds) + len(things) > MOST:
        raise DomainError(_("一次最多打印 %(limit)d 张，请分几次。") % {"limit": MOST})
    narrowed = found[0].filter(pk__in=compounds), found[1].filter(pk__in=things)
    return queries.list_labelled(narrowed, size=MOST)[0]


def _numbers(ids: list[str], mark: str) -> set[int]:
    parts = (one.partition(":") for one in ids)
    return {int(number) for kind, _sep, number in parts if kind == mark and number.isascii() and number.isdigit() and len(number) < 19}


def _row(one: Labelled) -> dict[str, Any]:
    is_compound = isinstance(one, Compound)
    return {
        "id": f"{'c' if is_compound else 'f'}:{one.pk}",
        "name": one.name,
        "code": one.code,
        "kind": _("小区") if isinstance(one, Compound) else one.get_kind_display(),
        "place": territory().address_of(one.place_id),
        "url": reverse("cases:scan", args=[one.tag]),
    }


def _label(request: HttpRequest, one: Labelled) -> dict[str, str]:
    path = reverse("cases:scan", args=[one.tag])
    # A label hangs for years: the site's own address goes before the one this person happened to come by.
    url = f"{settings.SITE_ORIGIN.rstrip('/')}{path}" if settings.SITE_ORIGIN else request.build_absolute_uri(path)
    return {"qr": papers.qr_svg(url, border=1), "name": one.name, "code": one.code, "place": territory().address_of(one.place_id)}


def _groups(request: HttpRequest, asked: LabelFilter) -> list[dict[str, Any]]:
    kinds = [(COMPOUND, _("小区")), *Facility.Kind.choices]
    areas = [(node.code, node.label) for node in _areas(request, asked.place_id)]
    groups = [_group("kind", _("种类"), kinds), _group("place", _("区域"), areas)]
    return [group for group in groups if group["options"]]


def _group(key: str, label: str, options: list[tuple[str, Any]]) -> dict[str, Any]:
    rows = [{"value": value, "text": text, "count": None} for value, text in options]
    return {"key": key, "label": label, "options": rows, "multi": False, "flat": False}


def _areas(request: HttpRequest, chosen: int | None) -> list[Node]:
    """One level at a time: under the place chosen and it, else under the places of the person's posts; patrol grids are passed over."""
    held = territory()
    if chosen is not None:
        return [held.nodes[chosen], *_under(chosen)]
    return [node for top in dict.fromkeys(post.place_id for post in actor(request).held) for node in _under(top)]


def _under(place_id: int) -> list[Node]:
    return [node for node in territory().children.get(place_id, []) if node.rung]
