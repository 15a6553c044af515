"""One rule for comparing codes: what it ignores, what it does not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalog.codes import LONGEST, code_key, look_alike, normalise_code, written_code

CODES = st.text("ABCDEFGHJKMNPRTUVWXY0123456789+", min_size=1, max_size=LONGEST)
SEPARATORS = st.sampled_from(["-", " ", "－", "—", "/", ".", "_", "·", "(", "）", "\u3000"])


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@given(st.text(max_size=LONGEST))
def test_a_key_is_its_own_key(text: str) -> None:
    assert code_key(code_key(text)) == code_key(text)


@given(st.text(max_size=LONGEST))
def test_a_kept_code_is_kept_as_it_is_and_has_the_same_key(text: str) -> None:
    kept = written_code(text)
    assert written_code(kept) == kept
    assert code_key(kept) == code_key(text)


@given(CODES, st.data())
def test_width_case_and_what_separates_do_not_matter(code: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(code)))
    separated = code[:place] + data.draw(SEPARATORS) + code[place:]
    assert code_key(separated) == code_key(code.lower()) == code_key(full_width(code)) == code


@given(CODES, CODES)
def test_different_letters_and_digits_are_different_codes(one: str, other: str) -> None:
    assert (code_key(one) == code_key(other)) == (one == other)


@given(CODES)
def test_the_form_of_unicode_does_not_matter(code: str) -> None:
    assert code_key(unicodedata.normalize("NFD", code)) == code_key(code)


@pytest.mark.parametrize(
    ("one", "other"),
    [("JSQ25-13YD0", "JSQ25-13YDO"), ("KFR-35GW/YA8A1", "KFR-35GW/YA8AI"), ("CXW-200-YT01", "CXW-200-YTO1")],
)
def test_codes_that_look_alike_have_keys_of_their_own(one: str, other: str) -> None:
    assert look_alike(one) == look_alike(other)
    assert code_key(one) != code_key(other)


def test_the_better_twin_with_a_plus_is_another_model() -> None:
    assert code_key("BCD-405WKPZ+") != code_key("BCD-405WKPZ")


def test_a_code_is_kept_as_on_the_nameplate_and_said_in_capitals() -> None:
    assert written_code(" KFRd－72LW/DK1—N3 ") == "KFRd-72LW/DK1-N3"
    assert normalise_code(" KFRd－72LW/DK1—N3 ") == "KFRD-72LW/DK1-N3"
