"""Encrypted columns with key ids, and blind indexes to find an encrypted value again.

Keys come from `settings.GONGZHI_FIELD_KEYS`: `{"active": "k2", "index": "k1", "keys": {"k1": base64, "k2": base64}}`,
32 bytes each, the oldest first. New values are sealed under `active`; old ones stay readable while their key is in the
list; `./up manage reencrypt` moves rows on while the site runs. `index` names the key of the blind indexes (by default
the first in the list): for a new one stop the site, change it, run `reencrypt`, start again, or people are not found
by their phone meanwhile. Indexes of `LASTING` purposes stay under the first key, which therefore stays in the list.
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models, router, transaction
from django.db.models.functions import Cast

NONCE_BYTES = 12
KEY_BYTES = 32
LASTING = frozenset({"case.claim"})
"""Purposes whose plain value is kept nowhere (a claim code is known to its owner alone): nobody could rebuild their index."""


class CannotDecrypt(ValueError):
    """The value is damaged, was moved from another column, or its key is no longer in the list."""


def seal(text: str, context: str) -> str:
    """`keyid:base64(nonce + ciphertext)`.

    `context` (model.field) is bound in: a value copied to another column does not open.
    """
    key_id = _active_id()
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + _cipher(key_id, _secret(key_id)).encrypt(nonce, text.encode(), context.encode())
    return f"{key_id}:{base64.b64encode(sealed).decode()}"


def unseal(value: str, context: str) -> str:
    """The plain text. Raises CannotDecrypt."""
    key_id, colon, body = value.partition(":")
    if not colon:
        raise CannotDecrypt(f"{context}: not an encrypted value")
    try:
        raw = base64.b64decode(body, validate=True)
        cipher = _cipher(key_id, _secret(key_id))
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], context.encode()).decode()
    except KeyError:
        raise CannotDecrypt(f"{context}: key {key_id!r} is not in GONGZHI_FIELD_KEYS") from None
    except (InvalidTag, binascii.Error, ValueError):
        raise CannotDecrypt(f"{context}: the value is damaged or belongs to another column") from None


def blind_index(value: str, purpose: str) -> str:
    """HMAC-SHA256 (64 hex) of `value` under a key of its own for `purpose`.

    Equal values of one purpose meet; two purposes cannot be joined. Bring the value into one form first.
    """
    config = _config()
    first = next(iter(config["keys"]))
    key_id = str(first if purpose in LASTING else config.get("index") or first)
    key = _derived(_secret(key_id), f"gongzhi blind index {purpose}")
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField[str | None, str | None]):
    """Text in Python, sealed in the database.

    The empty string stays empty. Cannot be searched: keep a blind index beside it.
    """

    def _context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = super().get_db_prep_value(value, connection, prepared)
        return seal(value, self._context()) if value else value

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return unseal(value, self._context()) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        # Every sealing differs, so `filter(phone=...)` would silently find nothing: refuse it aloud.
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


@dataclass(slots=True)
class Moved:
    """What became of the values that were not under the active key."""

    values: int = 0
    unreadable: int = 0


def sealed_columns(model: type[models.Model]) -> list[EncryptedTextField]:
    """The encrypted columns that the model's own table holds."""
    return [field for field in model._meta.local_concrete_fields if isinstance(field, EncryptedTextField)]


def is_current(value: str) -> bool:
    """Is a sealed value under the active key?"""
    return value.startswith(f"{_active_id()}:")


def reencrypt(model: type[models.Model], *, batch: int = 500, on_page: Callable[[Moved], object] | None = None) -> Moved:
    """Move every value of the model's encrypted columns to the active key. What cannot be read is counted and left.

    Safe beside running traffic: each value is exchanged only if it is still the one that was read. Broken off, it goes
    on where it was when it is called again: what is done no longer matches.
    """
    moved = Moved()
    for field in sealed_columns(model):
        last: Any = None
        while rows := _not_current(model, field, last, batch):
            _move_page(model, field, rows, moved)
            last = rows[-1][0]
            if on_page:
                on_page(moved)
    return moved


def _stored(model: type[models.Model], name: str) -> models.QuerySet[Any]:
    return model._base_manager.annotate(_stored=Cast(name, models.TextField()))


def _not_current(model: type[models.Model], field: EncryptedTextField, last: Any, batch: int) -> list[tuple[Any, str]]:
    old = _stored(model, field.name).exclude(_stored="").exclude(_stored__isnull=True).exclude(_stored__startswith=f"{_active_id()}:")
    page = old if last is None else old.filter(pk__gt=last)
    return list(page.order_by("pk").values_list("pk", "_stored")[:batch])


def _move_page(model: type[models.Model], field: EncryptedTextField, rows: list[tuple[Any, str]], moved: Moved) -> None:
    context = field._context()
    with transaction.atomic(using=router.db_for_write(model)):  # one commit for a page, not one for a value
        for pk, value in rows:
            try:
                fresh = models.Value(seal(unseal(value, context), context), output_field=models.TextField())
            except CannotDecrypt:
                moved.unreadable += 1
                continue
            moved.values += _stored(model, field.name).filter(pk=pk, _stored=value).update(**{field.name: fresh})


def _config() -> dict[str, Any]:
    config = getattr(settings, "GONGZHI_FIELD_KEYS", None)
    if not config or not config.get("keys") or config.get("active") not in config["keys"]:
        raise ImproperlyConfigured(
            "GONGZHI_FIELD_KEYS is missing or names no active key; ./up setup writes one to var/keys.json. "
            'It looks like {"active": "k1", "keys": {"k1": "<32 bytes in base64>"}}.'
        )
    return dict(config)


def _active_id() -> str:
    return str(_config()["active"])


def _secret(key_id: str) -> str:
    return str(_config()["keys"][key_id])


@lru_cache(maxsize=256)
def _derived(secret: str, info: str) -> bytes:
    try:
        raw = base64.b64decode(secret, validate=True)
    except binascii.Error as error:
        raise ImproperlyConfigured("a key in GONGZHI_FIELD_KEYS is not base64") from error
    if len(raw) != KEY_BYTES:
        raise ImproperlyConfigured(f"a key in GONGZHI_FIELD_KEYS has {len(raw)} bytes; {KEY_BYTES} are needed")
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info.encode()).derive(raw)


@lru_cache(maxsize=64)
def _cipher(key_id: str, secret: str) -> AESGCM:
    return AESGCM(_derived(secret, f"gongzhi field {key_id}"))
