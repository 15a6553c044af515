"""Phone numbers and names are found however they are given; other long numbers are not taken for them."""

import pytest

from bot.understanding import find_name, find_phone


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("电话13800138000", "13800138000"),
        ("138-0013-8000 王芳", "13800138000"),
        ("159 0000 4410", "15900004410"),
        ("+86 138 0013 8000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("联系她一三七零零零零五六八九", "13700005689"),
        ("幺三八零零幺三八零零零", "13800138000"),
        ("3栋502室13800138000", "13800138000"),
        ("座机0536-8200113", "0536-8200113"),
        ("（010）62345678", "010-62345678"),
        ("手机尾号0931", None),
        ("1380013800", None),
        ("138001380001", None),
        ("12800138000", None),
        ("订单号13800138000", None),
        ("单号：138001380001234", None),
        ("E1 26度 50L", None),
        ("", None),
    ],
)
def test_phone(text: str, phone: str | None) -> None:
    found = find_phone(text)
    assert (found.value if found else None) == phone


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我叫王芳", "王芳"),
        ("联系人：李先生", "李先生"),
        ("免贵姓陈", "陈"),
        ("姓欧阳", "欧阳"),
        ("叫我小李就行", "小李"),
        ("13800138000 王芳", "王芳"),
        ("王桂兰13800138000", None),
        ("张桂兰 13900002318 湖北省武汉市", "张桂兰"),
        ("顺德区卫红路18号李雷13800138000", "李雷"),
        ("空调不制冷 13800138000", None),
        ("我是来报修的", None),
        ("明天 13800138000", None),
        ("广州市番禺区大石街道 李小姐 020-84561234", "李小姐"),
    ],
)
def test_name(text: str, name: str | None) -> None:
    found = find_name(text)
    assert (found.value if found else None) == name
