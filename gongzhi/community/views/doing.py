"""Doing from a page: the door that asks a named rule, the acts on offer with their forms, and the run of one act."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from gongzhi.community.acting import Act, AskForm
from gongzhi.community.actors import Actor, actor_of
from gongzhi.kernel.errors import Conflict, DomainError, NotAllowed

View = Callable[..., HttpResponseBase]
Show = Callable[..., HttpResponse]
"""`show(request, wrong=form, refused=words, status=422)` draws the matter's page with the form as it was sent."""


Who = Callable[[HttpRequest], Actor]
Rule = Callable[[Actor], bool]


def door(who: Who) -> Callable[[Rule], Callable[[View], View]]:
    """A door that asks a named rule once at the entrance: strangers sign in first, others are told in words."""

    def needs(rule: Rule) -> Callable[[View], View]:
        def wrap(view: View) -> View:
            @wraps(view)
            def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                if not rule(who(request)):
                    raise NotAllowed()
                return view(request, *args, **kwargs)

            return guarded

        return wrap

    return needs


def actor(request: HttpRequest) -> Actor:
    """The actor of this request."""
    return actor_of(request.user)


needs = door(actor)


def prefix_of(act: Act, matter: Any) -> str:
    """The name of an act's form on a page; parts of a matter, which stand there several times, add their id."""
    return act.name if getattr(matter, "code", None) else f"{act.name}-{matter.pk}"


def offered(
    acts: Iterable[Act], matter: Any, by: Actor, address: Callable[[Act], str], wrong: AskForm | None = None
) -> list[dict[str, Any]]:
    """The acts as `components/acts.html` takes them; the one just refused keeps what was typed, under the version that holds now."""
    found = []
    for act in acts:
        is_wrong = wrong is not None and wrong.act.name == act.name and wrong.matter == matter
        form = wrong if wrong is not None and is_wrong else AskForm(act, matter, by, prefix=prefix_of(act, matter))
        fields = [form[name] for name in form.fields if name != "version"]
        found.append({"act": act, "form": form, "fields": fields, "wrong": is_wrong, "url": address(act)})
    return found


def run_act(request: HttpRequest, act: Act, matter: Any, by: Actor, *, show: Show, back: str) -> HttpResponse:
    """One act as it was sent: its effect and the way back, or the page again with the sentence and what was typed."""
    form = AskForm(act, matter, by, request.POST, prefix=prefix_of(act, matter))
    if not form.is_valid():
        return show(request, wrong=form, refused="", status=422)
    try:
        if form.cleaned_data["version"] not in (None, getattr(matter, "version", None)):
            raise Conflict()
        act.run(matter, by, form.values())
    except DomainError as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, refused.message)
        return show(request, wrong=form, refused="" if field else refused.message, status=refused.status)
    messages.success(request, str(act.said))
    return redirect(back)
