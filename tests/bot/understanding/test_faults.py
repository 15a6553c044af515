"""Products and symptoms are told however people write; what is denied is never reported; danger is never missed."""

import pytest

from bot.understanding import find_category, find_error_code, find_symptoms, looks_like_fault


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("空条不制令了", "air_conditioner"),
        ("外机嘎嘎响", "air_conditioner"),
        ("洗衣鸡满屋跑", "washing_machine"),
        ("脱水的时候响", "washing_machine"),
        ("雪櫃門關唔實", "refrigerator"),
        ("抽烟机没吸力", "range_hood"),
        ("集成灶报E5", "integrated_stove"),
        ("热水器打不着火", "water_heater_gas"),
        ("热水器跳闸", "water_heater_electric"),
        ("热水器不热", None),
        ("电视台路5号", None),
        ("消毒柜门关不上", "other"),
        ("转人工", None),
    ],
)
def test_category(text: str, label: str | None) -> None:
    found = find_category(text)
    assert (found.value.label if found else None) == label


def test_a_word_for_two_products_leaves_both_open() -> None:
    found = find_category("热水器不热")
    assert found is not None
    assert found.value.options == ("water_heater_gas", "water_heater_electric")


def test_the_code_tells_the_category() -> None:
    found = find_category("按键失灵", codes=("BCD-216SDEGU1",))
    assert found is not None
    assert found.value.label == "refrigerator"


@pytest.mark.parametrize(
    ("text", "said", "denied"),
    [
        ("空调不制冷", {"not_cooling"}, set()),
        ("不漏水，光是脱水的时候响得厉害", {"noise"}, {"water_leak"}),
        ("没有漏水", set(), {"water_leak"}),
        ("不是漏水，是结冰", {"ice_buildup"}, {"water_leak"}),
        ("不是不制冷，是冷藏太冷了", {"other"}, {"not_cooling"}),
        ("燃气灶没有漏气味，就是火苗发黄", {"other"}, {"gas_smell"}),
        ("没有闻到煤气味，就是点不着", {"not_igniting"}, {"gas_smell"}),
        ("插上就跳闸，漏保推不上去", {"trips_breaker"}, set()),
        ("XQG70甩不干，衣服拿出来直滴水", {"not_spinning"}, set()),
        ("遥控器按了没反应", {"remote_fault"}, set()),
        ("冰箱门漏气，关不严", {"door_fault"}, set()),
        ("我手机没电了，晚点说", set(), set()),
    ],
)
def test_symptoms(text: str, said: set[str], denied: set[str]) -> None:
    found = find_symptoms(text)
    assert {f.value.label for f in found if not f.value.denied} == said
    assert {f.value.label for f in found if f.value.denied} == denied


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("一开热水器就闻到煤气味", "gas_smell"),
        ("灶台这里有股臭鸡蛋味", "gas_smell"),
        ("煤气灶有股怪味像煤气", "gas_smell"),
        ("接口刷肥皂水冒泡", "gas_smell"),
        ("煤气報警器響了", "gas_smell"),
        ("微波炉里面打火花还有焦糊味", "smoke_or_burning"),
        ("空气炸锅冒烟了", "smoke_or_burning"),
        ("插头那里冒火星子", "smoke_or_burning"),
        ("一股糊味找了半天是洗碗机", "smoke_or_burning"),
        ("洗衣机摸着麻手", "electric_leakage"),
        ("热水器外壳摸上去有点麻", "electric_leakage"),
        ("洗澡被电了一下", "electric_leakage"),
    ],
)
def test_danger_is_recognised(text: str, label: str) -> None:
    assert label in {f.value.label for f in find_symptoms(text) if f.value.safety and not f.value.denied}


@pytest.mark.parametrize(
    "text", ["电饭煲煮的饭底下糊了", "抽烟机没吸力", "没装漏电保护", "我家火星人烟往外跑", "打不着火"]
)
def test_what_only_sounds_dangerous_is_not(text: str) -> None:
    assert not [f for f in find_symptoms(text) if f.value.safety and not f.value.denied]


def test_a_smell_at_a_gas_appliance_is_gas_until_somebody_has_looked() -> None:
    assert "gas_smell" in {f.value.label for f in find_symptoms("有股怪味", "gas_stove")}
    assert "gas_smell" not in {f.value.label for f in find_symptoms("有股怪味", "refrigerator")}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("洗衣机显示E2", "E2"),
        ("报 e-4 了", "E4"),
        ("屏上闪ＥＨ", "EH"),
        ("故障码 05", "05"),
        ("热水器EO报警", "E0"),
        ("显示E:03", "E03"),
        ("电饭煲C1", "C1"),
        ("显示30度", None),
        ("XQG100-E2", None),
        ("住2栋E座", None),
        ("考C1驾照", None),
    ],
)
def test_error_code(text: str, code: str | None) -> None:
    found = find_error_code(text)
    assert (found.value if found else None) == code


@pytest.mark.parametrize(
    ("text", "fault"),
    [("洗衣机坏了", True), ("空调不凉", True), ("没有漏水", False), ("你好", False), ("多少钱", False)],
)
def test_whether_it_sounds_like_a_fault(text: str, fault: bool) -> None:
    assert looks_like_fault(text) is fault
