"""A side's order, how it is dispatched, and what was promised."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from domain.access.model import TrailEntry
from domain.appointments.model import Appointment, ChangeRequest
from domain.capacity.model import Reservation
from domain.dispatch.model import Decision, Offer, Plan, PlanRoute, WaitingOrder
from domain.files.model import StoredFile
from domain.kit.unit_of_work import UnitOfWork
from domain.knowledge.model import GuidedCase
from domain.products.model import ProductOwner, ProductTransfer
from domain.products.warranty_facts import Invoice, Result
from domain.products.warranty_model import WarrantyAnswer, WarrantyFinding, WarrantyProof
from domain.service_levels.model import Clock, ClockEvent
from domain.work_orders.model import Visit, VisitEngineer, VisitMove, WorkOrder, WorkOrderMove
from domain.work_orders.numbers import number_from
from tests.console.side import Side


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
