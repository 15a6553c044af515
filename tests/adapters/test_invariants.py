"""Every sentence that must be true of the database is true of one people have lived in, and notices what breaks it.

A new sentence needs a line in `BREAKS`: one statement that makes it false.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from redis import Redis
from sqlalchemy import select, text
from sqlalchemy.orm import sessionmaker

from adapters.invariants import SENTENCES, breaches
from domain.appointments.changes import answer_change, ask_change
from domain.appointments.operations import book_window, hold, windows_for
from domain.dispatch.model import Offer
from domain.dispatch.operations import answer_offer, dispatch
from domain.engineers.model import Engineer
from domain.kit.actors import Actor, Role
from domain.kit.events import Event
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.service_levels.keeping import put_defaults
from domain.service_sheets.operations import Incoming, sync
from domain.work_orders import operations as work_orders
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import WorkOrder
from domain.work_orders.visits import put_engineers
from jobs.reaction import Outside
from jobs.reactions import REACTIONS
from tests.brand import Brand, brand_in
from tests.conftest import Servers
from tests.domain.appointments.world import new_order
from tests.domain.feedback.world import make_feedback
from tests.domain.payments.world import make_money
from tests.domain.service_sheets.world import device
from tests.network import network_in
from tests.runtime import Clock, cloned, engine_on, runtime_on
from tests.webhooks.pushing import Platform, app_on

STAFF, ENGINEER = Actor(Role.STAFF, "st_1"), Actor(Role.ENGINEER, "en_1")

QUOTE = (
    "INSERT INTO quotes (id, work_order_id, version, phone_key, status, lines, facts, customer_fen, declined_fen, hash, note, by, "
    "asked_at, expires_at, answered_via, answered_by, signature_id, why) SELECT 'qt_x', id, 1, '', '{0}', '[]', '{{}}', {1}, 0, "
    "'', '', '', now(), now(), '', '', '', '' FROM work_orders LIMIT 1"
)
BILLED = (
    "WITH q AS ("
    + QUOTE
    + ") INSERT INTO bills (id, work_order_id, visit_id, version, kind, quote_id, confirmed_fen, declined_fen, "
    "status, lines, total_fen, before_fen, due_fen, payable_id, issued_at, reminded) SELECT 'bi_x', work_order_id, id, 1, 'work', "
    "'qt_x', {1}, 0, 'issued', '[]', {1}, 0, {1}, '', now(), 0 FROM visits LIMIT 1"
)
COVER = """WITH plan AS (INSERT INTO cover_plans (id, brand_id, code, version, kind, title, components, service_type, pays, months,
    uses, price_fen, eligibility, starts, cooling_days, commission_permille, terms, since)
    SELECT 'cp_x', id, 'x', 1, 'card', 'x', '[]', 'maintenance', '[]', 12, 3, 900, '{{}}', 'now', 0, 0, 'x', '2026-01-01'
    FROM brands LIMIT 1 RETURNING id, brand_id)
    INSERT INTO covers (id, number, brand_id, plan_id, kind, component, customer_id, bought_by, price_fen, status, since, until,
    uses, used, via, sold_by, ordered_at, lapses_at, bought_at, earned_fen, refunded_fen, entries)
    SELECT 'co_x', '1', plan.brand_id, plan.id, 'card', '', c.id, c.id, 900, 'active', '2026-01-01', '2027-01-01', 3, {used}, 'chat',
    '', now(), now(), now(), {earned}, 0, 0 FROM plan, customers c LIMIT 1"""
"""A card nobody bought."""

BREAKS = {
    "a card's uses are those that are held or redeemed for orders": COVER.format(used=1, earned=0),
    "what a contract has earned is what the ledger has as its income": COVER.format(used=0, earned=300),
    "what a quote asks of the customer is the sum of the lines the customer pays, and so is a bill": QUOTE.format("asked", 5),
    "an order says what its customer agreed to": QUOTE.format("confirmed", 0),
    "nobody is billed by a quote that was never answered": BILLED.format("expired", 0),
    "a bill with something to pay is owed, one time, at its amount": BILLED.format("confirmed", 0),
    "of whoever was erased nothing is left that names them, and nothing is under way": "UPDATE customers SET erased_at = now()",
    "every message received was answered, or its turn is still to come": "UPDATE received SET answer = NULL",
    "every deferred message has an event that will bring its turn": "UPDATE received SET state = 'deferred', answer = NULL",
    "every work order has a history that begins with its opening and ends in its status": "UPDATE work_orders SET status = 'settled'",
    "each line of an order's history begins where the one before it ended": "UPDATE work_order_moves SET frm = 'settled' WHERE move = 'finish'",
    "every work order was announced": "DELETE FROM outbox WHERE kind = 'WorkOrderOpened'",
    "every visit's history ends in its status": "UPDATE visits SET status = 'departed'",
    "a customer has at most one open order for the same service on the same product": "UPDATE work_orders SET status = 'reported'",
    "a second repair is linked to an earlier repair of the same product": "UPDATE work_orders SET product_id = NULL WHERE repair_of_id IS NULL",
    "every product has exactly one present owner, the one it names": "UPDATE product_owners SET until = since",
    "every consent names the version agreed to and when": "UPDATE contacts SET consented_at = NULL",
    "no phone or address came by chat without consent": "UPDATE contacts SET consent_version = NULL, consented_at = NULL",
    "a message to a person that went out says when": "UPDATE outgoing_messages SET state = 'sent', sent_at = NULL",
    "what did not reach somebody says why": "UPDATE outgoing_messages SET state = 'dead', error = NULL, sent_at = NULL",
    "no notice went by two channels: those before the present one did not take it, and a repeat is marked": """
        UPDATE outgoing_messages SET tried = '[{"channel": "chat", "error": "45015"}]', channel = 'chat'""",
    "a person is sent one message at a time": """
        WITH one AS (UPDATE outgoing_messages SET state = 'sending', sent_at = NULL RETURNING *)
        INSERT INTO outgoing_messages (at, account_id, recipient, why, author, text, state, not_before, attempts, resent)
        SELECT at, account_id, recipient, why, author, text, 'sending', not_before, 1, false FROM one""",
    "a person's consents to a template are what came less what went": """
        INSERT INTO subscription_credits (account_id, openid, template_id, credits, changed_at)
        SELECT id, 'oX', 't', 1, now() FROM accounts LIMIT 1""",
    "no more subscription messages went out than were agreed to": """
        INSERT INTO subscription_moves (account_id, openid, template_id, at, move, source, change)
        SELECT id, 'oX', 't', now(), 'taken', 'send', -1 FROM accounts LIMIT 1""",
    "one subscription message at a time is on its way to a person": """
        WITH one AS (
            UPDATE outgoing_messages SET state = 'sending', sent_at = NULL, sending_at = now(), channel = 'subscription',
            to_account_id = 'ac', to_openid = 'oX' RETURNING *)
        INSERT INTO outgoing_messages (at, account_id, recipient, why, author, text, state, not_before, attempts, resent,
            sending_at, channel, to_account_id, to_openid)
        SELECT at, account_id, recipient, why, author, text, 'sending', not_before, 1, false, now(), 'subscription', 'ac', 'oX'
        FROM one""",
    "an event is done only when every reaction to it is": """
        WITH done AS (UPDATE outbox SET state = 'done' RETURNING id, at)
        INSERT INTO reaction_runs (event_id, event_at, reaction, state, attempts, at)
        SELECT id, at, 'tell', 'failed', 1, at FROM done""",
    "an engineer's day counts exactly the time that is kept in it": "UPDATE engineer_days SET taken = taken + 1",
    "every promise has time kept for it, in its window and for its order": "UPDATE reservations SET promised = false",
    "a held time says until when, any other does not": "UPDATE reservations SET expires_at = now()",
    "an order with a promise is scheduled, or being served": """
        WITH done AS (UPDATE outbox SET state = 'done') UPDATE work_orders SET status = 'waiting_part'""",
    "a change that was agreed to is what is promised, or was": "UPDATE appointments SET supersedes_id = NULL",
    "every order somebody must come for has somebody, asks somebody, or waits in the queue": """
        WITH done AS (UPDATE outbox SET state = 'done') DELETE FROM waiting_orders""",
    "an order in the dispatcher's queue has nobody, and asks nobody": """
        UPDATE offers SET work_order_id = (SELECT work_order_id FROM waiting_orders) WHERE status = 'open'""",
    "who is asked about a visit is one engineer, whose time is kept for it": """
        WITH done AS (UPDATE outbox SET state = 'done') UPDATE reservations SET state = 'released'""",
    "a visit has one lead, the engineer it names, and the shares of its engineers make 100": "UPDATE visit_engineers SET lead = false",
    "an order's warranty answers come in rounds from one, each of them with a rule, and an end where it says covered or over": """
        UPDATE warranty_answers SET rule = ''""",
    "no engineer's time is kept for an order that was cancelled": """
        WITH done AS (UPDATE outbox SET state = 'done') UPDATE work_orders SET status = 'cancelled'""",
    "a service-level clock that is not over has a moment when something happens to it, unless all were told": "UPDATE clocks SET next_at = NULL",
    "a service-level clock that is over says when, and nothing more happens to it": "UPDATE clocks SET ended_at = now()",
    "a paused clock says since when, why and what is left; no other one does": "UPDATE clocks SET status = 'paused'",
    "a promise is broken or late exactly when its history tells of a breach that was not taken back": "UPDATE clocks SET breached_at = now()",
    "an open order under policies that hold for it has a service-level clock": """
        WITH old AS (UPDATE work_orders SET opened_at = now() - interval '1 hour'), since AS (
            UPDATE service_level_policies SET since = since - 1), lines AS (DELETE FROM clock_events)
        DELETE FROM clocks""",
    "a desk task that is done says when, one that is claimed says by whom": "UPDATE desk_tasks SET status = 'claimed', claimed_by = NULL",
    "a service sheet's outcome is how its visit ended": "UPDATE service_sheets SET outcome = 'blocked'",
    "every signature that was taken in is kept": "UPDATE sheet_signatures SET operation_id = 'another'",
    "every operation that was applied has written on its sheet": "DELETE FROM sheet_registers WHERE key LIKE 'field.%'",
    "what a phone did is carried out in its order: what waits lies behind a gap, and nothing else does": "UPDATE engineer_devices SET last_seq = last_seq + 1",
    "an order that waits for the customer has nobody coming": "UPDATE work_orders SET on_hold = 'absent' WHERE status = 'scheduled'",
    "a rating's engineers share it whole, with its stars": "UPDATE rating_engineers SET share = share - 1",
    "a low rating is decided, or has a time by which it will be": """
        UPDATE ratings SET decided = '', decide_at = NULL""",
    "a rectification is for the customer of an order that was finished": """
        UPDATE work_orders SET customer_id = (SELECT min(id) FROM customers) WHERE rectifies_id IS NOT NULL""",
    "a callback that is over says what came of it, one that is being made by whom": "UPDATE callbacks SET outcome = ''",
    "a complaint in somebody's hands has an owner, and one that waits for an answer goes up or has gone": """
        UPDATE complaints SET owner_id = NULL""",
    "the ledger has nothing but entries that moved something": "DELETE FROM ledger_postings",
    "the ledger's sums, day by day, are those of its entries that are counted": "DELETE FROM ledger_uncounted",
    "a statement names a file of its own merchant, day and kind, with the contents it was read from": """
        WITH bill AS (INSERT INTO kept_bills (id, merchant_id, day, kind, sha1, size, at, seen_at)
            SELECT 'kb_x', id, '2026-01-01', 'trade', 'a', 1, now(), now() FROM merchants LIMIT 1)
        INSERT INTO statements (id, merchant_id, day, kind, state, sha1, lines, totals, at, error, file_id)
        SELECT 'sb_x', id, '2026-01-02', 'trade', 'compared', 'a', 1, '{}', now(), '', 'kb_x' FROM merchants LIMIT 1""",
    "the ledger's balances, party by party, are those of its entries that are counted": """
        INSERT INTO ledger_parties (brand_id, account, party, fen) SELECT brand_id, 'receivable', id, 1 FROM payables LIMIT 1""",
    "what is owed and not paid is what the ledger has as receivable, payable by payable": "UPDATE payables SET due_fen = due_fen + 1 WHERE status = 'open'",
    "what is paid of a payable came by one payment that was not too much, and what went back of it by refunds that succeeded": """
        UPDATE payments SET surplus = true""",
    "refunds of a payment take what it says they take, and no more than came": "UPDATE refunds SET fen = fen - 1",
    "a payment that is still open at the platform is asked about again, unless it does not fit our books": """
        UPDATE payments SET query_at = NULL""",
    "money that came is in the ledger once, at the merchant or in an engineer's hand": """
        UPDATE ledger_postings SET debit = 'bank', debit_party = '' WHERE debit = 'wechat'""",
    "the cash an engineer holds is the sum of the receipts, less what was handed in and what was given back of it": """
        UPDATE cash_receipts SET fen = fen + 1""",
}  # fmt: skip


@pytest.fixture(scope="module")
def lives(servers: Servers) -> Iterator[Runtime]:
    """A database that is lived in once, and read by every test here."""
    clock = Clock(datetime.now(UTC))  # sentences look back from the database's own clock
    with cloned(servers.database, "weixiu_lived_in") as url, Redis.from_url(servers.valkey) as valkey:
        engine = engine_on(url, size=4)
        yield live(runtime_on(engine, clock), valkey)
        engine.dispose()


@pytest.fixture
def lived_in(lives: Runtime) -> Iterator[Runtime]:
    """What a test does to the database is undone after it."""
    with lives.sessions.kw["bind"].connect() as connection:
        outer = connection.begin()
        sessions = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        yield replace(lives, sessions=sessions)
        outer.rollback()


def live(runtime: Runtime, valkey: Redis) -> Runtime:
    """Somebody registered, reported, was visited, reported again, and asked for a person."""
    brand = brand_in(runtime)
    platform = Platform(app_on(runtime, valkey).test_client())
    for words in ("登记 KFR-35GW/N8A1 AB123456789012X", "不记得", "确认"):
        platform.say(words)
    report = "空调不制冷，佛山市顺德区容桂街道卫红路18号3栋502，13800000000 王女士"
    platform.say(report)
    platform.say("确认")
    with runtime.transaction() as uow:
        order = uow.session.scalars(select(WorkOrder)).one().id
        work_orders.move_order(uow, order, "schedule", by=STAFF)
        visit = work_orders.offer_visit(uow, order, by=STAFF)
        for name in ("accept", "depart", "check_in", "finish"):
            work_orders.move_visit(uow, visit.id, name, by=ENGINEER)
        for name in ("start", "finish"):
            work_orders.move_order(uow, order, name, by=STAFF)
    for words in ("空调又不制冷", "确认", "还是不制冷", "人工"):
        platform.say(words)
    make_appointments(runtime, brand)
    with runtime.transaction() as uow:
        put_defaults(uow)
        react(uow)
    make_visits(runtime, brand)
    with runtime.transaction() as uow:
        engineer_id = uow.session.scalars(select(Engineer.id).order_by(Engineer.id)).first() or ""
    make_feedback(runtime, brand, engineer_id)
    make_money(runtime, brand.voice.brand_id, engineer_id)
    return runtime


def make_appointments(runtime: Runtime, brand: Brand) -> None:
    """Somebody has an appointment, moved by the engineer's wish, and looks at another time."""
    network_in(runtime, brand)
    with runtime.transaction() as uow:
        order = new_order(uow, brand, ServiceType.REPAIR, "refrigerator")
        first, second, third, *_ = windows_for(uow, order)
        book_window(uow, order.id, first.since, first.until, by=STAFF, via="console")
        asked = ask_change(uow, order.id, second.since, second.until, by=ENGINEER, reason_code="overrun")
        answer_change(uow, asked.id, True, by=STAFF, via="console")
        hold(uow, order.id, third, by=STAFF, via="console")


def make_visits(runtime: Runtime, brand: Brand) -> None:
    """One order's engineer has said yes, another's is asked, and where nobody goes an order waits."""
    with runtime.transaction() as uow:
        taken, asked, far = (new_order(uow, brand, ServiceType.REPAIR, "air_conditioner") for _ in range(3))
        far.division_code = "440106"
        for order in (taken, asked, far):
            dispatch(uow, order.id, "opened")
        offer = uow.session.scalars(select(Offer).filter_by(work_order_id=taken.id)).one()
        answer_offer(uow, offer.id, "accept", by=Actor(Role.ENGINEER, offer.engineer_id))
    make_sheet(runtime, brand)


def make_sheet(runtime: Runtime, brand: Brand) -> None:
    """An engineer is there, writes, has it signed, and has to come again; one thing he did is still to arrive."""
    with runtime.transaction() as uow:
        order = new_order(uow, brand, ServiceType.REPAIR, "air_conditioner")
        visit = work_orders.offer_visit(uow, order.id, by=STAFF)
        engineer_id = uow.session.scalars(select(Engineer.id).order_by(Engineer.id)).first() or ""
        put_engineers(uow, visit, engineer_id, {engineer_id: 100}, by=STAFF)
        work_orders.move_visit(uow, visit.id, "accept", by=STAFF)
        drawn = {"signature_id": "sg_1", "upload_id": "up_1", "purpose": "sheet", "sheet_hash": "0" * 64}
        done = [
            ("visit.move", {"move": "check_in"}), ("field.set", {"name": "done", "value": "清洗"}), ("signature.add", drawn),
            ("visit.end", {"outcome": "revisit", "why": "配件另带"}), ("", {}), ("field.set", {"name": "remark", "value": "后到"}),
        ]  # fmt: skip
        sync(uow, device(uow, engineer_id), uow.now, [
            Incoming(f"op_{seq}", seq, visit.id, 0, uow.now, kind, body)
            for seq, (kind, body) in enumerate(done, 1) if kind
        ])  # fmt: skip


def react(uow: UnitOfWork) -> None:
    for row in uow.session.scalars(select(OutboxRow)).all():
        event = Event.from_json(row.kind, row.body)
        for reaction in REACTIONS[type(event)]:
            if not isinstance(reaction, Outside):
                reaction(uow, event)


def test_a_lived_in_database_breaks_no_sentence(lived_in: Runtime) -> None:
    with lived_in.transaction() as uow:
        assert breaches(uow.session.connection()) == {}
        for table in (
            "received",
            "work_orders",
            "visits",
            "product_owners",
            "outgoing_messages",
            "desk_tasks",
            "outbox",
            "clocks",
            "waiting_orders",
            "visit_engineers",
        ):
            assert uow.session.scalar(text(f"SELECT count(*) FROM {table}")), f"nobody lived in {table}"
        assert uow.session.scalar(text("SELECT count(*) FROM work_orders WHERE repair_of_id IS NOT NULL")) == 1


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_sentence_notices_what_breaks_it(lived_in: Runtime, sentence: str) -> None:
    with lived_in.transaction() as uow:
        uow.session.execute(text(BREAKS[sentence]))
        found = breaches(uow.session.connection())
    assert found.get(sentence), "the row is named"
    assert all(found[sentence])


def test_an_order_without_a_history_is_noticed(lived_in: Runtime) -> None:
    with lived_in.transaction() as uow:
        uow.session.execute(text("DELETE FROM work_order_moves"))
        assert "every work order has a history that begins with its opening and ends in its status" in breaches(
            uow.session.connection()
        )
