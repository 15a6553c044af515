"""Three who must not see each other's: a provider, its neighbour of the same brand, and a stranger of another brand.

Each has a row of every table of `console.rows.ROWS`, put there as it is, with words in it that nobody else's has. A new table
is a line of `rows_of`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, inspect, select

from bot.conversation import Conversation
from console.rows import ROWS
from domain.access.model import Staff, TrailEntry
from domain.appointments.model import Appointment, ChangeRequest
from domain.capacity.model import EngineerDay, Leave, Reservation, Shift
from domain.catalog.model import BillLine, Model, Part, WarrantyTerm
from domain.catalog.operations import put_categories
from domain.cover.model import Cover, CoverCommission, CoverPlan, Gift, GiftBatch, Redemption
from domain.customers.model import Contact, ContactSession, Customer, CustomerAddress, CustomerPhone
from domain.customers.scenes import ContactScene, QrCode
from domain.desk.model import CannedAnswer, DeskNote, DeskTask, DutyHours, Presence
from domain.dispatch.model import Decision, Offer, Plan, PlanRoute, WaitingOrder
from domain.engineers.model import Authorization, Certificate, Engineer, LastPosition, Skill
from domain.feedback.model import Callback, CallbackRound, Complaint, ComplaintStep, Rating
from domain.files.model import StoredFile
from domain.incidents.model import IncidentPage, OnCall, SafetyIncident
from domain.kit.inbox import Received
from domain.kit.money import Money
from domain.kit.scope import Scope
from domain.kit.tables import Fen, SealedJson, Table
from domain.kit.unit_of_work import UnitOfWork
from domain.knowledge.model import GuidedCase
from domain.ledger.model import LedgerEntry
from domain.notices.channels import Purpose
from domain.notices.model import MessageTemplate, OutgoingMessage
from domain.notices.subscriptions_model import SubscriptionTemplate
from domain.organizations.model import Account, Brand, Coverage, Provider, ProviderBrand, ServiceArea, Station
from domain.pricing.fee_facts import Facts
from domain.pricing.model import Bill, FeeRow, PartPrice, Quote
from domain.products.model import Product, ProductOwner, ProductTransfer
from domain.products.warranty_facts import Invoice, Result
from domain.products.warranty_model import SerialRule, WarrantyAnswer, WarrantyFinding, WarrantyProof
from domain.reports.model import SavedSearch
from domain.service_levels.model import Clock, ClockEvent, Policy
from domain.work_orders.model import Visit, VisitEngineer, VisitMove, WorkOrder, WorkOrderMove
from domain.work_orders.numbers import number_from

SINCE = date(2020, 1, 1)


@dataclass
class Side:
    """``word`` is in the names and words of everything that is this side's, and of nothing else."""

    key: str
    word: str
    phone: str
    count: int
    brand: str
    rows: dict[type[Table], Any] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        return Scope(self.brand, f"pr_{self.key}", f"sn_{self.key}")

    def id(self, prefix: str) -> str:
        return f"{prefix}_{self.key}"

    def put(self, row: Any) -> None:
        fill(row)
        self.rows[type(row)] = row


FILLINGS = {
    datetime: datetime(2026, 5, 13, 1, tzinfo=UTC), date: date(2026, 5, 13), str: "", int: 1, float: 1.0, bool: False, dict: {},
    list: [],
}  # fmt: skip


NOT_YET = {"earned_fen", "refunded_fen", "paid_fen", "reserved_fen"}
"""Money that comes later than the row."""


def fill(row: Any) -> None:
    """What must not be missing and is nothing to these tests: a new column needs no line here."""
    for column in inspect(type(row)).columns:
        must = not column.nullable and column.default is None and column.server_default is None
        if must and column.identity is None and column.computed is None and getattr(row, column.key) is None:
            kinds = getattr(column.type, "enum_class", None)
            if isinstance(column.type, Fen):
                setattr(row, column.key, Money(0 if column.key in NOT_YET else 1))
                continue
            empty = {} if isinstance(column.type, SealedJson) else next(iter(kinds)) if kinds else ""
            setattr(
                row, column.key, FILLINGS.get(getattr(column.type, "impl_instance", column.type).python_type, empty)
            )


def put_sides(uow: UnitOfWork) -> tuple[Side, Side, Side]:
    """(mine, my neighbour of the same brand, a stranger)."""
    put_categories(uow)
    mine = Side("mine", "柏", "13800010001", 901, "br_a")
    neighbour = Side("near", "槐", "13800020002", 902, "br_a")
    stranger = Side("far", "檀", "13800030003", 903, "br_b")
    for side in (mine, neighbour, stranger):
        if uow.session.get(Brand, side.brand) is None:
            put_brand(uow, side)
        put_network(uow, side)
        for part in (people, order, dispatch, promises, desk, feedback, cover, prices, the_rest):
            part(uow, side)
            for row in side.rows.values():
                uow.session.add(row)
            uow.session.flush()
    return mine, neighbour, stranger


def put_brand(uow: UnitOfWork, side: Side) -> None:
    brand = side.brand
    uow.session.add(
        Brand(
            id=brand, code=brand.upper(), name=f"品牌{brand}", hotline="400", desk_hours="8:00–20:00", privacy_version="1",
            privacy_url="https://example.com", catalogue_version=1,
        )
    )  # fmt: skip
    uow.session.flush()
    uow.session.add(FeeRow(id=f"fe_{brand}", brand_id=brand, kind="travel", code="travel", title="路费", since=SINCE))
    uow.session.add_all([
        Account(
            id=f"ac_{brand}", brand_id=brand, kind="official_account", app_id=f"wx{brand}", name=f"公众号{brand}", token="t",
            aes_key="A" * 43, secret="s", created_at=uow.now,
        ),
        ServiceArea(id=f"sa_{brand}", brand_id=brand, division_code="44", since=SINCE),
        Model(
            id=f"mo_{brand}", brand_id=brand, category_code="air_conditioner", code=f"KF-{brand}", code_key=f"KF{brand}",
            name="空调",
        ),
        Part(id=f"pa_{brand}", brand_id=brand, code=f"P-{brand}", code_key=f"P{brand}", name="压缩机"),
        PartPrice(id=f"pp_{brand}", part_id=f"pa_{brand}", fen=100, since=SINCE),
        Policy(
            id=f"po_{brand}", clock="respond", brand_id=brand, minutes=60, working=False, warn_minutes=10, escalate_to=[],
            since=SINCE,
        ),
    ])  # fmt: skip
    uow.session.flush()
    uow.session.add_all([
        WarrantyTerm(
            id=f"wt_{brand}", brand_id=brand, model_id=f"mo_{brand}", component="whole", months=12, source="x", since=SINCE
        ),
        SerialRule(
            id=f"sr_{brand}", brand_id=brand, mask="{YY}{WW}???", allowance_months=3, source="x", since=SINCE
        ),
        BillLine(id=f"bl_{brand}", model_id=f"mo_{brand}", part_id=f"pa_{brand}", quantity=1, since=SINCE),
        CoverPlan(
            id=f"cp_{brand}", brand_id=brand, code="clean", version=1, kind="card", title="清洁卡", components=[],
            service_type="repair", months=12, uses=2, price_fen=Money(900), eligibility={}, starts="now", cooling_days=7,
            commission_permille=0, terms="条款", since=SINCE,
        ),
    ])  # fmt: skip
    uow.session.flush()


def put_network(uow: UnitOfWork, side: Side) -> None:
    """What everything else of a side hangs on."""
    provider, station, engineer = side.id("pr"), side.id("sn"), side.id("en")
    uow.session.add(Provider(id=provider, code=f"PR{side.key}", name=f"{side.word}记服务部", since=SINCE))
    uow.session.flush()
    uow.session.add_all([
        Station(
            id=station, provider_id=provider, code=f"SN{side.key}", name=f"{side.word}街网点", division_code="440606004",
            address=f"{side.word}街 1 号", lat=22.8, lng=113.2, since=SINCE,
        ),
        ProviderBrand(id=side.id("pb"), provider_id=provider, brand_id=side.brand, since=SINCE),
    ])  # fmt: skip
    uow.session.flush()
    for row in (
        uow.session.get(Brand, side.brand), uow.session.get(Account, f"ac_{side.brand}"),
        uow.session.get(ServiceArea, f"sa_{side.brand}"), uow.session.get(Model, f"mo_{side.brand}"),
        uow.session.get(Part, f"pa_{side.brand}"), uow.session.get(BillLine, f"bl_{side.brand}"),
        uow.session.get(WarrantyTerm, f"wt_{side.brand}"), uow.session.get(SerialRule, f"sr_{side.brand}"), uow.session.get(Policy, f"po_{side.brand}"),
        uow.session.get(CoverPlan, f"cp_{side.brand}"),
        uow.session.get(Provider, provider), uow.session.get(Station, station),
        uow.session.get(ProviderBrand, side.id("pb")),
    ):  # fmt: skip
        side.put(row)
    side.put(
        Coverage(
            id=side.id("co"), brand_id=side.brand, division_code="440606", provider_id=provider, station_id=station,
            rank=side.count, since=SINCE,
        )
    )  # fmt: skip
    side.put(
        Engineer(
            id=engineer, code=f"E{side.key}", provider_id=provider, station_id=station, name=f"{side.word}师傅",
            name_print=uow.keyring.name_print(f"{side.word}师傅"), phone=f"139{side.phone[3:]}",
            phone_print=uow.keyring.phone_prints(f"139{side.phone[3:]}")[0], since=SINCE,
        )
    )  # fmt: skip
    uow.session.add_all(side.rows.values())
    uow.session.flush()


def people(uow: UnitOfWork, side: Side) -> None:
    """The engineer's parts, the staff, the customer and the product."""
    row: Any
    engineer, now = side.id("en"), uow.now
    whole, last4 = uow.keyring.phone_prints(side.phone)
    for row in (
        Skill(
            id=side.id("sk"), engineer_id=engineer, category_code="air_conditioner", service_type="repair", since=SINCE
        ),
        Certificate(
            id=side.id("ce"), engineer_id=engineer, kind="electrician", number=side.word, since=SINCE,
            until=date(2030, 1, 1), seen_by="system:test", seen_at=now,
        ),
        Authorization(id=side.id("au"), engineer_id=engineer, brand_id=side.brand, since=SINCE),
        LastPosition(
            engineer_id=engineer, position={"lat": 22.8, "lng": 113.2, "source": "pin", "radius_m": 50}, at=now, how="app"
        ),
        Shift(id=side.id("sh"), engineer_id=engineer, weekday=1, starts=480, ends=1200, since=SINCE),
        Leave(
            id=side.id("le"), engineer_id=engineer, since=now + timedelta(days=9), until=now + timedelta(days=10),
            kind="leave", why=side.word, by="system:test", at=now,
        ),
        EngineerDay(engineer_id=engineer, day=date(2026, 5, 13), taken=1, most=8),
        Staff(
            id=side.id("st"), username=f"staff.{side.key}", display_name=f"{side.word}姐", role="station", password_hash="x",
            brand_id=side.brand, provider_id=side.id("pr"), station_id=side.id("sn"), created_at=now, failed_sign_ins=0,
        ),
        Customer(
            id=side.id("cu"), brand_id=side.brand, name=f"{side.word}客", name_print=uow.keyring.name_print(f"{side.word}客"),
            created_at=now,
        ),
    ):  # fmt: skip
        side.put(row)
        uow.session.add(row)
    uow.session.flush()
    for row in (
        CustomerPhone(
            customer_id=side.id("cu"), number=side.phone, number_print=whole, last4_print=last4, used_at=now
        ),
        CustomerAddress(
            id=side.id("ad"), customer_id=side.id("cu"), division_code="440606004", line=f"广东省佛山市顺德区{side.word}路",
            line_print=side.key, used_at=now,
        ),
        Contact(
            account_id=f"ac_{side.brand}", openid=side.id("op"), customer_id=side.id("cu"), first_heard_at=now, followed_at=now
        ),
        Product(
            id=side.id("pd"), brand_id=side.brand, customer_id=side.id("cu"), model_id=f"mo_{side.brand}",
            serial=f"SER{side.count}{side.key}", serial_key=f"SER{side.count}{side.key}".upper(), registered_at=now,
            registered_via="chat",
        ),
        Presence(staff_id=side.id("st"), on_duty=True, switched_at=now, seen_at=now),
    ):  # fmt: skip
        side.put(row)


def order(uow: UnitOfWork, side: Side) -> None:
    """The order, its visit, and what they were given."""
    now, work_order, visit = uow.now, side.id("wo"), side.id("vi")
    whole, last4 = uow.keyring.phone_prints(side.phone)
    side.put(
        WorkOrder(
            id=work_order, number=number_from(side.count), brand_id=side.brand, service_type="repair", status="scheduled",
            customer_id=side.id("cu"), product_id=side.id("pd"), model_id=f"mo_{side.brand}",
            category_code="air_conditioner", serial_key=f"SER{side.count}{side.key}".upper(), words=f"{side.word}不制冷",
            symptoms=[], contact_name=f"{side.word}客", name_print=uow.keyring.name_print(f"{side.word}客"),
            phone=side.phone, phone_print=whole, phone4_print=last4, division_code="440606004",
            address=f"广东省佛山市顺德区{side.word}路", provider_id=side.id("pr"), station_id=side.id("sn"),
            account_id=f"ac_{side.brand}", openid=side.id("op"), opened_via="chat", opened_by=f"staff:{side.id('st')}",
            opened_at=now - timedelta(minutes=side.count),
        )
    )  # fmt: skip
    uow.session.add(side.rows[WorkOrder])
    uow.session.flush()
    side.put(Visit(id=visit, work_order_id=work_order, seq=1, status="offered", opened_at=now))
    side.put(WarrantyProof(product_id=side.id("pd"), invoice=Invoice.SEEN, at=now, by="system:test"))
    side.put(
        WarrantyFinding(id=side.id("wf"), work_order_id=work_order, code="misuse", why="进水", at=now, by="system:test")
    )
    side.put(
        WarrantyAnswer(
            id=side.id("wa"), work_order_id=work_order, round=1, product_id=side.id("pd"), component="whole",
            result=Result.COVERED, rule="brand", source="x", version="", words="整机 保内", day=now.date(), at=now,
            by="system:test",
        )
    )  # fmt: skip
    uow.session.add(side.rows[Visit])
    uow.session.flush()
    move = {"move": "open", "frm": "", "to": "reported", "by": f"staff:{side.id('st')}", "at": now, "why": side.word}
    for row in (
        WorkOrderMove(work_order_id=work_order, **move),
        VisitMove(visit_id=visit, **move),
        VisitEngineer(visit_id=visit, engineer_id=side.id("en"), share=100, lead=True),
        StoredFile(
            id=side.id("fi"), brand_id=side.brand, kind="image", state="kept", account_id=f"ac_{side.brand}",
            openid=side.id("op"), media_id=side.key, work_order_id=work_order, created_at=now, place=side.key, key="k",
            mime="image/jpeg",
        ),
        ProductOwner(id=side.id("ow"), product_id=side.id("pd"), customer_id=side.id("cu"), since=now),
        ProductTransfer(
            id=side.id("tr"), product_id=side.id("pd"), customer_id=side.id("cu"), status="asked", asked_at=now
        ),
        GuidedCase(
            id=side.id("gc"), brand_id=side.brand, account_id=f"ac_{side.brand}", openid=side.id("op"),
            customer_id=side.id("cu"), category_code="air_conditioner", article_id="x", status="offered", offered_at=now,
            order_id=work_order,
        ),
        TrailEntry(
            at=now, actor="system:test", action="order.view", subject_kind="work_order", subject_id=work_order, why=side.word
        ),
    ):  # fmt: skip
        side.put(row)


def dispatch(uow: UnitOfWork, side: Side) -> None:
    now, work_order, visit, engineer = uow.now, side.id("wo"), side.id("vi"), side.id("en")
    side.put(
        Decision(
            id=side.id("de"), work_order_id=work_order, visit_id=visit, at=now, by="system:dispatch", why="opened",
            outcome="offered", engineer_id=engineer, considered=[],
        )
    )  # fmt: skip
    side.put(
        Plan(
            id=side.id("pl"), day=date(2026, 5, 13), provider_id=side.id("pr"), station_id=side.id("sn"), made_at=now,
            made_by="system:plans", seconds=1.0, metres_before=1, metres_after=1,
        )
    )  # fmt: skip
    uow.session.add_all([side.rows[Decision], side.rows[Plan]])
    uow.session.flush()
    starts = datetime(2026, 5, 13, 1, tzinfo=now.tzinfo)
    for row in (
        Offer(
            id=side.id("of"), visit_id=visit, work_order_id=work_order, engineer_id=engineer, decision_id=side.id("de"),
            status="open", offered_at=now, answer_by=now + timedelta(hours=1),
        ),
        WaitingOrder(
            work_order_id=work_order, brand_id=side.brand, provider_id=side.id("pr"), reason="nobody", words=side.word,
            since=now, tried_at=now, again_at=now,
        ),
        PlanRoute(
            id=side.id("ro"), plan_id=side.id("pl"), engineer_id=engineer, stops=[], day_version="1", metres=1
        ),
        Reservation(
            id=side.id("re"), engineer_id=engineer, day=date(2026, 5, 13), work_order_id=work_order, visit_id=visit,
            state="booked", window_since=starts, window_until=starts + timedelta(hours=2), minutes=60,
            leaves_at=starts, starts_at=starts + timedelta(minutes=30), ends_at=starts + timedelta(minutes=90),
            promised=True, at=now, by="system:test",
        ),
    ):  # fmt: skip
        side.put(row)


def promises(uow: UnitOfWork, side: Side) -> None:
    now, work_order = uow.now, side.id("wo")
    window = {
        "window_since": side.rows[Reservation].window_since, "window_until": side.rows[Reservation].window_until
    }  # fmt: skip
    side.put(
        Appointment(
            id=side.id("ap"), work_order_id=work_order, reservation_id=side.id("re"), status="booked", via="chat",
            by="system:test", at=now, **window,
        )
    )  # fmt: skip
    side.put(
        Clock(
            id=side.id("ck"), work_order_id=work_order, clock="respond", policy_id=f"po_{side.brand}", status="running",
            started_at=now, due_at=now + timedelta(hours=1), warn_at=now,
        )
    )  # fmt: skip
    uow.session.add_all([side.rows[Appointment], side.rows[Clock]])
    uow.session.flush()
    side.put(ClockEvent(clock_id=side.id("ck"), kind="started", at=now, by="system:test"))
    side.put(
        ChangeRequest(
            id=side.id("cr"), work_order_id=work_order, appointment_id=side.id("ap"), status="asked", reason_code="x",
            by="system:test", at=now, answer_by=now, **window,
        )
    )  # fmt: skip


def desk(uow: UnitOfWork, side: Side) -> None:
    """What is about a chat."""
    now, account, openid = uow.now, f"ac_{side.brand}", side.id("op")
    chat = {"account_id": account, "openid": openid}
    side.put(
        SafetyIncident(
            id=side.id("in"), brand_id=side.brand, dangers=["gas_smell"], status="open", words=side.word, opened_at=now,
            work_order_id=side.id("wo"), next_page_at=now, **chat,
        )
    )  # fmt: skip
    uow.session.add(side.rows[SafetyIncident])
    uow.session.flush()
    for row in (
        DeskTask(
            id=side.id("dt"), brand_id=side.brand, kind="complaint", status="waiting", words=side.word, asked_at=now, **chat
        ),
        DeskNote(author=f"staff:{side.id('st')}", words=side.word, at=now, **chat),
        CannedAnswer(
            id=side.id("ca"), brand_id=side.brand, name=side.key, words=side.word, changed_by="x", changed_at=now
        ),
        DutyHours(id=side.id("du"), brand_id=side.brand, weekday=0, opens=480, closes=1200, since=SINCE),
        Conversation(state={}, heard_at=now, **chat),
        ContactSession(secret_hash=side.key, created_at=now, ends_at=now, **chat),
        ContactScene(id=side.id("sc"), scene=side.key, at=now, is_new=True, **chat),
        QrCode(url=f"https://{side.key}", account_id=account, scene=side.key, ticket="t", made_at=now),
        Received(
            account_id=account, key=side.key, sent_on=now.date(), sender=openid, received_at=now, trigger="message",
            content={"raw": "", "said": {"kind": "text", "text": side.word}}, answer=side.word, state="answered",
        ),
        OutgoingMessage(
            at=now, account_id=account, recipient=openid, why="reminder", subject_id=side.id("wo"), author="system:notices",
            text=side.word, not_before=now,
        ),
        MessageTemplate(
            account_id=account, purpose=side.key, template_id=side.key, fields={}, changed_by="x", changed_at=now
        ),
        IncidentPage(incident_id=side.id("in"), at=now),
        SavedSearch(
            id=side.id("ss"), staff_id=side.id("st"), name=side.key, query={}, shared=True, kept_at=now, **vars(side.scope)
        ),
        OnCall(brand_id=side.brand, staff_id=side.id("st"), position=side.count),
    ):  # fmt: skip
        side.put(row)


def feedback(uow: UnitOfWork, side: Side) -> None:
    """What was said of the work, and what became of it."""
    now, work_order, customer = uow.now, side.id("wo"), side.id("cu")
    of_order = {"work_order_id": work_order, "brand_id": side.brand, "customer_id": customer}
    side.put(
        Rating(
            id=side.id("ra"), stars=1, tags=["late"], words=side.word, via="chat", by=f"customer:{customer}", at=now,
            provider_id=side.id("pr"), decided="task", **of_order,
        )
    )  # fmt: skip
    side.put(
        Callback(
            id=side.id("cb"), status="claimed", claimed_by=side.id("st"), claimed_at=now, reason="low", planned_at=now,
            due_at=now, next_at=now, **of_order,
        )
    )  # fmt: skip
    side.put(
        Complaint(
            id=side.id("ts"), kind="late", words=side.word, source="chat", status="opened", opened_by="x", opened_at=now,
            due_at=now, next_at=now, **of_order,
        )
    )  # fmt: skip
    for row in (Rating, Callback, Complaint):
        uow.session.add(side.rows[row])
    uow.session.flush()
    side.put(CallbackRound(callback_id=side.id("cb"), seq=1, result="no_answer", by="x", at=now, words=side.word))
    side.put(ComplaintStep(complaint_id=side.id("ts"), move="open", frm="opened", to="opened", by="x", at=now))


def cover(uow: UnitOfWork, side: Side) -> None:
    """A card that was sold, used for the order, and a gift."""
    side.put(
        Cover(
            id=side.id("co"), number=f"{side.count}", brand_id=side.brand, plan_id=f"cp_{side.brand}", kind="card", component="",
            customer_id=side.id("cu"), bought_by=side.id("cu"), price_fen=Money(900), status="active", since=SINCE,
            until=date(2030, 1, 1), uses=2, used=1, via="chat", ordered_at=uow.now, lapses_at=uow.now, bought_at=uow.now,
            earned_fen=Money(0), refunded_fen=Money(0),
        )
    )  # fmt: skip
    side.put(
        Redemption(
            id=side.id("rd"), cover_id=side.id("co"), n=1, work_order_id=side.id("wo"), status="held", held_at=uow.now,
            held_by="x",
        )
    )  # fmt: skip
    side.put(
        GiftBatch(
            id=side.id("gb"), brand_id=side.brand, plan_id=f"cp_{side.brand}", title=side.word, count=1, made_by="x",
            valid_until=date(2030, 1, 1), made_at=uow.now,
        )
    )  # fmt: skip
    for row in (Cover, Redemption, GiftBatch):
        uow.session.add(side.rows[row])
        uow.session.flush()
    side.put(Gift(id=side.id("gf"), batch_id=side.id("gb"), code_print=side.key, status="issued"))
    side.put(CoverCommission(
        cover_id=side.id("co"), brand_id=side.brand, sold_by="x", fen=Money(9), reversed_fen=Money(0), due_at=uow.now,
    ))  # fmt: skip


def prices(uow: UnitOfWork, side: Side) -> None:
    """A confirmed quote with its bill; the price list is the brand's."""
    for kind, id_ in ((FeeRow, f"fe_{side.brand}"), (PartPrice, f"pp_{side.brand}")):
        side.rows[kind] = uow.session.get_one(kind, id_)
    side.put(
        Quote(
            id=side.id("qt"), work_order_id=side.id("wo"), version=1, status="confirmed", lines=[],
            facts=Facts("2026-05-12", "air_conditioner", "repair").to_json(), customer_fen=100,
            declined_fen=0, hash="h", by="x", asked_at=uow.now, expires_at=uow.now,
        )
    )  # fmt: skip
    uow.session.add(side.rows[Quote])
    uow.session.flush()
    side.put(
        Bill(
            id=side.id("bi"), work_order_id=side.id("wo"), visit_id=side.id("vi"), version=1, kind="work",
            quote_id=side.id("qt"), confirmed_fen=100, declined_fen=0, status="issued", lines=[], total_fen=100, before_fen=0,
            due_fen=100, issued_at=uow.now,
        )
    )  # fmt: skip


SPLIT = [{"account": "income_service", "party": "", "fen": 100}]
WORDS: dict[str, dict[str, Any]] = {
    "kept_bills": {"place": "bills/x", "key": "k"},
    "ledger_postings": {"debit": "bank", "credit": "income_service"},
    "payables": {"due_fen": 100, "split": SPLIT},
    "payments": {"method": "jsapi", "via": "official_account", "fen": 100},
    "refunds": {"fen": 100, "split": SPLIT},
    "statement_differences": {"kind": "missing_payment"},
    "subscription_templates": {"fields": {}},
}
"""Columns that do not take whatever one puts there, by table."""
HANGS_ON = {
    "visit_id": "vi", "work_order_id": "wo", "engineer_id": "en", "provider_id": "pr", "station_id": "sn", "customer_id": "cu",
    "product_id": "pd", "staff_id": "st", "openid": "op",
}  # fmt: skip


def the_rest(uow: UnitOfWork, side: Side) -> None:
    """A row of every other table, hung on by the names of its columns."""
    order_made = [table.name for table in Table.metadata.sorted_tables]
    for table in sorted(ROWS.keys() - side.rows.keys(), key=lambda one: order_made.index(one.__tablename__)):
        row = table()
        mine = {one.__tablename__: put for one, put in side.rows.items()}
        for column in inspect(table).columns:
            key = next((key for key in column.foreign_keys if key.column.table.name in mine), None)
            if key is not None:
                setattr(row, column.key, getattr(mine[key.column.table.name], key.column.key))
            elif column.key in HANGS_ON:
                setattr(row, column.key, side.id(HANGS_ON[column.key]))
            elif column.key in ("account_id", "brand_id"):
                setattr(row, column.key, f"ac_{side.brand}" if column.key == "account_id" else side.brand)
            elif column.type.python_type is str and not column.nullable and column.default is None:
                setattr(row, column.key, f"{table.__tablename__}_{side.key}")
        for name, word in WORDS.get(table.__tablename__, {}).items():
            setattr(row, name, word)
        if isinstance(row, LedgerEntry):  # what is owed was written down
            row.key = f"owed:payables_{side.key}"
        if isinstance(row, SubscriptionTemplate):  # an account has one a purpose
            row.purpose = list(Purpose)[
                uow.session.scalars(select(func.count()).select_from(SubscriptionTemplate)).one()
            ]
        side.put(row)
        uow.session.add(row)
        uow.session.flush()
