"""The platform's state and what people do; calls come in through sandbox.api, pushes leave through sandbox.delivery."""

import contextlib
import itertools
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from sandbox import subscriptions
from sandbox.accounts import MINI_PROGRAM, Account, AccountConfig
from sandbox.calls import CallLog
from sandbox.changes import Changes
from sandbox.clock import Clock
from sandbox.delivery import Courier, Delivery
from sandbox.errors import PlatformError, Unsendable
from sandbox.faults import Faults, at_rest
from sandbox.media import MediaStore, grey_picture
from sandbox.pay.merchants import Merchant
from sandbox.pay.till import Till
from sandbox.pay.trades import Trade
from sandbox.people import OUT_OF_ORDER, PROGRAM_OUT_OF_ORDER, Bubble, Person, openid_of
from sandbox.pushes import KINDS, Kind, Push
from sandbox.quota import Quota
from sandbox.replies import Reply
from sandbox.texts import Texts

TYPING_LASTS = 15.0
SMS_KEY = ("sandbox-sms-key", "sandbox-sms-secret")


class Platform:
    """One pretend WeChat with its accounts and people. Every public method may be called from any thread."""

    def __init__(
        self,
        accounts: Iterable[AccountConfig],
        *,
        merchants: Iterable[Merchant] = (),
        residents: tuple[str, ...] = (),
        sms_key: tuple[str, str] = SMS_KEY,
        public_url: str = "http://127.0.0.1:8001",
        clock: Clock | None = None,
    ) -> None:
        """`residents` are names of people who are there from the start and again after a reset."""
        self.clock = clock or Clock()
        self.public_url = public_url
        self.accounts = {config.app_id: Account(config) for config in accounts}
        self.people: dict[str, Person] = {}
        self.faults = Faults()
        self.log = CallLog()
        self.media = MediaStore()
        self.quota = Quota()
        self.sms_key = sms_key
        self.texts = Texts(self.clock)
        self.changes = Changes()
        self.login_codes: dict[str, tuple[str, str, float]] = {}  # code → kind, openid, expiry; '' once used
        self._busy: set[str] = set()
        self._residents = residents
        self._courier = Courier(self)
        self._lock = threading.RLock()
        self._bubble_ids = itertools.count(1)
        # Message ids must not come again after a restart: the account remembers them.
        self._msg_ids = itertools.count(time.time_ns() // 1000 * 1000)
        self.pay = Till(self, merchants)
        self._move_in()

    def _move_in(self) -> None:
        for app_id in self.accounts:
            for name in self._residents:
                self.add_person(name, app_id=app_id, openid=openid_of(app_id, name), union_id=openid_of("", name))

    def reset(self) -> None:
        """Back to the start: no people but the residents, no log, no faults, real time; tokens and menus stay."""
        with self._lock:
            self.people.clear()
            self.quota = Quota()
        self.pay.reset()
        self.texts.clear()
        self.faults.set(at_rest())
        self.log.clear()
        self.clock.reset()
        self._move_in()
        self.changes.note()

    def account(self, app_id: str | None = None) -> Account:
        """The account named, or the first one.

        :raises Unsendable: when there is no such account
        """
        found = self.accounts.get(app_id) if app_id else next(iter(self.accounts.values()), None)
        if found is None:
            raise Unsendable(f"no account {app_id}")
        return found

    def configure(self, app_id: str, **changes: str) -> AccountConfig:
        """Change an account's mode, callback, token, key … as its owner would in the platform's console.

        :raises ValueError: when mode or key cannot be
        """
        account = self.account(app_id)
        account.config = replace(account.config, **changes)  # type: ignore[arg-type]
        self.changes.note()
        return account.config

    def add_person(
        self, name: str, *, app_id: str | None = None, openid: str | None = None, phone: str = "13800138000",
        union_id: str = "",
    ) -> Person:  # fmt: skip
        """A new WeChat user, not following yet; a mini-program has no followers, there he may be written to at once.

        `union_id` is the same for one person on several accounts.

        :raises Unsendable: when the openid is taken
        """
        config = self.account(app_id).config
        app_id = config.app_id
        openid = openid or openid_of(app_id, f"{name}/{time.time_ns()}")
        person = Person(openid, app_id, name, phone, union_id=union_id or openid_of("", openid))
        person.following = person.ever_followed = config.kind == MINI_PROGRAM
        with self._lock:
            if openid in self.people:
                raise Unsendable(f"openid {openid} is taken")
            self.people[openid] = person
        self.changes.note()
        return person

    def elsewhere(self, openid: str, app_id: str) -> Person:
        """The same WeChat user as another account sees him; he comes into being when he first goes there."""
        here = self.person(openid)
        with self._lock:
            for one in self.people.values():
                if one.app_id == app_id and one.union_id == here.union_id:
                    return one
            return self.add_person(here.name, app_id=app_id, phone=here.phone, union_id=here.union_id)

    def person(self, openid: str) -> Person:
        """:raises Unsendable: when nobody has this openid"""
        found = self.people.get(openid)
        if found is None:
            raise Unsendable(f"nobody has openid {openid!r}")
        return found

    def follower(self, app_id: str, openid: object) -> Person:
        """For API calls.

        :raises PlatformError: 40003 when the openid is not one of this account's, 43004 when he never followed
        """
        person = self.people.get(str(openid))
        if person is None or person.app_id != app_id:
            raise PlatformError(40003)
        if not person.ever_followed:
            raise PlatformError(43004)
        return person

    def send(self, openid: str, kind: str, *, wait: bool = True, **given: Any) -> Delivery:
        """Do something as a person: `kind` is a row of `pushes.KINDS`, `given` its fields.

        With `wait` the delivery is over when this returns, attempts, reply and all; without, it goes on in a thread.

        :raises Unsendable: when the kind is unknown, a field is missing, or he does not follow the account
        """
        person, how = self.person(openid), KINDS.get(kind)
        if how is None:
            raise Unsendable(f"no kind {kind!r}; there are {', '.join(KINDS)}")
        if self.account(person.app_id).config.kind not in how.on:
            raise Unsendable(f"this kind of account has no {kind}")
        if kind == "scan" and not person.following:
            kind, how = "follow", KINDS["follow"]
        if not person.following and not how.strangers:
            raise Unsendable(f"{person.name} does not follow the account")
        push, bubble = self._prepare(person, kind, how, given)
        delivery = Delivery(push, bubble)
        if wait:
            self._courier.deliver(delivery)
        else:
            threading.Thread(target=self._courier.deliver, args=(delivery,), daemon=True).start()
        return delivery

    def holds_back(self, openid: str) -> bool:
        """Whether a push of this person waits for a later one to overtake it."""
        return self._courier.holds_back(openid)

    def _prepare(self, person: Person, kind: str, how: Kind, given: dict[str, Any]) -> tuple[Push, Bubble | None]:
        account, now = self.account(person.app_id), self.clock.now()
        given = self._with_media(person, kind, given, now)
        fields = {
            "ToUserName": account.config.original_id,
            "FromUserName": openid_of(person.app_id, "platform") if how.by_platform else person.openid,
            "CreateTime": int(now),
            **how.build({"app_id": person.app_id, "openid": person.openid, **given}),
        }
        event = fields["MsgType"] == "event"
        if not event:
            fields.setdefault("MsgId", next(self._msg_ids))
        self._follow_up(person, kind, how, given, now, event)
        bubble = self.show(person.openid, "me", kind, given, pending=True) if how.bubble else None
        return Push(person.app_id, person.openid, kind, fields, event, how.silent), bubble

    def _with_media(self, person: Person, kind: str, given: dict[str, Any], now: float) -> dict[str, Any]:
        """What a phone adds by itself: files it uploads before the message goes out."""
        made = dict(given)
        if kind in ("image", "miniprogrampage") and "media_id" not in made:
            picture = self.media.keep(person.app_id, "image", grey_picture(), "image/png", now)
            made["media_id"] = picture.media_id
        if kind in ("image", "miniprogrampage"):
            made.setdefault("url", f"{self.public_url}/mmbiz_pic/{made['media_id']}/0")
        if kind == "voice" and "media_id" not in made:
            made["media_id"] = self.media.keep(person.app_id, "voice", b"#!AMR\n", "audio/amr", now).media_id
        if kind in ("video", "shortvideo"):
            made.setdefault("media_id", self.media.keep(person.app_id, "video", b"", "video/mp4", now).media_id)
            thumb = self.media.keep(person.app_id, "thumb", grey_picture(), "image/png", now)
            made.setdefault("thumb_media_id", thumb.media_id)
        return made

    def _follow_up(self, person: Person, kind: str, how: Kind, given: dict[str, Any], now: float, event: bool) -> None:
        """What the platform itself changes because of the deed, before the push leaves."""
        opens = "menu" if given.get("bizmsgmenuid") else how.opens
        if kind == "raw" and event:
            opens = None
        with self._lock:
            if kind == "follow":
                person.following = person.ever_followed = True
                person.followed_at, person.follow_scene = now, str(given.get("scene") or "")
            if kind == "unfollow":
                person.following = False
                self.quota.close(person.openid)
            if kind in ("subscribe_popup", "subscribe_change"):
                subscriptions.answered(person, given["templates"], popup=kind == "subscribe_popup")
            if opens:
                self.quota.trigger(person.openid, opens, now)
                person.last_exchange = now

    @contextlib.contextmanager
    def one_send(self, openid: str) -> Iterator[bool]:
        """Whether no other subscription message to this person is on its way; he is busy for the length of the block."""
        with self._lock:
            alone = openid not in self._busy
            self._busy.add(openid)
        try:
            yield alone
        finally:
            if alone:
                self._busy.discard(openid)

    def spend_credit(self, person: Person, template_id: str) -> bool:
        """Use one of the subscription messages he allowed."""
        with self._lock:
            return subscriptions.spend(person, template_id)

    def show(self, openid: str, side: str, kind: str, content: dict[str, Any], *, pending: bool = False) -> Bubble:
        """Put something on a person's screen."""
        with self._lock:
            person, now = self.person(openid), self.clock.now()
            bubble = Bubble(next(self._bubble_ids), now, side, kind, content, pending)
            person.screen.append(bubble)
            if side == "account":
                person.typing_until, person.last_exchange = 0.0, now
                person.unread += 1
        self.changes.note()
        return bubble

    def show_reply(self, push: Push, reply: Reply) -> None:
        """The callback's answer reaches the phone."""
        if reply.kind == "transfer_customer_service":
            self.show(push.openid, "system", "system", {"content": "已转接人工客服，请稍候"})
        else:
            self.show(push.openid, "account", reply.kind, reply.content)

    def show_out_of_order(self, push: Push) -> None:
        """The line everybody fears."""
        program = self.account(push.app_id).config.kind == MINI_PROGRAM
        self.show(push.openid, "system", "error", {"content": PROGRAM_OUT_OF_ORDER if program else OUT_OF_ORDER})

    def arrived(self, bubble: Bubble | None) -> None:
        """The push of this bubble is over."""
        if bubble:
            bubble.pending = False
        self.changes.note()

    def screen(self, openid: str, *, since: int = 0, read: bool = False) -> list[dict[str, Any]]:
        """What the person sees, oldest first; `read` clears his red dot."""
        with self._lock:
            person = self.person(openid)
            if read:
                person.unread = 0
            return [bubble.show() for bubble in person.screen if bubble.id > since]

    def type(self, person: Person, on: bool) -> None:
        """The account shows or hides 'typing' on the person's phone."""
        with self._lock:
            person.typing_until = self.clock.now() + TYPING_LASTS if on else 0.0
        self.changes.note()

    def show_payment(self, trade: Trade) -> None:
        """The line of 微信支付 on the payer's phone."""
        content = {"content": f"微信支付：已支付 ¥{trade.total / 100:.2f}（{trade.description}）"}
        self.show(trade.openid, "system", "payment", content)
