import random
import re
from collections.abc import Callable

import pytest

from gongzhi.kernel import codes


def test_what_a_code_looks_like() -> None:
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{3}-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", codes.new_code())
    assert re.fullmatch(r"GZ-\w{3}-\w{4}-\w{4}", codes.new_code("GZ"))
    assert re.fullmatch(r"\w{5}-\w{5}", codes.claim_code())
    assert len(codes.new_code("GZKJ")) == codes.MAX_LENGTH
    assert len(codes.ALPHABET) == 31
    assert not set("0O1IL") & set(codes.ALPHABET)


def test_the_random_part_is_wide_and_spread() -> None:
    assert codes.BASE ** (codes.CODE_LENGTH - 1) > 2**49
    assert codes.BASE ** (codes.CLAIM_LENGTH - 1) > 2**44
    made = {codes.new_code() for _ in range(5_000)}
    assert len(made) == 5_000
    for place in (0, 1, 2, 4, 5, 6, 7, 9, 10, 11):  # every random place takes every letter
        assert {code[place] for code in made} == set(codes.ALPHABET)


@pytest.mark.parametrize("make", [lambda: codes.new_code(), lambda: codes.new_code("GZ"), codes.claim_code])
def test_every_wrong_letter_and_every_swap_of_neighbours_is_caught(make: Callable[[], str]) -> None:
    for _ in range(20):
        code = make().replace("-", "")
        assert codes.is_valid(code)
        for place, letter in enumerate(code):
            wrong = (code[:place] + other + code[place + 1 :] for other in codes.ALPHABET if other != letter)
            assert not any(codes.is_valid(one) for one in wrong)
        for place in range(len(code) - 1):
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert swapped == code or not codes.is_valid(swapped)


def test_as_people_type_it() -> None:
    code = codes.new_code("GZ", below=random.Random(1).randrange)
    bare = code.replace("-", "")
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in bare)
    for typed in (code.lower(), bare, f"  {bare[:5]} {bare[5:]} ", full_width, code.replace("-", "—"), code.replace("-", "－")):
        assert codes.normalise(typed) == code
        assert codes.is_valid(typed)


@pytest.mark.parametrize("typed", ["", "   ", "查询码", "0" * 11, "A" * 10_000, "\x00", "7K3-Q9XW-M2AH-EXTRA-LONG", "Ⅷ①½"])
def test_what_is_no_code_is_said_so_without_an_error(typed: str) -> None:
    assert not codes.is_valid(typed)
    assert len(codes.normalise(typed)) < 200


def test_a_seeded_source_repeats_for_the_demonstration_and_a_bad_prefix_is_refused() -> None:
    assert codes.new_code(below=random.Random(7).randrange) == codes.new_code(below=random.Random(7).randrange)
    for prefix in ("g", "GO", "TOOLONG"):
        with pytest.raises(ValueError, match="prefix"):
            codes.new_code(prefix)
