"""What the demo's engineers wrote on their phones: a signed service sheet for each visit, its quotes and its bill.

All of it goes through the phones' own operations, at the moments they would have come; what an engineer wants to do is `wanted`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any

from adapters.demo.photos import STROKES, send
from domain.catalog.bills import Needed, bills_of
from domain.engineers.devices import open_session
from domain.engineers.model import Engineer
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import UnitOfWork
from domain.pricing import billing, on_site, quoting
from domain.pricing.fee_facts import CUSTOMER, MATERIAL, PART, Facts, Line, Wanted
from domain.pricing.fees import price, price_declined
from domain.pricing.gathering import facts_for, prices_of, rows_for
from domain.pricing.lifecycle import QuoteStatus
from domain.pricing.model import Quote
from domain.pricing.queries import standing_quote
from domain.service_sheets.canonical import canonical
from domain.service_sheets.facts import content_of, todo_for
from domain.service_sheets.model import ServiceSheet
from domain.service_sheets.operations import Incoming, sync
from domain.service_sheets.registers import registers_of, values_of
from domain.service_sheets.rules import NAMEPLATED
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import Visit, WorkOrder

ON_THE_WAY, LOOKED, FOUND_MORE, ANSWERED = (timedelta(minutes=before) for before in (25, 65, 59, 55))
"""Before the check-in; before the end of the visit."""
SMALL_PART_FEN = 40_000
"""What most parts cost that are changed at home."""
CHANNELS = ("chat", "page", "engineer")
MATERIALS = {
    "air_conditioner": ("copper_pipe_6_10", "drain_hose", "bracket"), "television": ("wall_bracket_tv",),
    "water_heater_gas": ("gas_hose", "exhaust_pipe", "angle_valve"), "water_heater_electric": ("angle_valve", "check_valve"),
}  # fmt: skip
Said = tuple[str, Mapping[str, Any]]
"""Kind of an operation, and its body."""


class NotTaken(Exception):
    """The demo wrote something that a phone could not have written."""


@dataclass
class Phones:
    """The phones of the demo's engineers, and what differs from visit to visit."""

    chance: random.Random = field(default_factory=lambda: random.Random(20_260_918))
    devices: dict[str, str] = field(default_factory=dict)
    made: dict[str, Iterator[int]] = field(default_factory=dict)
    visits: Iterator[int] = field(default_factory=lambda: count(1))
    declined: bool = False

    def send(self, uow: UnitOfWork, visit: Visit, *said: Said, ago: timedelta = timedelta()) -> None:
        """What the engineer's phone writes, each a second after the other.

        :raises NotTaken: a phone could not have written that
        """
        engineer_id = visit.engineer_id or ""
        if engineer_id not in self.devices:
            engineer = uow.get(Engineer, engineer_id, called="这位工程师")
            device, _ = open_session(uow, engineer, name="微信 8 · Android", how="code")
            self.devices[engineer_id], self.made[engineer_id] = device.id, count(1)
        made, since = self.made[engineer_id], uow.now - ago - timedelta(seconds=len(said))
        incoming = [
            Incoming(f"{engineer_id}-{seq}", seq, visit.id, 0, since + timedelta(seconds=place), kind, dict(body))
            for place, ((kind, body), seq) in enumerate(zip(said, made, strict=False))
        ]
        for one, answer in zip(incoming, sync(uow, self.devices[engineer_id], uow.now, incoming), strict=True):
            if answer.outcome != "applied" or answer.code:
                raise NotTaken(f"{one.kind} {one.body}: {answer.outcome} {answer.words}")


def arrive(uow: UnitOfWork, phones: Phones, order: WorkOrder, visit: Visit) -> None:
    """On the way to the customer and there: visit and order follow."""
    phones.send(uow, visit, ("visit.move", {"move": "depart"}), ago=ON_THE_WAY)
    phones.send(uow, visit, ("visit.move", {"move": "check_in"}))


def work(uow: UnitOfWork, phones: Phones, order: WorkOrder, visit: Visit) -> None:
    """A whole visit up to its bill; ``uow`` is at its end."""
    number, then = next(phones.visits), replace(uow, now=uow.now - LOOKED)
    phones.send(then, visit, *looked_at(order, visit))
    part = part_for(then, phones, order) if order.service_type is ServiceType.REPAIR and number % 5 else None
    if part is not None and number % 3 == 0:
        ask(then, phones, order, visit, wanted(then, order, None), f"q{number}a")
        then = replace(uow, now=uow.now - FOUND_MORE)
    quote = ask(then, phones, order, visit, wanted(then, order, part), f"q{number}")
    if quote.status is QuoteStatus.ASKED:
        answer(replace(uow, now=uow.now - ANSWERED), phones, order, visit, quote, CHANNELS[number % len(CHANNELS)])
    words = (
        f"{part.name}损坏"
        if part
        else "清洁和紧固后恢复"
        if order.service_type is ServiceType.REPAIR
        else "现场条件符合要求"
    )
    done = (
        "客户不修，仅检测"
        if quote.status is QuoteStatus.REJECTED
        else f"更换{part.name}，试机正常"
        if part
        else "试机正常，已教客户使用"
    )
    phones.send(uow, visit, ("field.set", {"name": "fault_found", "value": words}), ("field.set", {"name": "done", "value": done}),
                *photos(uow, order, visit))  # fmt: skip
    phones.send(uow, visit, signature(uow, order, visit), ("visit.end", {"outcome": "finished"}))
    billing.bill_visit(uow, visit.id)


def wait_for_part(uow: UnitOfWork, phones: Phones, order: WorkOrder, visit: Visit) -> None:
    """Looked at, and something has to be ordered."""
    part = part_for(uow, phones, order)
    end = {"outcome": "waiting_part", "parts": [part.code if part else "other"]}
    phones.send(uow, visit, *looked_at(order, visit), *photos(uow, order, visit), ("visit.end", end))


def ask_now(uow: UnitOfWork, phones: Phones, order: WorkOrder, visit: Visit) -> None:
    """The engineer is there this moment, and the customer thinks about the price."""
    part = part_for(uow, phones, order) if order.service_type is ServiceType.REPAIR else None
    phones.send(uow, visit, *looked_at(order, visit))
    ask(uow, phones, order, visit, wanted(uow, order, part), f"q{next(phones.visits)}")


# What is written


def looked_at(order: WorkOrder, visit: Visit) -> list[Said]:
    """Every prompt confirmed, every check fine."""
    todo = todo_for(order, visit)
    said: list[Said] = [("prompt.confirm", {"code": one.code}) for one in todo.prompts]
    for check in todo.checks:
        value = {"number": str(check.least or check.most), "yes_no": "yes"}.get(check.kind) or check.options[0].code
        said.append(("check.record", {"code": check.code, "value": value}))
    return said


def photos(uow: UnitOfWork, order: WorkOrder, visit: Visit) -> list[Said]:
    """Those that are wanted, with the pictures sent before."""
    purposes = ("before", "after", *(["nameplate"] if order.service_type in NAMEPLATED else []))
    for purpose in purposes:
        send(uow, order, visit, f"{visit.id}-{purpose}", purpose)
    return [("photo.add", {"upload_id": f"{visit.id}-{purpose}", "purpose": purpose}) for purpose in purposes]


def signature(uow: UnitOfWork, order: WorkOrder, visit: Visit) -> Said:
    """Under the sheet as it stands."""
    sheet = uow.get(ServiceSheet, visit.id, called="这张服务单")
    send(uow, order, visit, f"{visit.id}-signature", "signature")
    content = canonical(content_of(uow, order, visit, values_of(registers_of(uow, visit.id))))
    return "signature.add", {
        "signature_id": f"{visit.id}-s", "upload_id": f"{visit.id}-signature", "purpose": "sheet",
        "sheet_hash": sheet.hash, "content": content, "strokes": list(STROKES), "name": order.contact_name or "",
    }  # fmt: skip


def part_for(uow: UnitOfWork, phones: Phones, order: WorkOrder) -> Needed | None:
    """One of the model's parts that has a price, seldom a dear one."""
    bill = bills_of(uow, [order.model_id], uow.today).get(order.model_id, []) if order.model_id else []
    prices = prices_of(uow, [one.part_id for one in bill], uow.today)
    priced = sorted((one for one in bill if one.part_id in prices), key=lambda one: one.code)
    cheap = [one for one in priced if prices[one.part_id].fen <= SMALL_PART_FEN]
    return phones.chance.choice(cheap or priced) if priced else None


def wanted(uow: UnitOfWork, order: WorkOrder, part: Needed | None) -> Wanted:
    """What is to be done: the part, or small labour; the materials an installation takes. A cleaning needs no naming."""
    if part is not None:
        return Wanted.of(parts={part.code: 1000})
    if order.service_type is ServiceType.INSTALL:
        known = {
            one.code for one in rows_for(uow, order.brand_id, [order.category_code], uow.today) if one.kind == MATERIAL
        }
        chosen = MATERIALS.get(order.category_code, ("angle_valve", "water_hose"))
        return Wanted.of(materials={code: 1000 * place for place, code in enumerate(chosen, 1) if code in known})
    return Wanted.of({"small": 1000}) if order.service_type is ServiceType.REPAIR else Wanted()


# Its price


def ask(uow: UnitOfWork, phones: Phones, order: WorkOrder, visit: Visit, wants: Wanted, name: str) -> Quote:
    """Write the lines down and ask the customer, as the phone does.

    :raises NotTaken: there is no price
    """
    lines = [one for one in price(facts_for(uow, order, wants)).lines if one.fen]
    phones.send(uow, visit, *written(uow, visit, lines), ("quote.ask", {"quote_id": name}))
    on_site.take_in(uow, visit.id)
    quote = standing_quote(uow, order.id)
    if quote is None or quote.phone_key != name:
        raise NotTaken(f"no quote for order {order.number}")
    return quote


def written(uow: UnitOfWork, visit: Visit, lines: Sequence[Line]) -> list[Said]:
    """The lines on the sheet, instead of those that were there."""
    there = [key for key, value in values_of(registers_of(uow, visit.id)).items() if value is not None]
    said: list[Said] = [
        (f"{group}.remove", {"line": key.removeprefix(f"{group}.")})
        for key in there
        if (group := key.partition(".")[0]) in ("fee", "part", "material")
    ]
    for place, line in enumerate(lines):
        name, quantity = f"l{place}", line.quantity_milli
        said.append(
            ("fee.put", {"line": name, "code": line.key, "title": line.title, "fen": line.fen, "payer": line.payer})
        )
        if line.kind == PART:
            said.append(("part.put", {"line": name, "part_code": line.code, "quantity": quantity // 1000,
                                      "new_serial": f"N{visit.id[-6:]}", "old_part_kept": True}))  # fmt: skip
        elif line.kind == MATERIAL:
            said.append(("material.put", {"line": name, "code": line.code, "quantity": quantity}))
    return said


def answer(uow: UnitOfWork, phones: Phones, order: WorkOrder, visit: Visit, quote: Quote, via: str) -> None:
    """Yes, in the chat, on the page or on the engineer's phone; once it is no, and then only coming and looking is paid."""
    customer = Actor(Role.CUSTOMER, order.customer_id)
    if not phones.declined and order.service_type is ServiceType.REPAIR and quote.customer_fen > SMALL_PART_FEN // 2:
        phones.declined = True
        quoting.reject(uow, quote.id, by=customer, via="page", why="价格偏高，先不修了")
        lines = [one for one in price_declined(Facts.from_json(quote.facts)).lines if one.payer == CUSTOMER]
        phones.send(uow, visit, *written(uow, visit, lines))
    elif via == "engineer":
        shown = {line["key"]: line["fen"] for line in quote.lines if line["payer"] == CUSTOMER}
        body = {"quote_id": quote.phone_key, "hash": quote.hash, "customer_fen": quote.customer_fen, "shown": shown}
        phones.send(uow, visit, ("quote.confirm", body))
        on_site.take_in(uow, visit.id)
    else:
        quoting.confirm(uow, quote.id, quote.hash, by=customer, via=via)
