"""Who reports without a name while signed in leaves nothing that says who it was: not in a row, not in a session, not in a key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.models import model_to_dict
from django.test import Client
from PIL import Image

from gongzhi.accounts.models import User
from gongzhi.cases.claims import COOKIE
from gongzhi.cases.models import Case, Reporter
from gongzhi.kernel.models import Attachment, AuditEntry
from tests.cases.test_resident_pages import FORM
from tests.cast import Town

pytestmark = pytest.mark.django_db


def rows_of_everything() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of every table, as text of its columns."""
    for model in apps.get_models():
        for row in model._default_manager.all():
            yield model._meta.label, {**model_to_dict(row), **{name: getattr(row, name) for name in vars(row) if not name.startswith("_")}}


def says_who(values: dict[str, Any], user: User) -> bool:
    people = {name: value for name, value in values.items() if name.endswith(("user_id", "by_id", "actor_id", "recipient_id"))}
    return user.pk in people.values() or f"user:{user.pk}" in str(values)


def says_which(label: str, values: dict[str, Any], case: Case) -> bool:
    of_case = values.get("case_id") == case.pk or (values.get("object_type") == "cases.case" and values.get("object_id") == case.pk)
    return of_case or (label == "cases.Case" and values["id"] == case.pk) or case.code in str(values)


def photo() -> SimpleUploadedFile:
    from io import BytesIO

    content = BytesIO()
    Image.new("RGB", (60, 60), (90, 120, 40)).save(content, "JPEG")
    return SimpleUploadedFile("a.jpg", content.getvalue(), "image/jpeg")


def report(client: Client, **more: str) -> Case:
    token = json.loads(client.post("/files/", {"file": photo()}).content)["token"]
    assert client.post("/report/", FORM | {"photos": token} | more).status_code == 302
    return Case.objects.latest("id")


def test_no_row_says_who_reported_without_a_name(town: Town) -> None:
    client, user = town.client("resident"), town.users["resident"]
    case = report(client, is_anonymous="on")
    both = [(label, values) for label, values in rows_of_everything() if says_who(values, user) and says_which(label, values, case)]
    assert not both
    for session in Session.objects.all():
        held = str(session.get_decoded())
        assert case.code not in held
        assert "claim" not in held
    assert not Reporter.objects.filter(case=case, user__isnull=False).exists()
    assert Attachment.objects.get().uploaded_by_id is None
    assert AuditEntry.objects.filter(object_id=case.pk, object_type="cases.case", actor_id=user.pk).count() == 0


def test_the_same_look_finds_who_reported_with_a_name(town: Town) -> None:
    client, user = town.client("resident"), town.users["resident"]
    case = report(client)
    assert [label for label, values in rows_of_everything() if says_who(values, user) and says_which(label, values, case)]


def test_a_repeated_post_makes_one_case_and_shows_its_claim_code_again(town: Town) -> None:
    client = town.client("resident")
    first = client.post("/report/", FORM | {"is_anonymous": "on"}, follow=True).content.decode()
    again = client.post("/report/", FORM | {"is_anonymous": "on"}, follow=True).content.decode()
    case = Case.objects.get()
    assert case.code in first
    assert case.code in again
    other = town.client("neighbour")
    other.post("/report/", FORM | {"is_anonymous": "on"})
    assert Case.objects.count() == 2


def test_the_browser_keeps_its_claims_until_it_signs_out(town: Town) -> None:
    client = town.client("resident")
    case = report(client, is_anonymous="on")
    assert client.get(f"/cases/{case.code}/").status_code == 200
    assert case.code in client.get("/mine/").content.decode()
    client.cookies[COOKIE] = client.cookies[COOKIE].value + "x"
    assert client.get(f"/cases/{case.code}/").status_code == 404
    client = town.client("neighbour")
    other = report(client, is_anonymous="on", idempotency_key="k2")
    client.post("/accounts/logout/")
    assert client.get(f"/cases/{other.code}/").status_code == 404
