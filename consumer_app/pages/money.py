"""报价, 付款, 发票: by whoever is signed in, or by the signed link that a message carries.

A link opens one quote or one bill. Paying inside WeChat needs to know who pays, so the page signs in for it, silently.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from consumer_app.counter import Unauthorized
from consumer_app.money_shapes import AnswerQuoteIn, InvoiceIn
from consumer_app.person import Person
from consumer_app.subjects import money, paying
from consumer_app.subjects.money import PaymentAway, QuoteChanged
from consumer_app.web_parts import PATH, Web, given_in, go, in_wechat, own_path, to_sign_in
from domain.kit.actors import Actor, Role
from domain.kit.errors import NotFound, Refused
from domain.kit.money import Money
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand
from domain.payments.links import payable_behind
from domain.payments.model import Payable
from domain.payments.paying import NotSure, PaidAlready
from domain.payments.queries import payable_seen
from domain.pricing import quoting
from domain.pricing.links import bill_behind, quote_behind
from domain.pricing.model import Quote
from domain.pricing.queries import lines_of
from domain.work_orders.model import WorkOrder

NO = 409
LOOKS, STATES = (60, 600), (600, 60)
"""Links one address may open, and looks at how a payment stands, in how many seconds: a page that waits looks every few."""


def register(door: Blueprint, web: Web) -> None:
    quotes(door, web)
    bills(door, web)
    pay(door, web)
    invoices(door, web)


def quotes(door: Blueprint, web: Web) -> None:
    def opened(uow: UnitOfWork, ref: str) -> tuple[Quote, Actor]:
        """By the link, or as the signed-in person.

        :raises BadLink, Unauthorized, NotFound: see there
        """
        if "." in ref:
            web.at.count("quote link of address", request.remote_addr or "", LOOKS)
            quote, order = quote_behind(uow, ref)
            return quote, Actor(Role.CUSTOMER, order.customer_id)
        person = web.person(uow)
        return person.quote(ref), person.by

    def shown(uow: UnitOfWork, quote: Quote, ref: str, status: int = 200, **words: Any) -> Response:
        order = uow.get(WorkOrder, quote.work_order_id, called="这张工单")
        brand = uow.get(Brand, order.brand_id, called="品牌")
        return web.page(
            "quote.html", status, quote=money.quote_json(uow, quote), ref=ref, hotline=brand.hotline, brand=brand.name,
            **words,
        )  # fmt: skip

    @door.get("/quotes/<ref>")
    def quote(ref: str) -> Response:
        try:
            with web.at.runtime.transaction() as uow:
                found, _ = opened(uow, ref)
                quoting.seen(uow, found.id)
                return shown(uow, found, ref)
        except Unauthorized:
            return to_sign_in()

    @door.post("/quotes/<ref>")
    def answer_quote(ref: str) -> Response:
        web.must_be_our_form()
        try:
            with web.at.runtime.transaction() as uow:
                found, by = opened(uow, ref)
                try:
                    money.answer_as(uow, found, given_in(AnswerQuoteIn()), by, "page")
                except QuoteChanged as changed:
                    newer = uow.session.get(Quote, changed.newer["id"]) if changed.newer else None
                    return shown(uow, newer or found, "" if newer else ref, NO, refused=str(changed))
                uow.session.flush()
                return shown(uow, found, ref, answered=True)
        except Unauthorized:
            return to_sign_in()
        except NotFound:
            raise
        except Refused as no:
            with web.at.runtime.transaction() as uow:
                return shown(uow, opened(uow, ref)[0], ref, NO, refused=str(no))


def bills(door: Blueprint, web: Web) -> None:
    @door.get("/bills")
    @web.signed_in
    def all_bills(person: Person) -> Response:
        return web.page("bills.html", person=person, tab="me", **money.payables(person))

    @door.get("/bills/<token>")
    def bill(token: str) -> Response:
        web.at.count("bill link of address", request.remote_addr or "", LOOKS)
        with web.at.runtime.transaction() as uow:
            found, order = bill_behind(uow, token)
            brand = uow.get(Brand, order.brand_id, called="品牌")
            payable = uow.session.get(Payable, found.payable_id) if found.payable_id else None
            lines = [money.line_json(one) for one in lines_of(found)]
            return web.page(
                "bill.html", lines=lines, due=str(Money(found.due_fen)), total=str(Money(found.total_fen)),
                before=str(Money(found.before_fen)) if found.before_fen else "", bill=found, payable=payable,
                token_=token, brand=brand.name, hotline=brand.hotline, number=order.number, inside=in_wechat(),
                signed_in=web.has_openid(uow),
            )  # fmt: skip

    @door.post("/bills/<token>/start")
    def start_bill(token: str) -> Response:
        """Whoever has the link may pay; who that is, is known by the session."""
        web.must_be_our_form()
        web.at.count("payments by link of address", request.remote_addr or "", paying.STARTS_OF_PERSON)
        try:
            with web.at.runtime.transaction() as uow:
                found, order = bill_behind(uow, token)
                by = Actor(Role.CUSTOMER, order.customer_id)
            return jsonify(
                paying.start_by_link(web.at, web.secret, found.payable_id, by, method(), request.remote_addr or "")
            )
        except Refused as no:
            return refused(no)

    @door.get("/bills/<token>/state/<payment_id>")
    def state_of_bill(token: str, payment_id: str) -> Response:
        web.at.count("payment state of address", request.remote_addr or "", STATES)
        with web.at.runtime.transaction() as uow:
            found, _ = bill_behind(uow, token)
        return jsonify(paying.state_by_link(web.at, found.payable_id, payment_id))


def method() -> str:
    return "h5" if request.form.get("method") == "h5" else "jsapi"


def refused(no: Refused) -> Response:
    statuses: dict[type[Refused], int] = {Unauthorized: 401, NotFound: 404, PaymentAway: 503, NotSure: 503}
    answer = jsonify(error=no.code, message=str(no), paid=isinstance(no, PaidAlready))
    answer.status_code = statuses.get(type(no), NO)
    return answer


def pay(door: Blueprint, web: Web) -> None:
    """One's own, or by the signed link of one thing that is owed: whoever has it sees and pays that, and nothing else."""

    @door.get("/pay/<ref>")
    def cashier(ref: str) -> Response:
        return cashier_by_link(ref) if "." in ref else own_cashier(payable_id=ref)

    @web.signed_in
    def own_cashier(person: Person, payable_id: str) -> Response:
        back = own_path(request.args.get("back", f"{PATH}/bills"))
        return web.page(
            "pay.html", person=person, tab="me", payable=money.payable(person, payable_id), back=back,
            inside=person.openid is not None, look=f"{PATH}/pay/state", ref=payable_id, must_sign_in=False,
        )  # fmt: skip

    def cashier_by_link(ref: str) -> Response:
        web.at.count("bill link of address", request.remote_addr or "", LOOKS)
        with web.at.runtime.transaction() as uow:
            found = payable_seen(uow, payable_behind(uow, ref).id)
            known = web.has_openid(uow)
            return web.page(
                "pay.html", payable=money.payable_plain(found), back=f"{PATH}/pay/{ref}", inside=known, ref=ref,
                look=f"{PATH}/pay/{ref}/state", must_sign_in=in_wechat() and not known,
            )  # fmt: skip

    @door.post("/pay/<ref>/start")
    def start_paying(ref: str) -> Response:
        web.must_be_our_form()
        try:
            if "." not in ref:
                return jsonify(paying.start(web.at, web.secret, ref, method(), request.remote_addr or ""))
            web.at.count("payments by link of address", request.remote_addr or "", paying.STARTS_OF_PERSON)
            with web.at.runtime.transaction() as uow:
                payable = payable_behind(uow, ref)
                id_, by = payable.id, Actor(Role.CUSTOMER, payable.customer_id)
            return jsonify(paying.start_by_link(web.at, web.secret, id_, by, method(), request.remote_addr or ""))
        except Refused as no:
            return refused(no)

    @door.get("/pay/state/<payment_id>")
    def state_of_payment(payment_id: str) -> Response:
        try:
            return jsonify(paying.state(web.at, web.secret, payment_id))
        except Refused as no:
            return refused(no)

    @door.get("/pay/<ref>/state/<payment_id>")
    def state_by_link(ref: str, payment_id: str) -> Response:
        web.at.count("payment state of address", request.remote_addr or "", STATES)
        with web.at.runtime.transaction() as uow:
            payable_id = payable_behind(uow, ref).id
        return jsonify(paying.state_by_link(web.at, payable_id, payment_id))


def invoices(door: Blueprint, web: Web) -> None:
    @door.get("/pay/<payable_id>/invoice")
    @web.signed_in
    def invoice_form(person: Person, payable_id: str) -> Response:
        return shown(person, payable_id)

    def shown(person: Person, payable_id: str, status: int = 200, **words: Any) -> Response:
        return web.page(
            "invoice.html", status, person=person, tab="me", payable=money.payable(person, payable_id),
            said=request.form, **words,
        )  # fmt: skip

    @door.post("/pay/<payable_id>/invoice")
    @web.writes
    def ask_invoice(person: Person, payable_id: str) -> Response:
        try:
            with person.uow.session.begin_nested():
                money.ask_invoice(person, payable_id, given_in(InvoiceIn()))
        except NotFound:
            raise
        except Refused as no:
            return shown(person, payable_id, NO, refused=str(no))
        return go(f"{PATH}/pay/{payable_id}")
