"""`manage reencrypt` with two keys: everything moves, people are still found, claim codes still open, and it can be broken off."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models
from pytest_django.fixtures import Settings

from gongzhi.accounts.models import User
from gongzhi.accounts.phone_codes import index_of
from gongzhi.cases import actions, queries
from gongzhi.cases.actions.intake import Contact
from gongzhi.cases.models import Reporter
from gongzhi.community.actors import Actor
from gongzhi.kernel import crypto, crypto_rotation
from gongzhi.kernel.models import IdempotencyKey, Notice
from tests.cast import Town
from tests.kernel.test_crypto import KEYS, notice

PHONES = [f"1380000000{number}" for number in range(5)]
TABLES = ("accounts_user", "cases_reporter", "kernel_notice", "mfa_authenticator", "kernel_idempotencykey")


@pytest.fixture(autouse=True)
def _first_key(settings: Settings) -> None:
    use(settings, "k1", "k1")


def use(settings: Settings, *ids: str, active: str = "", index: str = "") -> None:
    settings.GONGZHI_FIELD_KEYS = {
        "active": active or ids[-1],
        "keys": {one: KEYS[one] for one in ids},
        **({"index": index} if index else {}),
    }


def run(capsys: Any, *args: str) -> str:
    call_command("reencrypt", *args)
    return str(capsys.readouterr().out)


def everything() -> str:
    """All that the tables of sealed values hold, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table}")
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


def people(town: Town) -> str:
    """Users with phones, a second factor, notices, a named and an anonymous report; the claim code of the latter."""
    names = ("resident", "neighbour", "clerk", "handler", "checker")
    for name, phone in zip(names, PHONES, strict=True):
        User.objects.filter(username=name).update(phone=phone, phone_index=index_of(phone))
    secret = get_adapter().encrypt("TOTPSECRET")
    Authenticator.objects.create(user=town.users["resident"], type="totp", data={"secret": secret, "plain": "stays"})
    Notice.objects.bulk_create([notice(phone, phone) for phone in PHONES])
    contact = Contact("张三", PHONES[0])
    actions.open_case(report=town.report(on_behalf=True, channel="phone", contact=contact), by=town.actor("clerk"))
    opened = actions.open_case(report=town.report(is_anonymous=True), by=Actor(), key="a-key", scope="guest")
    assert opened.claim_code
    return opened.claim_code


def test_everything_moves_and_the_old_key_can_go(town: Town, settings: Settings, capsys: Any) -> None:
    people(town)
    assert "k1:" in everything()
    use(settings, "k1", "k2")
    said = run(capsys, "--batch", "2")
    moved = int(said.split("moved=")[-1].split()[0])
    assert said.splitlines()[-1] == f"moved={moved} indexes=0 unreadable=0 clashes=0"
    assert moved >= 5 + 5 + 2 + 1 + 1  # users, notices, name and phone of the reporter, second factor, claim of the kept key
    assert "kernel.Notice 4 …" in said
    assert "k1:" not in everything()
    assert run(capsys).splitlines()[-1] == "moved=0 indexes=0 unreadable=0 clashes=0"
    use(settings, "k2")
    assert sorted(phone for phone in User.objects.values_list("phone", flat=True) if phone) == PHONES
    assert {row.name for row in Reporter.objects.all()} == {"张三", ""}
    held = Authenticator.objects.get().data
    assert (get_adapter().decrypt(held["secret"]), held["plain"]) == ("TOTPSECRET", "stays")
    outcome: Any = IdempotencyKey.objects.get().outcome
    assert crypto.unseal(outcome["claim"], "cases.intake.claim")


def test_a_new_index_key_loses_nobody_and_no_claim_code(town: Town, settings: Settings, capsys: Any) -> None:
    claim = people(town)
    use(settings, "k1", "k2", index="k2")
    assert not User.objects.filter(phone_index=index_of(PHONES[0])).exists()  # why the site stands still meanwhile
    assert "indexes=6 unreadable=0 clashes=0" in run(capsys, "--batch", "2")
    assert User.objects.get(phone_index=index_of(PHONES[3])).username == "handler"
    assert Reporter.objects.get(phone_index=crypto.blind_index(PHONES[0], "case.phone")).name == "张三"
    found = queries.claimed_case(claim)
    assert found is not None
    assert found.is_anonymous
    assert "indexes=0" in run(capsys)


def test_it_goes_on_where_it_was_broken_off(town: Town, settings: Settings, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    Notice.objects.bulk_create([notice(phone, phone) for phone in PHONES])
    use(settings, "k1", "k2")
    real, left = crypto.unseal, [3]

    def worn_out(value: str, context: str) -> str:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return real(value, context)

    with monkeypatch.context() as patch:
        patch.setattr(crypto, "unseal", worn_out)
        with pytest.raises(KeyboardInterrupt):
            run(capsys, "--batch", "1")
    assert everything().count("k2:") == 3
    assert "moved=2 " in run(capsys)
    assert "k1:" not in everything()


def test_what_cannot_be_read_is_left_counted_and_said(town: Town, settings: Settings, capsys: Any) -> None:
    people(town)
    user = User.objects.get(username="clerk")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET phone = 'k0:bG9zdA==' WHERE id = %s", [user.pk])
    use(settings, "k1", "k2", index="k2")
    with pytest.raises(CommandError, match="keep the old ones"):
        call_command("reencrypt")
    said = capsys.readouterr().out
    assert "indexes=5 unreadable=1 clashes=0" in said
    assert "k1:" not in everything()
    assert "k0:bG9zdA==" in everything()


def test_an_index_another_row_took_meanwhile_is_said(town: Town, settings: Settings, capsys: Any) -> None:
    people(town)
    use(settings, "k1", "k2", index="k2")
    User.objects.create(username="twice", phone=PHONES[0], phone_index=index_of(PHONES[0]))
    with pytest.raises(CommandError):
        call_command("reencrypt")
    said = capsys.readouterr().out
    assert "another row already has this phone_index" in said
    assert "indexes=5 unreadable=0 clashes=1" in said


def test_every_index_of_the_schema_is_rebuilt_or_says_why_not() -> None:
    listed = {f"{index.model}.{index.column}" for index in crypto_rotation.INDEXES} | set(crypto_rotation.NOT_REBUILT)
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if field.name.endswith("_index") and isinstance(field, models.CharField)
    }
    assert found == listed
    for index in crypto_rotation.INDEXES:
        assert isinstance(apps.get_model(index.model)._meta.get_field(index.source), crypto.EncryptedTextField)
