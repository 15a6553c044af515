"""The control API of the payment side, listed in README.md; a new call is a function under its heading."""

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.errors import Unsendable
from sandbox.pay import cashier, refunding
from sandbox.pay.errors import Unpayable
from sandbox.pay.till import Till
from sandbox.pay.trades import Trade

SETTLE = 10.0  # seconds at most


def blueprint(till: Till) -> Blueprint:
    """All routes, bound to one platform's till."""
    routes = Blueprint("pay_control", __name__, url_prefix="/sandbox/api/pay")
    for wrong in (Unsendable, Unpayable, ValueError):
        routes.register_error_handler(wrong, lambda why: (jsonify(error=str(why)), 400))
    _people(routes, till)
    _merchants(routes, till)
    return routes


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True) or {}
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    return body


def _trade(till: Till, number: str) -> Trade:
    mch_id = request.args.get("mch_id", "")
    for (owner, own_number), trade in list(till.trades.items()):
        if own_number == number and mch_id in ("", owner):
            return trade
    raise Unsendable(f"no trade {number!r}")


def _people(routes: Blueprint, till: Till) -> None:
    @routes.get("/trades")
    def trades() -> ResponseReturnValue:
        return jsonify(till.list())

    @routes.get("/trades/<number>")
    def one(number: str) -> ResponseReturnValue:
        return jsonify(till.shown(_trade(till, number)))

    @routes.post("/trades/<number>/pay")
    def pay(number: str) -> ResponseReturnValue:
        body, trade = _body(), _trade(till, number)
        till.pay(trade, str(body.get("openid") or trade.openid), coupon=int(body.get("coupon_fen") or 0))
        if body.get("wait", True):
            till.timeline.settle(SETTLE)
        return jsonify(till.shown(trade))

    @routes.post("/cashier")
    def at_the_cashier() -> ResponseReturnValue:
        return jsonify(cashier.act(till, _body()))


def _merchants(routes: Blueprint, till: Till) -> None:
    @routes.get("/merchants")
    def merchants() -> ResponseReturnValue:
        return jsonify([
            {"mch_id": one.mch_id, "name": one.name, "cert_serial": one.cert_serial, "public_key_id": one.public_key_id,
             "app_ids": one.app_ids, "balance_fen": till.books[one.mch_id].balance}
            for one in till.merchants.values()
        ])  # fmt: skip

    @routes.post("/merchants/<mch_id>/balance")
    def balance(mch_id: str) -> ResponseReturnValue:
        if mch_id not in till.books:
            raise Unsendable(f"no merchant {mch_id!r}")
        till.books[mch_id].balance = int(_body()["fen"])
        return jsonify(balance_fen=till.books[mch_id].balance)

    @routes.post("/refunds/<number>/finish")
    def finish(number: str) -> ResponseReturnValue:
        found = [one for (_, own), one in list(till.refunds.items()) if own == number]
        if not found:
            raise Unsendable(f"no refund {number!r}")
        body = _body()
        refunding.finish(till, found[0], str(body.get("outcome") or ""))
        if body.get("wait", True):
            till.timeline.settle(SETTLE)
        return jsonify(found[0].show())

    @routes.get("/notices")
    def notices() -> ResponseReturnValue:
        return jsonify([one.show() for one in till.postman.all()])

    @routes.post("/notices/<notice_id>/again")
    def again(notice_id: str) -> ResponseReturnValue:
        found = [one for one in till.postman.all() if one.id == notice_id]
        if not found:
            raise Unsendable(f"no notice {notice_id!r}")
        till.postman.again(found[0])
        return jsonify(found[0].show())

    @routes.post("/down")
    def down() -> ResponseReturnValue:
        till.down_until = till.now + 60 * float(_body().get("minutes", 60))
        till.timeline.look()
        till.platform.changes.note()
        return jsonify(down_until=till.down_until)

    @routes.post("/settle")
    def settle() -> ResponseReturnValue:
        return jsonify(settled=till.timeline.settle(float(_body().get("seconds", SETTLE))))
