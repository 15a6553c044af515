"""Short forms of official names: 广西壮族自治区 is 广西, 容桂街道 is 容桂. A new ending is a row in ENDINGS."""

import re

PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|"
    "傈僳族|佤族|畲族|高山族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|"
    "仡佬族|锡伯族|锡伯|阿昌族|普米族|塔吉克族|塔吉克|怒族|乌孜别克族|俄罗斯族|鄂温克族|德昂族|保安族|裕固族|京族|塔塔尔族|"
    "独龙族|鄂伦春族|赫哲族|门巴族|珞巴族|基诺族|各族"
)
_SELF_RULED = re.compile(rf"^(.{{2,}}?)(?:{PEOPLES})+自治(州|县|旗|区)$")
_ONLY_PEOPLE = re.compile(r"^(鄂伦春|鄂温克|莫力达瓦|.+族)自治(县|旗)$")
ENDINGS = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "新区",
    "林区",
    "矿区",
    "街道",
    "省",
    "市",
    "区",
    "县",
    "盟",
    "旗",
)
STREET_ENDINGS = ("街道", "民族乡", "镇", "乡", "苏木")


def short_names(name: str) -> tuple[str, ...]:
    """The other ways to write a province, city or district, the best known last; never shorter than two characters."""
    found: list[str] = []
    ruled = _SELF_RULED.match(name)
    if ruled:
        stem, kind = ruled.groups()
        found += [stem] if kind == "区" else [stem + kind, stem]
    elif people := _ONLY_PEOPLE.match(name):
        found += [people.group(1)]
    else:
        ending = next((e for e in ENDINGS if name.endswith(e)), "")
        found += [name.removesuffix(ending)] if ending else []
    # 市中区 shortened to 市中 would swallow the 市 of the city before it.
    return tuple(short for short in found if len(short) > 1 and not short.startswith("市"))


def short_street_names(name: str) -> tuple[str, ...]:
    """容桂街道 → 容桂, 容桂街; 玉山镇 → 玉山."""
    ending = next((e for e in STREET_ENDINGS if name.endswith(e)), "")
    stem = name.removesuffix(ending)
    found: list[str] = []
    if ending and len(stem) > 1:
        found.append(stem)
        if ending == "街道":
            found += [stem + "街道办", stem + "街道办事处"]
        if ending == "镇":
            found.append(stem + "街道")
    return tuple(found)
