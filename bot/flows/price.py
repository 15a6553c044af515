"""价格: what a part, a cleaning or a visit costs, by the brand's price list and the same rules as a quote; with what the warranty pays."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.flow import Answers, Flow, Question
from bot.kinds.priced import Asked
from bot.kinds.product import Appliance, category_title
from bot.talk import Talk
from domain.catalog.model import Model
from domain.catalog.queries import models_in
from domain.kit.money import Money
from domain.pricing.fee_facts import BASIC, CHOSEN, CUSTOMER, LABOUR, PAYERS, Fee, Line, PartFact, Priced, Wanted
from domain.pricing.fees import best_row
from domain.pricing.gathering import fee_of, rows_for
from domain.pricing.naming import Named, named_in
from domain.pricing.reading import estimate, general_words, parts_priced, price_words
from domain.products.model import Product

MOST = 8
"""Lines of a price list people read in a chat."""
NEAR = 4
"""Parts that are offered where none was named exactly."""
SERVICES = (
    ("maintenance", re.compile(r"清洗|清洁|保养|拆洗|深度洗|除垢|洗一洗|洗一次|洗一台")),
    ("install", re.compile(r"安装|装机|装一台|装个|移机|装一下|装好")),
)
SPECIFIC = re.compile(r"换|清洗|清洁|保养|安装|移机|装一台|加氟|充氟|补氟|配件|维修费|修一?下|人工费|材料费")
GENERAL = re.compile(r"上门费|检测费|出诊费|上门.{0,4}(?:收费|多少钱|要钱)|路费|远程|夜间|节假日")


def said_in(answers: Answers) -> str:
    return str(answers["asked"].value["said"]) if "asked" in answers else ""


def needs_product(talk: Talk, answers: Answers) -> bool:
    """Only where something was asked for that depends on the appliance, and nothing says which; never in between."""
    said = said_in(answers)
    if not SPECIFIC.search(said) or GENERAL.search(said) or category_in(answers) or len(talk.products) == 1:
        return False
    return talk.state.flow in (None, "price")


def category_in(answers: Answers) -> str | None:
    """The kind of appliance that was named when the price was asked for."""
    return answers["asked"].value["category"] if "asked" in answers else None


def tell(talk: Talk, answers: Answers) -> str:
    said = talk.said if SPECIFIC.search(talk.said) else said_in(answers) or talk.said
    model, product, category = about(talk, answers)
    if category is None:
        rows = [fee_of(one) for one in rows_for(talk.uow, talk.voice.brand_id, [], talk.uow.today)]
        return closed(
            talk, ["收费参考（以公示价目为准，保修期内符合条件免费）：", *general_words(rows)[:MOST]] if rows else []
        )
    rows = [fee_of(one) for one in rows_for(talk.uow, talk.voice.brand_id, [category], talk.uow.today)]
    if not rows:
        return closed(talk, [])
    models = [model] if model else list(models_in(talk.uow, talk.voice.brand_id, category))
    parts = parts_priced(talk.uow, models, talk.uow.today)
    service = next((code for code, pattern in SERVICES if pattern.search(said)), "repair")
    works = {title_of(one, category): one for one in rows if one.kind in CHOSEN and one.code != BASIC}
    found = named_in(said, [*(one.name for one in parts), *works])
    shown = own_words(talk, model, product, category)
    if found.exact:
        told = [
            line
            for name in found.exact[:2]
            for line in of_name(talk, name, parts, works, category, service, rows, model, product)
        ]
        return closed(talk, [f"{shown}：", *told], decline=declined(talk, category, rows, model, product))
    if found.near:
        return closed(talk, near_words(found, parts, works, rows))
    if GENERAL.search(said):
        return closed(talk, [f"{shown}：", *general_words(rows)])
    return closed(talk, [f"{shown}：", *list_words(talk, category, service, rows, model, product)])


def about(talk: Talk, answers: Answers) -> tuple[Model | None, Product | None, str | None]:
    """The appliance: chosen, the only one of the kind that was named, or just a kind."""
    if "product" in answers:
        value = answers["product"].value
        own = [one for one in talk.products if one.product.id == value.get("product_id")]
        if own:
            return own[0].model, own[0].product, own[0].model.category_code
        model = talk.uow.session.get(Model, value["model_id"]) if value.get("model_id") else None
        return model, None, str(value["category"])
    label = category_in(answers) or talk.category()
    own = [one for one in talk.products if label in (None, one.model.category_code)]
    if len(own) == 1:
        return own[0].model, own[0].product, own[0].model.category_code
    return None, None, label


def own_words(talk: Talk, model: Model | None, product: Product | None, category: str) -> str:
    title = category_title(category)
    return f"您的{title}（{model.code}）" if model and product else f"{model.name}（{model.code}）" if model else title


def title_of(row: Fee, category: str) -> str:
    """How people call it: without the appliance before it and 人工 after it."""
    return row.title.removeprefix(category_title(category)).removesuffix("人工").removesuffix("服务")


def of_name(
    talk: Talk, name: str, parts: Sequence[PartFact], works: dict[str, Fee], category: str, service: str,
    rows: Sequence[Fee], model: Model | None, product: Product | None,
) -> list[str]:  # fmt: skip
    """One part with what putting it in takes, or one piece of work; over several models from the cheapest to the dearest."""
    mine = [one for one in parts if one.name == name]
    if not mine:
        row = works[name]
        wanted = Wanted.of({row.code: 1000}) if row.kind != "material" else Wanted.of(materials={row.code: 1000})
        priced, _ = estimate(
            talk.uow, talk.voice.brand_id, category, service, wanted, model=model, product=product, rows=rows
        )
        unit = f"（每{row.unit}）" if row.unit not in ("次", "") else ""
        return [f"【{name}】{unit}", *line_words(priced.lines)]
    dearest, cheapest = mine[-1], mine[0]
    priced, _ = priced_part(talk, cheapest, category, rows, model, product)
    told = [f"【换{name}】", *line_words(priced.lines), sum_words(priced)]
    if dearest.fen != cheapest.fen:
        told[1] = f"· {name} {Money(cheapest.fen)}–{Money(dearest.fen)}，看型号"
    return told


def priced_part(
    talk: Talk, part: PartFact, category: str, rows: Sequence[Fee], model: Model | None, product: Product | None
) -> tuple[Priced, Priced]:
    return estimate(
        talk.uow, talk.voice.brand_id, category, "repair", Wanted.of(parts={part.code: 1000}), parts=[part], model=model,
        product=product, rows=rows,
    )  # fmt: skip


def line_words(lines: Sequence[Line]) -> list[str]:
    """Each line apart, with who pays it; a free way there is not worth a line."""
    return [
        f"· {one.title} {Money(one.fen)}{'' if one.payer == CUSTOMER else f'（{PAYERS[one.payer]}，您不用付）'}"
        for one in lines
        if one.fen or one.kind == LABOUR
    ]


def sum_words(priced: Priced) -> str:
    covered = [one for one in priced.lines if one.payer != CUSTOMER and one.fen]
    whole = f"合计约 {Money(priced.customer_fen)}" if not covered else f"您需要付约 {Money(priced.customer_fen)}"
    why = dict.fromkeys(one.why for one in covered)
    return f"{whole}。{''.join(f'{one}。' for one in why)}" if covered else f"{whole}。{unsure(priced)}"


def unsure(priced: Priced) -> str:
    """Where nothing is known of a warranty, it may still pay."""
    return (
        "在保修期内的免费，登记产品后可以查准。"
        if all(one.rule in ("bought", "free", "unknown") for one in priced.lines)
        else ""
    )


def near_words(found: Named, parts: Sequence[PartFact], works: dict[str, Fee], rows: Sequence[Fee]) -> list[str]:
    """Neighbours of what was said: named with their prices, for the person to say which."""
    told = ["没有找到完全一样的名字，相近的有："]
    for name in found.near[:NEAR]:
        mine = [one for one in parts if one.name == name]
        if not mine:
            told.append(f"· {name} {price_words(works[name])}")
            continue
        row = best_row(rows, LABOUR, mine[0].labour) if mine[0].labour else None
        told.append(f"· {name}：配件 {Money(mine[0].fen)}" + (f"，{row.title} {Money(row.fen)}" if row else ""))
    return [*told, "要问哪一个，把名字发给我，例如“换" + found.near[0] + "多少钱”。"]


def list_words(
    talk: Talk, category: str, service: str, rows: Sequence[Fee], model: Model | None, product: Product | None
) -> list[str]:
    """What the list says of a kind of service, or of a visit."""
    priced, _ = estimate(
        talk.uow, talk.voice.brand_id, category, service, Wanted(), model=model, product=product, rows=rows
    )
    basic = [one for one in priced.lines if one.kind == LABOUR]
    if service != "repair" and basic:
        return [*line_words(basic), *general_words(rows)[: MOST - 1]]
    own = [one for one in rows if one.kind == LABOUR and one.code != BASIC]
    return [
        *(f"· {one.title} {price_words(one)}" for one in own[:MOST]),
        *(f"· {one}" for one in general_words(rows)[:4]),
    ]


def declined(talk: Talk, category: str, rows: Sequence[Fee], model: Model | None, product: Product | None) -> str:
    _, no = estimate(
        talk.uow, talk.voice.brand_id, category, "repair", Wanted(), model=model, product=product, rows=rows
    )
    return f"不修只收上门检测费 {Money(no.customer_fen)}。" if no.customer_fen else "不修也不收费。"


def closed(talk: Talk, told: Sequence[str], *, decline: str = "") -> str:
    """The prices, what goes before any work, and where the whole list is."""
    if not told:
        return f"收费标准请拨打 {talk.voice.hotline} 咨询；上门后工程师会先报价，您同意了再维修。"
    page = page_of(talk)
    ends = (
        f"上门后工程师先报价，您同意了再做。{decline}"
        if decline
        else "上门后工程师先报价，您同意了再做，不同意只收上门检测费。"
    )
    return "\n".join([*told, ends, *([f"完整价目：{page}"] if page else [])])


def page_of(talk: Talk) -> str:
    """The public list, beside the privacy notice on the same server."""
    base, found, _ = talk.voice.privacy_url.partition("/c/")
    return f"{base}/c/prices/{talk.voice.brand_code}" if found else ""


flow = Flow(
    name="price",
    rank=70,
    title="收费标准",
    said=["收费", "价格", "多少钱", "收费标准", "怎么收费", "上门费"],
    intents={"price_query"},
    aside=True,
    questions=[
        Question("asked", "", "", Asked(), volunteered=True),
        Question(
            "product", "产品", "请问是哪种产品？例如空调、冰箱，也可以发型号。", Appliance(), needed=needs_product
        ),
    ],
    submit=tell,
    confirms=lambda talk, answers: False,
)
