"""Telling the mini-program's platform what was delivered (upload_shipping_info, wechat-protocol §6.5)."""

from __future__ import annotations

from sqlalchemy import select

from adapters.wechat.client import WeChat
from domain.kit.unit_of_work import SHANGHAI, Runtime
from domain.organizations.model import Account
from domain.payments.delivered import Delivery
from jobs.channels import ChannelError, NeverAgain
from jobs.payments import DeliveryRefused

PATH = "/wxa/sec/order/upload_shipping_info"
BY_NUMBER, SERVICE, WHOLE = 1, 3, 1
"""order_number_type: mchid and out_trade_no; logistics_type: nothing is carried; delivery_mode: all at once."""
NOT_YET, TOLD = "10060001", ("10060002", "10060003", "10060023")
"""The order is not known there yet: later; it was told already: that will do."""


class WeChatDeliveries:
    """`jobs.payments.Deliveries` on the mini-program's account."""

    def __init__(self, wechat: WeChat, runtime: Runtime) -> None:
        self.wechat, self.runtime = wechat, runtime

    def report(self, delivery: Delivery) -> None:
        """See `jobs.payments.Deliveries`."""
        with self.runtime.transaction() as uow:
            account_id = uow.session.scalar(select(Account.id).filter_by(app_id=delivery.app_id))
        if account_id is None:
            raise DeliveryRefused("no account", again=False)
        key = {"order_number_type": BY_NUMBER, "mchid": delivery.mch_id, "out_trade_no": delivery.number}
        body = {
            "order_key": key, "logistics_type": SERVICE, "delivery_mode": WHOLE,
            "shipping_list": [{"item_desc": delivery.item}], "payer": {"openid": delivery.openid},
            "upload_time": delivery.at.astimezone(SHANGHAI).isoformat(timespec="milliseconds"),
        }  # fmt: skip
        try:
            self.wechat.call(account_id, PATH, body)
        except ChannelError as error:
            said = str(error)
            if any(code in said for code in TOLD):
                return
            raise DeliveryRefused(said[:60], again=NOT_YET in said or not isinstance(error, NeverAgain)) from None
