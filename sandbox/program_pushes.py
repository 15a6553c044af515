"""What the platform pushes besides what people say: subscriptions, revoked consents, checked media, shipping of paid goods
(protocol sheet 3.2 to 3.4); a new kind is a builder and a row of PROGRAM_KINDS.
"""

from collections.abc import Callable

from sandbox.errors import Unsendable
from sandbox.push import BOTH, PROGRAM, Given, Kind, event, need
from sandbox.xml import Fields


def _authorization(name: str) -> Callable[[Given], Fields]:
    return lambda given: {
        "MsgType": "event",
        "Event": name,
        "OpenID": need(given, "openid"),
        "AppID": need(given, "app_id"),
        "RevokeInfo": str(given.get("revoke_info") or "8"),  # 8 is the phone number
    }


def _about_him(name: str) -> Kind:
    """The platform speaks, about a person who may have left."""
    return Kind(_authorization(name), event=True, silent=True, strangers=True, by_platform=True, on=BOTH)


def _entered(given: Given) -> Fields:
    session_from = str(given.get("session_from") or "")
    return {"MsgType": "event", "Event": "user_enter_tempsession", "SessionFrom": session_from}


def _subscription(event: str, **columns: str) -> Callable[[Given], Fields]:
    """An event about templates: `templates` are objects of what `columns` are made of, XML name → given name."""
    outer = "".join(word.capitalize() for word in event.removesuffix("_event").split("_")) + "Event"

    def build(given: Given) -> Fields:
        templates = given.get("templates")
        if not isinstance(templates, list) or not templates:
            raise Unsendable("templates is missing")
        items: list[Fields] = [{name: need(one, key) for name, key in columns.items()} for one in templates]
        return {"MsgType": "event", "Event": event, outer: {"List": items}}

    return build


def _media_checked(given: Given) -> Fields:
    suggest = str(given.get("suggest") or "pass")
    label = int(given.get("label") or 100)
    return {
        "MsgType": "event",
        "Event": "wxa_media_check",
        "appid": need(given, "app_id"),
        "trace_id": need(given, "trace_id"),
        "version": 2,
        "errcode": 0,
        "errmsg": "ok",
        "result": {"suggest": suggest, "label": label},
        "detail": [{"strategy": "content_model", "errcode": 0, "suggest": suggest, "label": label, "prob": 90}],
    }


def _quiet(build: Callable[[Given], Fields], *, on: tuple[str, ...] = BOTH, by_platform: bool = False) -> Kind:
    return Kind(build, event=True, silent=True, strangers=True, by_platform=by_platform, on=on)


TRADE = {
    "transaction_id": "transaction_id", "merchant_id": "merchant_id", "sub_merchant_id": "sub_merchant_id",
    "merchant_trade_no": "merchant_trade_no", "pay_time": "pay_time",
}  # fmt: skip


def _settled(given: Given) -> Fields:
    """On shipping without, on settlement with the last three."""
    fields = event("trade_manage_order_settlement", **TRADE, shipped_time="shipped_time",
                   estimated_settlement_time="estimated_settlement_time")(given)  # fmt: skip
    late = ("confirm_receive_method", "confirm_receive_time", "settlement_time")
    return {**fields, **{name: str(given[name]) for name in late if name in given}}


PROGRAM_KINDS: dict[str, Kind] = {
    "user_authorization_revoke": _about_him("user_authorization_revoke"),
    "user_authorization_cancellation": _about_him("user_authorization_cancellation"),
    "user_info_modified": _about_him("user_info_modified"),
    "enter": Kind(_entered, "enter", event=True, on=PROGRAM),
    "subscribe_popup": _quiet(
        _subscription(
            "subscribe_msg_popup_event", TemplateId="template_id", SubscribeStatusString="status", PopupScene="scene"
        )
    ),
    "subscribe_change": _quiet(
        _subscription("subscribe_msg_change_event", TemplateId="template_id", SubscribeStatusString="status")
    ),
    "subscribe_sent": _quiet(
        _subscription(
            "subscribe_msg_sent_event", TemplateId="template_id", MsgID="msg_id", ErrorCode="code",
            ErrorStatus="status",
        )
    ),
    "media_checked": Kind(_media_checked, event=True, silent=True, on=PROGRAM),
    "trade_remind_access": _quiet(event("trade_manage_remind_access_api", msg="msg"), on=PROGRAM, by_platform=True),
    "trade_remind_shipping": _quiet(
        event("trade_manage_remind_shipping", **TRADE, msg="msg"), on=PROGRAM, by_platform=True
    ),
    "trade_settlement": _quiet(_settled, on=PROGRAM, by_platform=True),
    "trade_controlled": _quiet(event("wxa_trade_controlled", msg="msg"), on=PROGRAM, by_platform=True),
}  # fmt: skip
