"""An address is found inside any sentence, in any order; what is unclear is reported and never guessed."""

import pytest

from bot.understanding import choose, joined, parse_address, parse_detail
from domain.regions import Level, divisions


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        (
            "我家空调KFR-35GW不制冷，地址佛山市顺德区容桂街道卫红路18号3栋502，电话13800138000 王芳",
            "广东省佛山市顺德区容桂街道卫红路18号3栋502",
            "440606001",
        ),
        ("佛山顺德容桂卫红路18号", "广东省佛山市顺德区容桂卫红路18号", "440606001"),
        ("容桂街道卫红路18号", "广东省佛山市顺德区容桂街道卫红路18号", "440606001"),
        ("煤气灶点不着 青岛市北区台东三路9号", "山东省青岛市市北区台东三路9号", "370203"),
        ("大连沙河口区西安路12号，油烟机坏了", "辽宁省大连市沙河口区西安路12号", "210204"),
        ("电视竖线，地址昆山玉山镇前进中路5号", "江苏省苏州市昆山市玉山镇前进中路5号", "320583100"),
        ("广东省 东莞市 长安镇锦厦村3组", "广东省东莞市长安镇锦厦村3组", "441900119"),
        ("北京朝阳区望京西园三区2号楼", "北京市朝阳区望京西园三区2号楼", "110105026"),
        ("郫县犀浦镇国宁西路28号附5号 洗衣机排不了水", "四川省成都市郫都区犀浦镇国宁西路28号附5号", "510117006"),
        ("成都高新区天府三街199号A座", "四川省成都市高新区天府三街199号A座", "510100"),
        ("杭州西湖区文三路100号空调不制冷", "浙江省杭州市西湖区文三路100号", "330106"),
        ("重庆石柱县南宾街道5号", "重庆市石柱土家族自治县南宾街道5号", "500240001"),
        ("通州区梨园镇云景东路8号", "北京市通州区梨园镇云景东路8号", "110112121"),
        ("呼市新城区海拉尔东路8号", "内蒙古自治区呼和浩特市新城区海拉尔东路8号", "150102"),
        ("石家庄桥西区中山西路188号", "河北省石家庄市桥西区中山西路188号", "130104"),
        ("合肥市包河区 徽州大道 万达文华 2-1-1502", "安徽省合肥市包河区徽州大道 万达文华 2-1-1502", "340111"),
        ("小区叫碧桂园3栋502，在顺德北滘", "广东省佛山市顺德区北滘碧桂园3栋502", "440606101"),
        (
            "所在地区: 广东省佛山市顺德区\n详细地址: 容桂街道卫红路18号",
            "广东省佛山市顺德区容桂街道卫红路18号",
            "440606001",
        ),
        ("佛山市顺德区卫红路 18 号", "广东省佛山市顺德区卫红路 18 号", "440606"),
        ("顺德区容桂街道卫红路18号李雷13800138000", "广东省佛山市顺德区容桂街道卫红路18号", "440606001"),
        ("卫红路18号3栋，在佛山市顺德区", "广东省佛山市顺德区卫红路18号3栋", "440606"),
    ],
)
def test_found_and_said_back_in_one_line(text: str, line: str, code: str) -> None:
    address = parse_address(text)
    assert address is not None
    assert (address.line, address.code) == (line, code)
    assert address.is_complete


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("朝阳区建国路88号", {("北京市", "朝阳区"), ("吉林省", "长春市", "朝阳区")}),
        ("我住江北区人民路1号", {("浙江省", "宁波市", "江北区"), ("重庆市", "两江新区")}),
        ("佛山市顺得区卫红路18号", {("广东省", "佛山市", "顺德区")}),
    ],
)
def test_a_name_that_may_be_several_places_gives_candidates(text: str, places: set[tuple[str, ...]]) -> None:
    address = parse_address(text)
    assert address is not None
    assert {divisions().path(candidate.code) for candidate in address.candidates} == places
    assert address.district is None
    assert not address.is_complete


def test_the_choice_settles_it() -> None:
    address = parse_address("鼓楼区中山路1号")
    assert address is not None
    assert len(address.candidates) == 4
    chosen = choose(address, next(d for d in address.candidates if d.code == "320106"))
    assert chosen.line == "江苏省南京市鼓楼区中山路1号"
    assert chosen.is_complete


@pytest.mark.parametrize(
    ("earlier", "later", "line"),
    [
        ("卫红路18号3栋502", "佛山顺德区", "广东省佛山市顺德区卫红路18号3栋502"),
        ("佛山市顺德区", "容桂街道卫红路18号", "广东省佛山市顺德区容桂街道卫红路18号"),
        ("鼓楼区中山路1号", "南京", "江苏省南京市鼓楼区中山路1号"),
        ("鼓楼区中山路1号", "福州的", "福建省福州市鼓楼区中山路1号"),
        ("佛山市卫红路18号", "顺德", "广东省佛山市顺德区卫红路18号"),
        ("佛山市顺德区卫红路18号", "门牌是卫红路28号", "广东省佛山市顺德区卫红路28号"),
    ],
)
def test_two_answers_make_one_address(earlier: str, later: str, line: str) -> None:
    first, second = parse_address(earlier), parse_address(later)
    assert first is not None
    assert second is not None
    whole = joined(first, second)
    assert whole.line == line
    assert whole.is_complete


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("18号3栋502", "广东省佛山市顺德区18号3栋502", "440606"),
        ("容桂 卫红路 18 号", "广东省佛山市顺德区容桂 卫红路 18 号", "440606001"),
        ("碧桂园西苑3座1201", "广东省佛山市顺德区碧桂园西苑3座1201", "440606"),
        ("北滘镇碧江村5组，电话13800138000", "广东省佛山市顺德区北滘镇碧江村5组", "440606101"),
    ],
)
def test_the_answer_to_which_road_needs_no_division(text: str, line: str, code: str) -> None:
    address = parse_detail(text, near="440606")
    assert address is not None
    assert (address.line, address.code) == (line, code)
    assert address.is_complete


@pytest.mark.parametrize("text", ["不知道", "明天上午", "", "你们自己查", "13800138000"])
def test_what_is_no_road_is_none(text: str) -> None:
    assert parse_detail(text, near="440606") is None


def test_every_tenth_district_of_the_country_is_found_inside_a_sentence() -> None:
    known = divisions()
    cities = [city for province in known.children() for city in known.children(province.code)]
    districts = [d for city in cities for d in (known.children(city.code) if city.level is Level.CITY else [city])]
    districts = [d for d in districts if d.level is Level.DISTRICT][::10]
    assert len(districts) > 280
    for district in districts:
        *_, above, _ = known.path(district.code)
        address = parse_address(f"空调不冷，地址{above}{district.name}人民路1号，13800138000")
        assert address is not None
        assert (address.code, address.detail) == (district.code, "人民路1号")


def test_where_the_customer_is_known_to_be_settles_it_too() -> None:
    address = parse_address("朝阳区建国路88号", near="110000")
    assert address is not None
    assert (address.code, address.candidates) == ("110105", ())


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("佛山市顺德区", ("street_or_road", "house_number")),
        ("哈尔滨道里区新阳路，尽快来", ("house_number",)),
        ("佛山卫红路18号", ("district",)),
        ("卫红路18号3栋502", ("district",)),
        ("东莞市长安镇锦厦村", ("house_number",)),
        ("香港九龙弥敦道100号", ()),
        ("城关镇幸福路3号", ("district",)),
        ("我是成都的，冰箱坏了", ("district", "street_or_road", "house_number")),
    ],
)
def test_what_is_lacking_is_named(text: str, missing: tuple[str, ...]) -> None:
    address = parse_address(text)
    assert address is not None
    assert address.missing == missing


@pytest.mark.parametrize(
    "text",
    [
        "空调不制冷",
        "青岛啤酒好喝",
        "我要报修",
        "西安路在哪",
        "KFR-35GW/01",
        "13800138000",
        "明天下午三点",
        "",
        "催一下！！！",
        "长安汽车",
    ],
)
def test_no_address_is_made_up(text: str) -> None:
    assert parse_address(text) is None


def test_parts_are_as_written() -> None:
    text = "地址系佛山顺德区容桂卫红路18號，听日下昼得闲"
    address = parse_address(text)
    assert address is not None
    assert dict(address.stated) == {"city": "佛山", "district": "顺德区"}
    assert address.detail == "容桂卫红路18號"
    assert text[address.span.start : address.span.end] == address.span.words == "佛山顺德区容桂卫红路18號"
