"""A code is exact only when it is that very code; a mistyped one is offered among the first three and never chosen."""

import random
from string import ascii_uppercase, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding import CodeIndex, Match, code_key, find_codes, normalise_code

FAMILIES = ["KFR-26GW/", "KFR-35GW/", "KFR-72LW/", "BCD-216", "BCD-501W", "XQG100-B", "JSQ30-16", "ES60H-", "CXW-200-"]
CONFUSED = {
    "O": "0",
    "0": "O",
    "I": "1",
    "1": "I",
    "L": "1",
    "B": "8",
    "8": "B",
    "S": "5",
    "5": "S",
    "Z": "2",
    "2": "Z",
}


def catalogue(size: int) -> list[str]:
    dice = random.Random(7)
    made = {
        dice.choice(FAMILIES) + "".join(dice.choices(ascii_uppercase + digits, k=dice.randint(4, 8)))
        for _ in range(size)
    }
    return sorted(made)


def slip(code: str, dice: random.Random) -> str:
    place = dice.randrange(len(code) - 1)
    kind = dice.choice(["confuse", "confuse", "leave out", "swap", "double", "other"])
    if kind == "confuse" and (places := [i for i, c in enumerate(code) if c in CONFUSED]):
        place = dice.choice(places)
        return code[:place] + CONFUSED[code[place]] + code[place + 1 :]
    if kind == "leave out":
        return code[:place] + code[place + 1 :]
    if kind == "swap":
        return code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if kind == "double":
        return code[:place] + code[place] + code[place:]
    return code[:place] + dice.choice(ascii_uppercase + digits) + code[place + 1 :]


CODES = catalogue(700)
INDEX = CodeIndex((code, code) for code in CODES)


@pytest.mark.parametrize(
    "written", ["kfr-35gw/01gds", "KFR 35GW 01GDS", "ＫＦＲ－３５ＧＷ／０１ＧＤＳ", "KFR—35GW/01GDS", "kfr_35gw01gds"]
)
def test_dashes_spaces_case_and_width_do_not_matter(written: str) -> None:
    hit = CodeIndex([(1, "KFR-35GW/01GDS")]).exact(written)
    assert hit is not None
    assert (hit.id, hit.match) == (1, Match.EXACT)


def test_letters_that_look_alike_are_only_near() -> None:
    index = CodeIndex([(1, "BCD-501WDGX")])
    assert index.exact("BCD-5O1WDGX") is None
    hit = index.folded("BCD-5O1WDGX")
    assert hit is not None
    assert (hit.id, hit.match) == (1, Match.FOLDED)
    assert normalise_code("bcd-5o1") == "BCD-5O1"


def test_two_codes_that_look_alike_are_both_offered_and_neither_chosen() -> None:
    index = CodeIndex([(1, "ES60H-B8"), (2, "ES60H-88")])
    assert index.folded("ES60H-8B") is None
    assert {hit.id for hit in index.near("ES60H-8B")} == {1, 2}


def test_codes_that_differ_only_in_dashes_are_told_apart_by_them() -> None:
    index = CodeIndex([(1, "F50-21W"), (2, "F5021-W")])
    hit = index.exact("f50-21w")
    assert hit is not None
    assert hit.id == 1
    assert index.exact("F5021W") is None


def test_an_ending_left_out_still_finds_the_code() -> None:
    assert CodeIndex([(1, "JSQ31-16WD5(12T)")]).near("JSQ31-16WD5")[0].id == 1


def test_the_name_of_a_family_is_no_product() -> None:
    assert CodeIndex((n, f"KFR-35GW/{n}ABC{n}") for n in range(10, 60)).near("KFR-35GW") == []


@pytest.mark.parametrize(("slips", "seed"), [(1, 1), (1, 2), (2, 3), (2, 4)])
def test_the_right_code_is_among_the_first_three(slips: int, seed: int) -> None:
    dice = random.Random(seed)
    found = 0
    for code in CODES:
        written = code
        for _ in range(slips):
            written = slip(written, dice)
        found += code in [hit.code for hit in INDEX.near(written)]
    assert found / len(CODES) >= 0.97


def test_no_code_one_edit_away_is_ever_taken_for_another() -> None:
    dice = random.Random(9)
    for code in CODES:
        written = slip(code, dice)
        hit = INDEX.exact(written)
        assert hit is None or code_key(hit.code) == code_key(written)


def test_in_a_large_catalogue_the_right_one_is_still_among_three() -> None:
    codes = catalogue(100_000)
    index, dice = CodeIndex(enumerate(codes)), random.Random(5)
    meant = codes[::1000]
    found = sum(code in [hit.code for hit in index.near(slip(code, dice))] for code in meant)
    assert found >= 0.9 * len(meant)


@given(st.text())
def test_any_text_may_be_looked_up(text: str) -> None:
    hit = INDEX.exact(text)
    assert hit is None or code_key(hit.code) == code_key(text)
    assert len(INDEX.near(text)) <= 3


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("我家挂机KFR-35GW/13BEB23AU1往床上滴水", ["KFR-35GW/13BEB23AU1"]),
        ("BCD 216 SDEGU1不制冷", ["BCD 216 SDEGU1"]),
        ("jsq24-ut(12t)打不着", ["jsq24-ut(12t)"]),
        ("型号JSQ25一13UTS", ["JSQ25一13UTS"]),
        ("XQG100-B12 报E1", ["XQG100-B12"]),
        ("住3栋2单元502，1.5匹，50L，电话13800138000", []),
        ("订单号20251101123456789012", []),
        ("显示E4", []),
    ],
)
def test_codes_are_found_in_a_sentence_as_written(text: str, written: list[str]) -> None:
    assert [found.value.written for found in find_codes(text, CodeIndex([(1, "BCD-216SDEGU1")]))] == written


def test_a_serial_number_is_told_from_a_code() -> None:
    (found,) = find_codes("序列号 CB0KU0000G8XKJ7K0088", INDEX)
    assert found.value.is_serial
    assert found.value.hit is None
