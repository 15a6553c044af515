"""What the product does and what it is said not to do, negation first; the phrases live in lexicon/symptoms.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain

from bot.understanding.found import Found
from bot.understanding.lexicon import Symptom, lexicon
from bot.understanding.lexicon.standing import is_choice, standing
from bot.understanding.normalise import Normalised
from bot.understanding.standard import read_standard

_CLAUSE = re.compile(r"[,。!?;\n~\s]|但是|可是|就是|而是|不过|只是|光是|还是|(?<=.)(?:然后|另外|而且|并且|只有)")
_NEGATION = re.compile(
    r"(?:没有?|冇|并?未|無|无|并不|也不|不会|不存在|不|唔|别|没见|没看见|没看到|没听到|没闻到|闻不到|看不到|没发现|没再|不再|不像)"
    r"(?:发生|出现|发现|闻到|看到|听到|任何|什么|啥|一点|过|再|有|怎么|有什么|见|是|在|明显的?|感觉到?|觉得|检测到?|会|那么)*$"
)
_DOUBLE = re.compile(r"(?:不是|并非|不能说|不是说|没有|没)(?:说)?$")
_TAKEN_BACK = re.compile(r".{0,2}(?:其实|实际上?|倒是)(?:并?没有?|不)")
_ALREADY_SAYS_NO = re.compile(r"^(?:不|没|无|唔|冇|未|别)")
_SOLVED = re.compile(
    r"修好了|已经好了|弄好了|解决了|现在好了|又好了|搞定了|不用来了|自己好了|恢复了|现在(?:又|都|已经)?(?:好好的|正常|没事)|现在.{0,3}好着|没事了"
)
_STORY = re.compile(r"梦见|梦到|做梦|做了个梦|(?:要是|万一|假如|如果)哪天|电影里|小说里|电视剧里")
"""Dreamt or only supposed: no symptom, not even a danger or a denied one."""
_ELSEWHERE = re.compile(
    r"(?:邻居|隔壁|对门|朋友|同事|同学|闺蜜|亲戚|别人|人家|表.|堂.|我[哥姐弟妹叔舅姨姑]).{0,3}(?:家|的|那).*"
    r"我们?家.{0,4}(?:没事|没问题|没这|没坏|没毛病|没有这|好好|好着|正常|争气|挺好|不这样)"
)
"""Somebody else's while one's own is in order: no symptom; a danger is denied, since one's own was said to be safe."""
_IMAGINED = re.compile(
    r"(?:会不会|有没有|怕|担心|万一|如果|要是|是不是会|防止|避免|以免|怎么预防|容易|会.{0,4}吗).{0,6}$"
)
_FAULT_WORDS = re.compile(
    r"坏了|坏咗|故障|出问题|有问题|不能用|用不了|不好使|不好用|不管用|不正常|毛病|修一?下|维修|报修|要修|唔得|修理|罢工|失灵|抢修|出毛病|歇菜|用不成|不中用|瘫了|废了"
)


MOST_HITS = 120
"""Enough for any message by a person; a wall of pasted text is cut off here."""
VAGUE = {
    "no_power",
    "not_responding",
    "other",
    "smell",
    "door_fault",
    "display_fault",
    "weak_airflow",
    "not_dispensing",
}
"""Whose phrases are often pieces of what says another symptom (没反应, 打不开): only the longer find counts."""
SWALLOWED = {"smell", "noise", "appearance_damage", "other", "vibration", "no_power"}
"""What a danger told of in the same words leaves nothing of."""
_GAS_NEAR = re.compile("煤气|燃气|天然气|液化气|瓦斯|气阀|煤气罐|气管|灶(?!台下水)|阀门|总阀")
GAS = {"gas_stove", "water_heater_gas", "integrated_stove"}


@dataclass(frozen=True, slots=True)
class Said:
    """One symptom as it was said; `denied` when the customer says that it is not so."""

    label: str
    title: str
    safety: bool
    denied: bool


def find_symptoms(text: str | Normalised, category: str | None = None) -> list[Found[Said]]:
    """Symptoms in the order written, each label once; denied ones are marked and never mixed up with the others.

    `category` leaves out what cannot be said of that product. Dangers are left out only where all of it
    is a dream or supposed.
    """
    said = read_standard(text)
    if _STORY.search(said.text):
        return []
    is_elsewhere = bool(_ELSEWHERE.search(said.text))
    told = [hit for hit in _hits(said, category) if hit[2].safety or not is_elsewhere]
    hits = sorted(told, key=lambda hit: (-(hit[1] - hit[0]), hit[0]))
    kept: list[tuple[int, int, Symptom]] = []
    for start, end, symptom in hits:
        inside = symptom.label in VAGUE and any(
            s <= start
            and end <= e
            and (s, e) != (start, end)
            and (s == start or end == e)
            and (not other.safety or symptom.label in SWALLOWED)
            for s, e, other in kept
            if other != symptom
        )
        if not inside or symptom.safety:
            kept.append((start, end, symptom))
    found: dict[str, Found[Said]] = {}
    for start, end, symptom in sorted(kept, key=lambda hit: (hit[0], -hit[1])):
        denied = (
            is_elsewhere
            or _is_denied(said.text, start, end)
            or (not symptom.safety and _is_over(said.text, start, end))
        )
        old = found.get(symptom.label)
        if old is None or (old.value.denied and not denied):
            value = Said(symptom.label, symptom.title, symptom.safety, denied)
            found[symptom.label] = Found(value, said.span(start, end), 0.9 if denied else 1.0)
    for label, symptom in lexicon().symptoms.items():
        if label not in found and not is_elsewhere and symptom.fine and (fine := symptom.fine.search(said.text)):
            value = Said(label, symptom.title, symptom.safety, True)
            found[label] = Found(value, said.span(*fine.span()), 0.8)
    smell = found.get("smell")
    if smell and not smell.value.denied and (category in GAS or _GAS_NEAR.search(said.text)):
        found["gas_smell"] = found.get("gas_smell") or _as_gas(smell)
    return _tidied(said, list(found.values()))


def _as_gas(smell: Found[Said]) -> Found[Said]:
    """A strange smell at a gas appliance is gas until somebody has looked."""
    symptom = lexicon().symptoms["gas_smell"]
    return Found(Said(symptom.label, symptom.title, symptom.safety, False), smell.span, 0.6)


def looks_like_fault(text: str | Normalised) -> bool:
    """Whether somebody tells of something broken, in whatever words."""
    said = read_standard(text)
    if _STORY.search(said.text):
        return False
    return bool(_FAULT_WORDS.search(said.text)) or any(not found.value.denied for found in find_symptoms(said))


def _hits(said: Normalised, category: str | None) -> list[tuple[int, int, Symptom]]:
    hits: list[tuple[int, int, Symptom]] = []
    for symptom in lexicon().symptoms.values():
        if symptom.only and category and category not in symptom.only and not symptom.safety:
            continue
        finds = [standing(symptom.says, symptom.not_when, said.text)]
        if category in symptom.says_of:
            finds.append(standing(symptom.says_of[category], symptom.not_when, said.text))
        for match in chain.from_iterable(finds):
            if symptom.safety or not (is_choice(said.text, match.start()) or is_choice(said.text, match.start() - 1)):
                hits.append((match.start(), match.end(), symptom))
    return hits[:MOST_HITS]


def _is_denied(text: str, start: int, end: int) -> bool:
    clause_from = max((m.end() for m in _CLAUSE.finditer(text, 0, start)), default=0)
    before = text[clause_from:start].rstrip()
    if _TAKEN_BACK.match(text, end):
        return True
    if _ALREADY_SAYS_NO.match(text[start:end]):
        return bool(_DOUBLE.search(before))
    return bool(_NEGATION.search(before)) and not re.search(r"有没有?$|[是能要差]不$|不得不$", before)


def _is_over(text: str, start: int, end: int) -> bool:
    """Past and solved, or only feared. Never asked about safety: there the customer is believed at once."""
    clause_from = max((m.end() for m in _CLAUSE.finditer(text, 0, start)), default=0)
    solved = _SOLVED.search(text, clause_from)
    return bool(
        (solved and not re.search("又|再|还是", text[solved.end() :])) or _IMAGINED.search(text[clause_from:start])
    )


def _tidied(said: Normalised, found: list[Found[Said]]) -> list[Found[Said]]:
    """Without what only repeats a better word for it: 没反应 beside a dead remote control is not 'no power'."""
    labels = {f.value.label for f in found if not f.value.denied}
    denied = {f.value.label for f in found if f.value.denied}
    dead = any(f.value.label == "no_power" and re.search("亮|通电|没电|开机", f.span.words) for f in found)
    weaker = {
        "no_power": {"remote_fault", "trips_breaker", "door_fault"}
        | ({"not_responding"} - ({"not_responding"} if dead else set())),
        "not_responding": {"remote_fault"} | ({"no_power"} if dead else set()),
        "smell": {"gas_smell", "smoke_or_burning"},
        "weak_airflow": set(),
        "appearance_damage": {"smoke_or_burning"},
        "other": labels - {"other"} if re.search(r"wifi", said.text) else set(),
    }
    return [f for f in found if not weaker.get(f.value.label, set()) & (denied if f.value.denied else labels)]
