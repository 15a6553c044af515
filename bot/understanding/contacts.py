"""Phone numbers and names of people in a message; a new way to introduce oneself is a row in `_INTRODUCED`."""

from __future__ import annotations

import re
from bisect import bisect_left

from bot.understanding.found import Found, read
from bot.understanding.normalise import Normalised

_SPOKEN = str.maketrans("零幺一二三四五六七八九", "01123456789")
_MOBILE = re.compile(
    r"(?<![\d零幺一二三四五六七八九])(?:(?:\+|00)?86[\s\-]?)?(?P<number>[1幺一](?:[\s\-.]{0,2}[\d零幺一二三四五六七八九]){10})"
    r"(?!\s?[\d零幺一二三四五六七八九])(?!-\d)"
)
_LANDLINE = re.compile(
    r"(?<![\d\-])\(?(?P<area>0(?:10|2\d|[3-9]\d{2}))\)?[\s\-]?(?P<number>[2-8]\d{6,7})(?:[\s\-转]{1,3}\d{1,5})?(?![\d])"
)
_ORDER = re.compile(r"(?:订单|工单|单号|编号|运单|快递|流水|序列|条码|机号|身份证|卡号|账号|帐号)号?[是为:\s]*$")

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
    "金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂"
    "章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解"
    "牟艾尤阳穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎"
    "甄丛仲虞敖巩明佘池查麻苑迟邝封谈匡鞠惠荆乐冀郁胥班储栗燕楚鄢劳谌奚皮粟冼蔺楼盘闻位厉伊仝区郜海阚权屠朴练"
    "廉禹井祖漆巴丰卿狄索宣晋云容敬扈晁芮普阙浦戈伏鹿薄邸雍辜羊阿乌裘亓修邰赫杭宿逯隆茹诺战慕危"
)
_DOUBLE = "欧阳|司马|上官|诸葛|司徒|东方|独孤|南宫|夏侯|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|端木|百里"
_POLITE = "先生|女士|小姐|太太|师傅|阿姨|大姐|大哥|大叔|叔叔|老师|总|哥|姐|姨|叔|伯|经理"
_FAMILY = rf"(?:{_DOUBLE}|[{_SURNAMES}])"
_GIVEN = r"[\u4e00-\u9fff]{1,2}"
_STOP = r"(?=$|[\s,。!?;:、()\d\n]|电话|手机|的|了|啊|呢|哈|收|家|住|地址|联系|是)"
_INTRODUCED = (
    re.compile(
        rf"(?:联系人|收货人|收件人|客户|户主|姓名|名字|用户|机主|称呼)(?:姓名|名称|名字)?(?:是|为|叫|写|:|\s)*(?P<name>{_FAMILY}(?:{_POLITE}|{_GIVEN}{_STOP}|{_GIVEN}))"
    ),
    re.compile(
        rf"(?:我(?:的名字)?叫|我名叫|名叫|叫我|本人|我是|这边是|这里是|找|我爸叫|我妈叫|(?<!不)叫)(?P<name>{_FAMILY}(?:{_POLITE}|{_GIVEN}{_STOP})|[小老]{_FAMILY}(?![\u4e00-\u9fff]区))"
    ),
    re.compile(rf"(?:免贵|敝)?姓(?P<name>{_FAMILY})(?![\u4e00-\u9fff]名)"),
)
_POLITE_ALONE = re.compile(
    rf"(?<![\u4e00-\u9fff])(?P<name>{_FAMILY}(?:{_GIVEN})?(?:先生|女士|小姐|太太|阿姨|大姐|大哥))"
)
_ALONE = re.compile(
    rf"(?:^|(?<=[\s,。;、:\d]))(?P<name>(?:{_DOUBLE})[\u4e00-\u9fff]{{1,2}}|[{_SURNAMES}][\u4e00-\u9fff]{{1,2}})(?=$|[\s,。;、:])"
)
_GLUED = re.compile(rf"(?<=[号室楼栋座幢元层户\d])(?P<name>{_FAMILY}{_GIVEN})\s*$")
"""卫红路18号李雷13800138000: between the house number and the phone."""
_NOT_NAMES = re.compile(
    "空调|冰箱|电视|热水|洗衣|油烟|燃气|微波|净水|电饭|安装|维修|报修|漏水|不制|马上|明天|今天|安排|方便|周[一二三四五六日末]|师傅|温度|高温|"
    "成都|金华|海南|江苏|江西|安徽|河北|和平|常州|温州|兰州|宁波|石家|时间|时候|严重|连续|解决|关机|平时|单元|全部|全是|包修|包括|都是|来个|来人|"
    "明早|明晚|明儿|云南|路口|门口|门坏|车站|相机|支付|计算|原来|应该|强制|封闭|満|官网|官方|客服|人工|商城|马桶|成功|国庆|元旦|左右|左边|方向|文件|"
    "包装|包邮|管道|管子|盖子|房子|房间|平台|沙发|花洒|皮带|豆浆|海尔|美的|格力|华帝|方太|老板|容声|康佳|海信|长虹|万和|花园|支架|冷气|冷风|冷藏|冷冻|"
    "常常|经常|谢谢|万分|祝好|安好|晋级|普通|相关|常见|向你|和我|时不|关不|连不|来不|顾客|用户|用的|别的|解释|严密"
)


def find_phone(text: str | Normalised) -> Found[str] | None:
    """A mobile number as eleven digits, or a landline as 0536-8200113; spoken numerals count. Nothing longer is cut."""
    said = read(text)
    for match in _MOBILE.finditer(said.text):
        digits = re.sub(r"\D", "", match["number"].translate(_SPOKEN))
        if digits[1] in "3456789" and not _ORDER.search(said.text[: match.start()]):
            return Found(digits, said.span(*match.span()))
    for match in _LANDLINE.finditer(said.text):
        if not _ORDER.search(said.text[: match.start()]):
            return Found(f"{match['area']}-{match['number']}", said.span(*match.span()), 0.9)
    return None


def phone_like(text: str | Normalised) -> Found[str] | None:
    """Digits that were meant as a phone number but are none: for saying what is wrong with it."""
    said = read(text)
    for match in re.finditer(r"(?<!\d)\d(?:[\s\-]?\d){6,13}(?!\d)", said.text):
        if not _ORDER.search(said.text[: match.start()]):
            return Found(re.sub(r"\D", "", match.group()), said.span(*match.span()), 0.5)
    return None


def find_name(text: str | Normalised) -> Found[str] | None:
    """Who to ask for: 我叫王芳, 联系人:李先生, 姓陈; a name that stands alone only beside a phone number."""
    said = read(text)
    for pattern, score in ((_INTRODUCED[0], 1.0), (_INTRODUCED[2], 0.9), (_INTRODUCED[1], 0.95), (_POLITE_ALONE, 0.9)):
        for match in pattern.finditer(said.text):
            if not _NOT_NAMES.match(match["name"]):
                return Found(_whole(match["name"]), said.span(*match.span("name")), score)
    phone = find_phone(said)
    if phone:
        glued = _GLUED.search(said.text, 0, bisect_left(said.at, phone.span.start))
        if glued and not _NOT_NAMES.match(glued["name"]):
            return Found(glued["name"], said.span(*glued.span("name")), 0.85)
        for match in _ALONE.finditer(said.text):
            if not _NOT_NAMES.search(match["name"]):
                return Found(match["name"], said.span(*match.span("name")), 0.8)
    return None


def _whole(name: str) -> str:
    return re.sub(r"[的了啊呢哈]$", "", name) if len(name) > 2 else name
