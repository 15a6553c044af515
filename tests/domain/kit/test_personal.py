"""Personal data: opens only in its place with its key, is found by keyed hash, and masked where it is shown."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from domain.customers import operations as customers
from domain.kit.personal import Keyring, WrongKey, mask_address, mask_name, mask_phone
from domain.kit.unit_of_work import Runtime
from tests.brand import brand_in
from tests.runtime import KEYRING

OLD, NEW = b"\x01" * 32, b"\x02" * 32
INDEX = b"index" * 8
PLACE = "customers.name"


@given(st.binary(max_size=200))
def test_what_is_sealed_opens_in_its_place_only(plain: bytes) -> None:
    sealed = KEYRING.seal(plain, PLACE)
    assert KEYRING.open(sealed, PLACE) == plain
    with pytest.raises(WrongKey):
        KEYRING.open(sealed, "customers.phone")


@given(st.binary(min_size=1, max_size=50), st.data())
def test_a_single_changed_bit_is_noticed(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(KEYRING.seal(plain, PLACE))
    at = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[at // 8] ^= 1 << at % 8
    with pytest.raises(WrongKey):
        KEYRING.open(bytes(sealed), PLACE)


def test_the_same_words_never_look_the_same() -> None:
    assert len({KEYRING.seal(b"13800000000", PLACE) for _ in range(50)}) == 50


def test_keys_are_rotated_by_putting_a_new_one_in_front() -> None:
    before, after = Keyring({"k1": OLD}, INDEX), Keyring({"k2": NEW, "k1": OLD}, INDEX)
    sealed = before.seal(b"x", PLACE)
    assert after.open(sealed, PLACE) == b"x"
    assert (after.key_of(sealed), after.key_of(after.seal(b"x", PLACE))) == ("k1", "k2")
    with pytest.raises(WrongKey, match="no data key named k2"):
        before.open(after.seal(b"x", PLACE), PLACE)
    assert before.fingerprint("phone", "1") == after.fingerprint("phone", "1"), "hashes outlive data keys"


def test_hashes_depend_on_key_kind_and_value() -> None:
    other = Keyring({"k1": OLD}, b"other" * 8)
    prints = {
        KEYRING.fingerprint("phone", "1"), KEYRING.fingerprint("phone", "2"), KEYRING.fingerprint("name", "1"),
        other.fingerprint("phone", "1"), KEYRING.fingerprint("phon", "e1"),
    }  # fmt: skip
    assert len(prints) == 5


def test_phones_are_found_by_number_and_by_last_four_and_names_whatever_their_width() -> None:
    whole, last4 = KEYRING.phone_prints("13800001234")
    assert (whole, last4) == (KEYRING.fingerprint("phone", "13800001234"), KEYRING.fingerprint("phone4", "1234"))
    assert KEYRING.name_print("Ｗang 小 明") == KEYRING.name_print("wang小明")
    assert KEYRING.name_print("王小明") != KEYRING.name_print("王小名")


def test_the_database_holds_no_plain_words(runtime: Runtime) -> None:
    brand = brand_in(runtime)
    with runtime.transaction() as uow:
        customer = customers.new_customer(uow, brand.voice.brand_id)
        customers.learn(uow, customer, name="王小明", phone="13800000000")
    with runtime.transaction() as uow:
        raw = uow.session.execute(text("SELECT name, number FROM customers JOIN customer_phones ON customer_id = id"))
        name, number = raw.one()
    assert "王小明".encode() not in bytes(name)
    assert b"13800000000" not in bytes(number)


def key(value: bytes) -> str:
    return base64.b64encode(value).decode()


def test_keys_are_read_from_the_settings() -> None:
    ring = Keyring.parse(f"k2:{key(NEW)}, k1:{key(OLD)}", "x" * 32)
    assert (ring.current, ring.data_keys["k1"]) == ("k2", OLD)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "k1",
        "k1:",
        f"k1:{key(b'short')}",
        f":{key(OLD)}",
        f"k 1:{key(OLD)}",
        f"k1:{key(OLD)[:-2]}",
        f"k1:{key(OLD)},",
    ],
)
def test_a_wrong_key_stops_the_start_with_words(wrong: str) -> None:
    with pytest.raises(ValueError, match="a data key is written name:base64"):
        Keyring.parse(wrong, "x" * 32)


def test_a_short_index_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 characters"):
        Keyring.parse(f"k1:{key(OLD)}", "x" * 31)


def test_masks_leave_just_enough() -> None:
    assert mask_phone("13800001234") == "138******34"
    assert mask_phone("12345") == "*****"
    assert mask_name("王小明") == "王**"
    assert mask_name("") == ""
    assert mask_address("广东省佛山市顺德区容桂街道卫红路18号3栋502") == "广东省佛山市顺德区容桂街道卫红路*号*栋*"
    assert mask_address("翠湖苑十二栋B座") == "翠湖苑*栋*座"


@given(st.text("0123456789-", min_size=1, max_size=14))
def test_a_masked_phone_is_as_long_and_never_whole(number: str) -> None:
    masked = mask_phone(number)
    assert len(masked) == len(number)
    assert masked != number
