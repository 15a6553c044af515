"""What holds of every price, whatever is wanted and whoever pays."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.pricing.fee_facts import CUSTOMER, KINDS, PART, PAYERS, Card, Facts, Goodwill, Judged, Line, Wanted, total
from domain.pricing.fees import GOODWILL, price, price_declined, share
from domain.pricing.goodwill import carried
from domain.pricing.rules import billed, capped, hash_of_lines, split_by_account
from tests.domain.pricing.test_price_cases import PARTS, ROWS

CODES = [row.code for row in ROWS if row.kind in ("labour", "extra")] + ["ghost"]
MATERIALS = [row.code for row in ROWS if row.kind == "material"]
RESULTS = st.sampled_from(["covered", "over", "excluded", "unknown"])
JUDGED = st.builds(
    Judged, st.sampled_from(["labour", "whole", "main_parts", "压缩机"]), st.just("部件"), RESULTS,
    st.sampled_from(["statutory", "brand", "cover", "card"]), st.just(""), st.just("因为"),
)  # fmt: skip
LIMITS = st.none() | st.integers(0, 20_000)
KEYS = st.sampled_from(["*", "labour.board", "part.DR", "part.YSJ", "travel"])
FACTS = st.builds(
    Facts,
    day=st.just("2026-05-12"),
    category=st.sampled_from(["air_conditioner", "refrigerator", "washing_machine", "gas_stove"]),
    service=st.sampled_from(["repair", "install", "maintenance", "exchange"]),
    wanted=st.builds(
        Wanted.of,
        st.dictionaries(st.sampled_from(CODES), st.integers(1, 5_000), max_size=3),
        st.dictionaries(st.sampled_from([one.code for one in PARTS]), st.sampled_from([1000, 2000, 9000]), max_size=3),
        st.dictionaries(st.sampled_from(MATERIALS), st.integers(1, 20_000), max_size=2),
    ),
    rows=st.just(ROWS),
    parts=st.just(PARTS),
    answers=st.lists(JUDGED, max_size=4, unique_by=lambda one: one.component).map(tuple),
    cards=st.lists(
        st.builds(Card, st.just("rd_1"), st.just("卡"), st.lists(st.sampled_from(list(KINDS)), unique=True).map(tuple)),
        max_size=1,
    ).map(tuple),
    goodwill=st.lists(st.builds(Goodwill, KEYS, st.integers(0, 1000), st.just("老客户"), LIMITS), max_size=2).map(
        tuple
    ),
    km=st.none() | st.integers(0, 80),
    night=st.booleans(),
    holiday=st.sampled_from(["", "春节"]),
    rectifies=st.booleans(),
)


@given(FACTS)
def test_every_fen_has_one_payer_and_nothing_is_negative(facts: Facts) -> None:
    lines = price(facts).lines
    assert sum(sum(one.fen for one in lines if one.payer == payer) for payer in PAYERS) == total(lines)
    assert price(facts).customer_fen == sum(one.fen for one in lines if one.payer == CUSTOMER) >= 0
    assert all(one.fen >= 0 and one.why and one.payer in PAYERS for one in lines)
    assert len({one.key for one in lines}) == len(lines)


@given(FACTS, st.randoms(use_true_random=False))
def test_the_order_in_which_things_are_known_changes_nothing(facts: Facts, chance: Any) -> None:
    def mixed(some: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(chance.sample(list(some), len(some)))

    other = replace(
        facts, rows=mixed(facts.rows), parts=mixed(facts.parts), answers=mixed(facts.answers), goodwill=mixed(facts.goodwill),
        wanted=Wanted(*(mixed(one) for one in (facts.wanted.fees, facts.wanted.parts, facts.wanted.materials))),
    )  # fmt: skip
    assert price(other) == price(facts)
    assert price_declined(other) == price_declined(facts)


@given(FACTS)
def test_a_rectification_costs_the_customer_nothing_and_cover_never_costs_more(facts: Facts) -> None:
    assert price(replace(facts, rectifies=True)).customer_fen == 0
    assert (
        price(facts).customer_fen
        <= price(replace(facts, answers=(), cards=(), goodwill=(), rectifies=False)).customer_fen
    )


@given(FACTS)
def test_it_survives_being_stored(facts: Facts) -> None:
    stored = Facts.from_json(json.loads(json.dumps(facts.to_json())))
    assert price(stored) == price(facts)
    assert (
        tuple(Line.from_json(json.loads(json.dumps(one.to_json()))) for one in price(facts).lines) == price(facts).lines
    )


@given(FACTS, st.data())
def test_a_bill_is_never_above_what_was_confirmed_nor_above_the_sheet(facts: Facts, data: Any) -> None:
    lines = price(facts).lines
    keys = [one.key for one in lines]
    sheet = data.draw(st.dictionaries(st.sampled_from([*keys, "strange"]), st.integers(0, 300_000)))
    parts = {one.code: data.draw(st.sampled_from([0, 1000, 2000, 20_000])) for one in lines if one.kind == PART}
    bill = billed(lines, sheet, parts)
    confirmed = {one.key: one for one in lines}
    assert all(
        one.payer == CUSTOMER and one.fen <= confirmed[one.key].fen and one.fen <= sheet[one.key] for one in bill
    )
    assert total(bill) <= price(facts).customer_fen
    for provider in ("", "pr_1"):
        assert sum(int(one["fen"]) for one in split_by_account(bill, provider)) == total(bill)


@given(FACTS, st.data())
def test_of_two_prices_the_customer_pays_the_smaller_and_nothing_is_lost(facts: Facts, data: Any) -> None:
    lines = price(facts).lines
    shown = {one.key: data.draw(st.integers(0, 200_000)) for one in lines if data.draw(st.booleans())}
    kept = capped(lines, shown, "shown_less", "更低")
    assert total(kept) == total(lines)
    assert all(one.fen <= shown.get(one.key, 0) for one in kept if one.payer == CUSTOMER)


SMALL = Facts(
    "2026-05-12", "air_conditioner", "repair", Wanted.of(parts={"DR": 1000}), ROWS, PARTS,
    goodwill=(Goodwill("*", 1000, "老客户"),),
)  # fmt: skip
MORE = replace(SMALL, wanted=Wanted.of(parts={"DR": 9000}))
OTHER = replace(SMALL, wanted=Wanted.of(parts={"YSJ": 1000}))


@settings(max_examples=40)
@given(FACTS, FACTS, FACTS)
@example(SMALL, MORE, OTHER)
def test_what_is_carried_over_is_never_more_than_was_granted_line_by_line_and_in_all(
    first: Facts, second: Facts, third: Facts
) -> None:
    first = replace(first, goodwill=tuple(replace(one, at_most=None) for one in first.goodwill))
    granted = given_in(first)
    one = replace(second, goodwill=carried(first))
    two = replace(third, goodwill=carried(one))
    for later in (one, two, replace(first, goodwill=carried(two))):
        assert all(fen <= granted.get(key, 0) for key, fen in given_in(later).items())
    assert price(replace(first, goodwill=carried(first))) == price(first), "the same work costs the same"


def given_in(facts: Facts) -> dict[str, int]:
    lines = (*price(facts).lines, *price_declined(facts).lines)
    return {one.key.removesuffix("+"): one.fen for one in lines if one.rule == GOODWILL}


@given(st.integers(0, 10**7), st.integers(0, 10**6), st.integers(1, 10**4))
def test_rounding_is_half_up_in_whole_numbers(fen: int, parts: int, of: int) -> None:
    found = share(fen, parts, of)
    assert 2 * abs(found * of - fen * parts) <= of
    assert share(1, 500) == 1
    assert share(1, 499) == 0


def test_an_answer_names_the_lines_of_one_order() -> None:
    lines = price(Facts("2026-05-12", "air_conditioner", "repair", Wanted.of(parts={"DR": 1000}), ROWS, PARTS)).lines
    print_ = hash_of_lines("WX1", lines)
    assert print_ != hash_of_lines("WX2", lines)
    assert print_ != hash_of_lines("WX1", [*lines[:-1], replace(lines[-1], fen=lines[-1].fen + 1)])
    assert print_ == hash_of_lines("WX1", [replace(one, why="别的说法") for one in lines])
