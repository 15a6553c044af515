"""Where to come: parsed to divisions, checked for what an engineer needs at the door, read back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.conversation import Answer, Choices, Option
from bot.flow import Answers
from bot.heard import Heard, HeardKind
from bot.kinds.kind import Kind, NotUnderstood
from bot.kinds.pick import YES
from bot.understanding import Address, choose, joined, parse_address, parse_detail
from domain.organizations.queries import is_served
from domain.regions import divisions
from domain.regions.divisions import Division

if TYPE_CHECKING:
    from bot.talk import Talk
    from bot.understanding import Understood

MENTIONED = 0.5
"""Below this score a place was only mentioned in passing: 青岛的师傅."""


@dataclass(frozen=True)
class Place(Kind):
    """An address down to the door, in a served area."""

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        address = self.with_earlier(talk, heard, understood)
        if address is None:
            words = "没认出地址，请从城市说起，例如：佛山市顺德区容桂街道卫红路18号3栋502"
            if heard.kind is HeardKind.LOCATION:
                words = "收到定位，但认不出门牌，请再用文字发一下地址，写到门牌号"
            raise NotUnderstood(words, part=talk.state.part)
        return self.checked(talk, address)

    def with_earlier(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Address | None:
        """What this message says of the address, put together with what an earlier one said."""
        said = understood.address.value if understood.address else parse_address(heard.text)
        earlier = parse_address(talk.state.part) if talk.state.part else None
        if earlier is None:
            return said
        if YES.match(heard.text.strip()) and not re.search(r"\d", heard.text):
            return earlier
        if said and (said.district or said.zone or said.candidates):
            return joined(earlier, said)
        whole = parse_address(appended(talk.state.part, heard.text.strip()))
        if whole and whole.detail:
            return whole
        later = said or parse_detail(heard.text, earlier.code)
        return joined(earlier, later) if later else None

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        if understood.address is None or understood.address.score < MENTIONED:
            return None
        try:
            return self.checked(talk, understood.address.value)
        except NotUnderstood as gap:
            talk.state.part = gap.part or talk.state.part
            return None

    def known(self, talk: Talk, answers: Answers) -> Answer | None:
        if not talk.known.addresses:
            return None
        last = talk.known.addresses[0]
        return Answer({"division_code": last.division_code, "line": last.line}, f"{last.line}（上次用的）", known=True)

    def checked(self, talk: Talk, address: Address) -> Answer | Choices:
        """:raises NotUnderstood: not enough for an engineer to find the door, or nobody goes there"""
        if address.candidates:
            return self.which(talk, address)
        if address.code is None or "district" in address.missing:
            raise NotUnderstood("请补充是哪个市、哪个区（县），例如：佛山市顺德区……", part=address.line)
        self.must_be_served(talk, address, address.code)
        if address.missing:
            lacks = "门牌号" if address.missing == ("house_number",) else "街道和门牌号"
            raise NotUnderstood(f"已认出：{address.line}\n还缺{lacks}，请补充，写到几号、几栋几室", part=address.line)
        return answer(address)

    def must_be_served(self, talk: Talk, address: Address, code: str) -> None:
        """:raises NotUnderstood: it is not, which is no miss of the customer's"""
        if not is_served(talk.uow, talk.voice.brand_id, code):
            area = "".join(level.name for level in (address.city or address.province, address.district) if level)
            raise self.not_served(talk, area)

    def not_served(self, talk: Talk, area: str) -> NotUnderstood:
        return NotUnderstood(
            f"很抱歉，{area}暂时不在{talk.voice.brand}的上门服务范围内。可以换一个地址，或回复“人工”由客服帮您想办法。",
            counts=False,
        )

    def which(self, talk: Talk, address: Address) -> Choices:
        """The same name stands for several places: ask among those that are served, never guess.

        :raises NotUnderstood: none of them is
        """
        places = [place for place in address.candidates if is_served(talk.uow, talk.voice.brand_id, place.code)]
        if not places:
            raise self.not_served(talk, address.candidates[0].name)
        options = [Option("".join(divisions().path(place.code)), chosen(address, place)) for place in places]
        return Choices(
            "这个地名在好几个地方都有，请问是哪一个？回复数字：", (*options, Option("都不是，重新发地址", None))
        )


def answer(address: Address) -> Answer:
    return Answer({"division_code": address.code, "line": address.line}, address.line)


def appended(earlier: str, later: str) -> str:
    """One line of two: what both have at the seam (…卫红路 + 卫红路18号) is kept once."""
    seam = next((n for n in range(min(len(earlier), len(later)), 0, -1) if earlier.endswith(later[:n])), 0)
    return earlier + later[seam:]


def chosen(address: Address, place: Division) -> Answer | None:
    """The answer once the place is picked; None when more is missing than which place it is."""
    narrowed = choose(address, place)
    return answer(narrowed) if narrowed.is_complete else None
