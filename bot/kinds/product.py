"""Which appliance: one of the person's own, one by its code, or just what kind of thing it is.

A code is taken without asking only when it is exactly one of the catalogue's; anything close is offered as choices.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.conversation import Answer, Choices, Option
from bot.flow import Answers
from bot.heard import Heard, HeardKind
from bot.kinds.kind import NONE, Kind, NotUnderstood
from bot.understanding.codes import CodeMention
from bot.understanding.lexicon import lexicon
from domain.products import queries as products
from domain.products.operations import is_serial, serial_key
from domain.work_orders import queries as work_orders

if TYPE_CHECKING:
    from bot.talk import Talk
    from bot.understanding import Understood

STILL = re.compile(r"还是|还在|又|依然|仍然|仍旧|再次|还没好|还不|没修好")
"""Words by which people come back to a fault they told of before."""
HOW_TO_FIND = "型号在机身铭牌上，如 KFR-35GW/… 或 BCD-…，照着发就行。找不到可回复“人工”"


def category_title(label: str) -> str:
    return lexicon().categories[label].title


def by_model(talk: Talk, model_id: str) -> Answer:
    """The answer for a model: the person's own appliance of it if there is just one."""
    own = [owned for owned in talk.products if owned.model.id == model_id]
    if len(own) == 1:
        return by_product(own[0])
    model = talk.catalogue.models[model_id]
    return Answer({"model_id": model_id, "category": model.category_code}, talk.catalogue.shown(model_id))


def by_product(owned: products.Owned) -> Answer:
    value = {"product_id": owned.product.id, "model_id": owned.model.id, "category": owned.model.category_code}
    return Answer(value, f"{owned.model.name}（{owned.model.code}）")


def by_category(label: str) -> Answer:
    return Answer({"category": label}, category_title(label))


def meant(talk: Talk, understood: Understood[str]) -> CodeMention[str] | None:
    """The code mentioned: an exact one before one that is only close; serial numbers are none."""
    mentions = [found.value for found in understood.codes if found.value.hit or not found.value.is_serial]
    return next((mention for mention in mentions if mention.hit), mentions[0] if mentions else None)


def from_code(talk: Talk, mention: CodeMention[str]) -> Answer | Choices:
    """:raises NotUnderstood: nothing in the catalogue is close"""
    if mention.hit:
        return by_model(talk, mention.hit.id)
    if not mention.near:
        longer = talk.catalogue.beginning_with(mention.shown)
        if longer:
            raise NotUnderstood(
                f"以 {mention.shown} 开头的型号有 {longer} 款，请把后面的也发来，写全一点", counts=False
            )
        raise NotUnderstood(f"没有查到型号 {mention.shown}。请核对一下，或拍一张机身铭牌发来；也可以回复“人工”")
    options = [Option(talk.catalogue.shown(hit.id), by_model(talk, hit.id)) for hit in mention.near]
    return Choices(
        f"没有完全一样的型号 {mention.shown}，您指的是哪一个？回复数字：",
        (*options, Option("都不是，我再核对一下", None)),
    )


READING = "照片收到了，正在看上面的字，看清了马上告诉您。"
SEEN = "照片上看到的是下面这个吗？回复数字："
OTHER = Option("都不是，我打字发", None)


@dataclass(frozen=True)
class RegisteredModel(Kind):
    """A model of the catalogue, by its code."""

    by_picture = True

    def seen(self, talk: Talk) -> Choices | None:
        ids = [model_id for model_id in talk.state.seen.get("models", []) if model_id in talk.catalogue.models]
        options = [Option(talk.catalogue.shown(model_id), by_model(talk, model_id)) for model_id in ids]
        return Choices(SEEN, (*options, OTHER)) if options else None

    def options(self, talk: Talk) -> Choices | None:
        return self.seen(talk)

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        mention = meant(talk, understood)
        if mention:
            return from_code(talk, mention)
        if heard.kind is HeardKind.IMAGE:
            raise NotUnderstood(f"{READING}也可以直接把型号打字发来，{HOW_TO_FIND}", counts=False)
        near = talk.catalogue.codes.near(understood.said.original)
        if near:
            return from_code(talk, CodeMention(understood.said.original.strip(), None, tuple(near)))
        raise NotUnderstood(f"没看到型号。{HOW_TO_FIND}")

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        mention = meant(talk, understood)
        if mention is None:
            return None
        try:
            return from_code(talk, mention)
        except NotUnderstood:
            return None

    def doubt(self, talk: Talk, understood: Understood[str]) -> str:
        mention = meant(talk, understood)
        try:
            if mention:
                from_code(talk, mention)
        except NotUnderstood as gap:
            return str(gap)
        return ""


@dataclass(frozen=True)
class Appliance(RegisteredModel):
    """Any way to say which appliance it is: own product, code, or kind of thing."""

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        found = self.find(talk, understood)
        if found:
            return found
        return super().read(talk, heard, understood)

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        found = super().find(talk, understood)
        label = understood.category.value.label if understood.category else None
        kinds = understood.category.value.options if understood.category else ()
        if not found and len(kinds) > 1:
            return Choices(
                "请问是哪一种？回复数字：", tuple(Option(category_title(one), by_category(one)) for one in kinds)
            )
        if found or label is None or label not in lexicon().categories:
            return found
        own = [owned for owned in talk.products if owned.model.category_code == label]
        if len(own) == 1:
            return by_product(own[0])
        if own:
            options = [Option(by_product(owned).shown, by_product(owned)) for owned in own]
            other = Option(f"另一台{category_title(label)}", by_category(label))
            return Choices("请问是哪一台？回复数字：", (*options[:8], other))
        return by_category(label)

    def restated(self, understood: Understood[str], old: Answer) -> bool:
        """A fault told of another kind of thing is about that thing: 冰箱漏水, after 空调不制冷."""
        label = understood.category.value.label if understood.category else None
        return understood.is_fault and label is not None and label != old.value["category"]

    def known(self, talk: Talk, answers: Answers) -> Answer | None:
        """ "Still not cooling" is about the appliance of the one order that is open."""
        words = answers["fault"].value["words"] if "fault" in answers else ""
        if not STILL.search(words):
            return None
        orders = work_orders.orders_of(talk.uow, talk.contact.customer_id, only_open=True, limit=2)
        if len(orders) != 1:
            return None
        value = {"category": orders[0].category_code}
        if orders[0].product_id and orders[0].model_id:
            value |= {"product_id": orders[0].product_id, "model_id": orders[0].model_id}
        return Answer(value, category_title(orders[0].category_code), known=True)

    def options(self, talk: Talk) -> Choices | None:
        if seen := self.seen(talk):
            return seen
        own = [by_product(owned) for owned in talk.products[:8]]
        return Choices("", (*(Option(a.shown, a) for a in own), Option("其他家电", None))) if own else None


@dataclass(frozen=True)
class SerialNumber(Kind):
    """The number on the nameplate that only this appliance has. Registered to somebody else, a transfer is offered."""

    by_picture = True

    def seen(self, talk: Talk) -> Choices | None:
        models, meant = talk.state.seen.get("models", []), talk.state.answers.get("model")
        if models and meant and meant.value.get("model_id") not in models:
            return None  # the picture is of another appliance
        options = [self.option(talk, key) for key in talk.state.seen.get("serials", [])]
        return Choices("照片上看到的编号是下面这个吗？回复数字：", (*options, OTHER)) if options else None

    def option(self, talk: Talk, key: str) -> Option:
        """The serial, or with it the transfer that taking it would mean."""
        found = self.checked(talk, key)
        if isinstance(found, Choices):
            return Option(found.options[0].answer.shown if found.options[0].answer else key, found.options[0].answer)
        return Option(found.shown, found)

    def options(self, talk: Talk) -> Choices | None:
        return self.seen(talk)

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        if heard.kind is HeardKind.IMAGE:
            raise NotUnderstood(f"{READING}也可以直接把编号打字发来；不方便看请回复“没有”", counts=False)
        said = understood.said.text.strip()
        if NONE.match(said):
            return Answer(None, "未提供")
        key = serial_key(said)
        if not is_serial(key) or re.search(r"[\u4e00-\u9fff]", said):
            raise NotUnderstood("机身编号是铭牌上 6 到 24 位的字母和数字；找不到请回复“没有”")
        return self.checked(talk, key)

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        serials = [found.value for found in understood.codes if found.value.is_serial and not found.value.hit]
        return self.checked(talk, serial_key(serials[0].written)) if serials else None

    def checked(self, talk: Talk, key: str) -> Answer | Choices:
        owned = products.by_serial(talk.uow, talk.voice.brand_id, key)
        if owned is None or owned.product.customer_id == talk.contact.customer_id:
            return Answer({"serial": key}, key)
        return Choices(
            "这个机身编号已经登记过了。如果产品现在归您使用（转手、赠送、搬家接手），可以申请过户，客服核实后转到您名下：",
            (
                Option("申请过户", Answer({"serial": key, "transfer": owned.product.id}, f"{key}（申请过户）")),
                Option("编号写错了，重新发", None),
            ),
        )
