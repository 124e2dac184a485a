import base64
from typing import Any

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection
from django.db.models import F
from pytest_django import Settings

from gongzhi.kernel import clock
from gongzhi.kernel.crypto import CannotDecrypt, Moved, blind_index, reencrypt, seal, unseal
from gongzhi.kernel.models import Notice

KEYS = {f"k{number}": base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2)}
PHONE = "13800000000"


@pytest.fixture(autouse=True)
def _first_key(settings: Settings) -> None:
    settings.GONGZHI_FIELD_KEYS = {"active": "k1", "keys": {"k1": KEYS["k1"]}}


def to_second_key(settings: Any) -> None:
    settings.GONGZHI_FIELD_KEYS = {"active": "k2", "index": "k1", "keys": KEYS}


def notice(key: str, address: str = PHONE) -> Notice:
    now = clock.now()
    return Notice(channel="console", kind="k", key=key, address=address, created_at=now, send_after=now)


def stored(key: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM kernel_notice WHERE key = %s", [key])
        return str(cursor.fetchone()[0])


def test_it_opens_again_and_every_sealing_differs() -> None:
    one, two = seal("张三 13800000000", "a.b"), seal("张三 13800000000", "a.b")
    assert one != two
    assert one.startswith("k1:")
    assert "138" not in one
    assert unseal(one, "a.b") == unseal(two, "a.b") == "张三 13800000000"


def test_damage_another_column_and_a_lost_key_are_noticed(settings: Settings) -> None:
    value = seal(PHONE, "a.b")
    raw = bytearray(base64.b64decode(value[3:]))
    raw[20] ^= 1
    with pytest.raises(CannotDecrypt, match="damaged"):
        unseal("k1:" + base64.b64encode(raw).decode(), "a.b")
    with pytest.raises(CannotDecrypt, match="another column"):
        unseal(value, "a.c")
    for nonsense in ("k1:", "k1:!!", "k1:" + base64.b64encode(b"short").decode()):
        with pytest.raises(CannotDecrypt):
            unseal(nonsense, "a.b")
    with pytest.raises(CannotDecrypt, match="not an encrypted value"):
        unseal(PHONE, "a.b")
    settings.GONGZHI_FIELD_KEYS = {"active": "k2", "keys": {"k2": KEYS["k2"]}}
    with pytest.raises(CannotDecrypt, match="'k1' is not in"):
        unseal(value, "a.b")


@pytest.mark.parametrize(
    "config",
    [
        None,
        {},
        {"active": "k1", "keys": {}},
        {"active": "k9", "keys": KEYS},
        {"active": "k1", "keys": {"k1": "short"}},
        {"active": "k1", "keys": {"k1": "c2hvcnQ="}},
    ],
)
def test_missing_or_wrong_keys_are_said_clearly(settings: Settings, config: Any) -> None:
    settings.GONGZHI_FIELD_KEYS = config
    with pytest.raises(ImproperlyConfigured, match="GONGZHI_FIELD_KEYS"):
        seal(PHONE, "a.b")


def test_equal_values_meet_within_a_purpose_only(settings: Settings) -> None:
    assert blind_index(PHONE, "phone") == blind_index(PHONE, "phone")
    assert len({blind_index(PHONE, "phone"), blind_index(PHONE, "vote"), blind_index("13800000001", "phone")}) == 3
    assert len(blind_index(PHONE, "phone")) == 64
    before = blind_index(PHONE, "phone")
    to_second_key(settings)
    assert blind_index(PHONE, "phone") == before  # a new active key does not lose people


@pytest.mark.django_db
def test_a_column_is_text_in_python_and_sealed_in_the_database() -> None:
    notice("a").save()
    assert PHONE not in stored("a")
    assert stored("a").startswith("k1:")
    row = Notice.objects.get()
    assert row.address == PHONE
    row.address = "13900000000"
    row.save()
    assert Notice.objects.values_list("address", flat=True).get() == "13900000000"
    Notice.objects.update(address="")
    assert stored("a") == ""
    assert Notice.objects.get().address == ""


@pytest.mark.django_db
def test_bulk_writing_seals_too() -> None:
    Notice.objects.bulk_create([notice("a"), notice("b")])
    assert stored("a") != stored("b")
    rows = list(Notice.objects.all())
    for row in rows:
        row.address = "13700000000"
    Notice.objects.bulk_update(rows, ["address"])
    assert stored("a").startswith("k1:")
    assert set(Notice.objects.values_list("address", flat=True)) == {"13700000000"}


@pytest.mark.django_db
def test_searching_a_sealed_column_is_refused_aloud() -> None:
    for lookup in ("address", "address__contains", "address__in"):
        with pytest.raises(FieldError):
            Notice.objects.filter(**{lookup: PHONE})
    assert not Notice.objects.filter(address__isnull=True).exists()


@pytest.mark.django_db
def test_rows_move_to_the_new_key(settings: Settings) -> None:
    Notice.objects.bulk_create([notice(str(number), f"1380000000{number}") for number in range(5)] + [notice("empty", "")])
    to_second_key(settings)
    notice("new").save()
    assert reencrypt(Notice, batch=2) == Moved(values=5)
    assert reencrypt(Notice) == Moved()
    settings.GONGZHI_FIELD_KEYS = {"active": "k2", "keys": {"k2": KEYS["k2"]}}
    found = dict(Notice.objects.order_by("key").values_list("key", "address"))
    assert found == {**{str(number): f"1380000000{number}" for number in range(5)}, "empty": "", "new": PHONE}


@pytest.mark.django_db
def test_what_a_user_changes_meanwhile_is_not_overwritten(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    notice("a").save()
    to_second_key(settings)

    def unseal_and_change(value: str, context: str) -> str:
        Notice.objects.update(attempts=F("attempts") + 1, address="13900000000")
        return unseal(value, context)

    with monkeypatch.context() as patch:
        patch.setattr("gongzhi.kernel.crypto.unseal", unseal_and_change)
        assert reencrypt(Notice) == Moved()
    assert Notice.objects.get().address == "13900000000"
