"""Public codes that cannot be enumerated and can be read out on the telephone.

31 letters and digits without 0 O 1 I L. 31 is prime, so the last character, a weighted sum modulo 31, catches every
wrong character and every swapped pair. A case code carries 49 random bits, a claim code 44 (it opens a door only
where tries are counted).
"""

import secrets
import unicodedata
from collections.abc import Callable

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
BASE = len(ALPHABET)
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}

CODE_LENGTH = 11
"""Ten random characters and one check, written 3-4-4 like a Chinese mobile number."""
CLAIM_LENGTH = 10
"""Nine random characters and one check, written 5-5."""
MAX_PREFIX = 4
MAX_LENGTH = MAX_PREFIX + 1 + CODE_LENGTH + 2
"""Longest printed code: the width a column needs."""

Below = Callable[[int], int]
"""`below(n)` gives 0..n-1: `secrets.randbelow`, or a seeded `Random(...).randrange` for a demonstration."""


def new_code(prefix: str = "", *, below: Below = secrets.randbelow) -> str:
    """A code such as `7K3-Q9XW-M2AH`, or `GZ-7K3-Q9XW-M2AH` with a prefix of one to four of our letters."""
    if len(prefix) > MAX_PREFIX or any(letter not in _VALUE for letter in prefix):
        raise ValueError(f"a prefix is up to {MAX_PREFIX} of {ALPHABET}")
    return _written(_with_check(prefix + _random(CODE_LENGTH - 1, below)))


def claim_code(*, below: Below = secrets.randbelow) -> str:
    """What opens an anonymous case, such as `7K3Q9-XWM2A`. Store only its blind index."""
    return _written(_with_check(_random(CLAIM_LENGTH - 1, below)))


def normalise(text: str) -> str:
    """What a person typed, as we print it: case, spaces, full-width letters and any dashes do not matter.

    Never raises.
    """
    return _written(_bare(text))


def is_valid(text: str) -> bool:
    """Whether it could be one of ours: right length, right letters, right check character. Asks no database."""
    bare = _bare(text)
    if len(bare) != CLAIM_LENGTH and not CODE_LENGTH <= len(bare) <= CODE_LENGTH + MAX_PREFIX:
        return False
    return all(letter in _VALUE for letter in bare) and _check(bare[:-1]) == bare[-1]


def _random(length: int, below: Below) -> str:
    number = below(BASE**length)
    letters = []
    for _ in range(length):
        number, rest = divmod(number, BASE)
        letters.append(ALPHABET[rest])
    return "".join(letters)


def _check(body: str) -> str:
    # Weights from the right and never 0 modulo 31: no code is long enough to reach 31.
    return ALPHABET[sum(weight * _VALUE[letter] for weight, letter in enumerate(reversed(body), start=2)) % BASE]


def _with_check(body: str) -> str:
    return body + _check(body)


def _bare(text: str) -> str:
    """Capital letters and digits only, at most a screen line of them."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text[:80]).upper() if letter.isalnum())


def _written(bare: str) -> str:
    if len(bare) == CLAIM_LENGTH:
        return f"{bare[:5]}-{bare[5:]}"
    if len(bare) < CODE_LENGTH or len(bare) > CODE_LENGTH + MAX_PREFIX:
        return bare
    prefix, body = bare[:-CODE_LENGTH], bare[-CODE_LENGTH:]
    return "-".join(part for part in (prefix, body[:3], body[3:7], body[7:]) if part)
