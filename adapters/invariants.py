"""Sentences that must be true of the database. Each is a query for the rows that break it; there should be none.

``weixiu invariants`` says them all and exits 1 naming every row that breaks one. To add a sentence, add a line to
`SENTENCES`: words, and a SELECT of one text column that names a row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import click
from sqlalchemy import Connection, text

from adapters import runtime
from adapters.ledger_sentences import LEDGER
from adapters.settings import Settings

SENTENCES: Mapping[str, str] = {
    "every message received was answered, or its turn is still to come": """
        SELECT account_id || '/' || key FROM received
        WHERE (state <> 'deferred' AND answer IS NULL) OR (state = 'deferred' AND answer IS NOT NULL)""",
    "every deferred message has an event that will bring its turn": """
        SELECT r.account_id || '/' || r.key FROM received r WHERE r.state = 'deferred' AND NOT EXISTS (
            SELECT 1 FROM outbox o WHERE o.kind = 'MessageDeferred'
            AND o.body ->> 'account_id' = r.account_id AND o.body ->> 'key' = r.key)""",
    "every work order has a history that begins with its opening and ends in its status": """
        SELECT w.number FROM work_orders w
        LEFT JOIN LATERAL (SELECT move FROM work_order_moves m WHERE m.work_order_id = w.id ORDER BY id LIMIT 1) first
            ON true
        LEFT JOIN LATERAL (SELECT "to" FROM work_order_moves m WHERE m.work_order_id = w.id ORDER BY id DESC LIMIT 1)
            last ON true
        WHERE first.move IS DISTINCT FROM 'open' OR last."to" IS DISTINCT FROM w.status""",
    "each line of an order's history begins where the one before it ended": """
        SELECT work_order_id || '/' || id FROM (
            SELECT work_order_id, id, frm, move, lag("to") OVER (PARTITION BY work_order_id ORDER BY id) AS before
            FROM work_order_moves) moves
        WHERE before IS NOT NULL AND before <> frm""",
    "every work order was announced": """
        SELECT w.number FROM work_orders w WHERE w.opened_at > now() - interval '30 days' AND NOT EXISTS (
            SELECT 1 FROM outbox o WHERE o.kind = 'WorkOrderOpened' AND o.body ->> 'work_order_id' = w.id)""",
    "every visit's history ends in its status": """
        SELECT v.id FROM visits v
        LEFT JOIN LATERAL (SELECT "to" FROM visit_moves m WHERE m.visit_id = v.id ORDER BY id DESC LIMIT 1) last ON true
        WHERE last."to" IS DISTINCT FROM v.status""",
    "a customer has at most one open order for the same service on the same product": """
        SELECT min(number) FROM work_orders
        WHERE status IN ('reported', 'scheduled', 'in_service', 'waiting_part') AND product_id IS NOT NULL
        GROUP BY customer_id, service_type, product_id HAVING count(*) > 1""",
    "a second repair is linked to an earlier repair of the same product": """
        SELECT w.number FROM work_orders w JOIN work_orders e ON e.id = w.repair_of_id
        WHERE e.product_id IS DISTINCT FROM w.product_id OR e.opened_at > w.opened_at OR e.service_type <> 'repair'""",
    "every product has exactly one present owner, the one it names": """
        SELECT p.id FROM products p LEFT JOIN product_owners o ON o.product_id = p.id AND o.until IS NULL
        GROUP BY p.id, p.customer_id HAVING count(o.id) <> 1 OR min(o.customer_id) <> p.customer_id""",
    "every consent names the version agreed to and when": """
        SELECT account_id || '/' || openid FROM contacts WHERE (consent_version IS NULL) <> (consented_at IS NULL)""",
    "no phone or address came by chat without consent": """
        SELECT w.number FROM work_orders w JOIN contacts c ON c.account_id = w.account_id AND c.openid = w.openid
        WHERE w.opened_via = 'chat' AND c.consent_version IS NULL AND c.revoked_at IS NULL""",
    "of whoever was erased nothing is left that names them, and nothing is under way": """
        SELECT c.id FROM customers c WHERE c.erased_at IS NOT NULL AND (c.name IS NOT NULL
            OR EXISTS (SELECT 1 FROM customer_phones p WHERE p.customer_id = c.id)
            OR EXISTS (SELECT 1 FROM customer_addresses a WHERE a.customer_id = c.id)
            OR EXISTS (SELECT 1 FROM contacts t WHERE t.customer_id = c.id)
            OR EXISTS (SELECT 1 FROM phone_sessions s WHERE s.customer_id = c.id)
            OR EXISTS (SELECT 1 FROM work_orders w WHERE w.customer_id = c.id AND (w.contact_name IS NOT NULL
                OR w.openid IS NOT NULL OR w.status IN ('reported', 'scheduled', 'in_service', 'waiting_part'))))""",
    "a message to a person that went out says when": """
        SELECT seq::text FROM outgoing_messages WHERE (state = 'sent') <> (sent_at IS NOT NULL)""",
    "what did not reach somebody says why": """
        SELECT seq::text FROM outgoing_messages WHERE state IN ('unreachable', 'dead', 'stale') AND error IS NULL""",
    "no notice went by two channels: those before the present one did not take it, and a repeat is marked": """
        SELECT seq::text FROM outgoing_messages o WHERE EXISTS (
            SELECT FROM jsonb_array_elements(o.tried) t
            WHERE t ->> 'error' IS NULL OR t ->> 'channel' = o.channel OR o.chain ? (t ->> 'channel'))""",
    "a person is sent one message at a time": """
        SELECT min(seq)::text FROM outgoing_messages WHERE state = 'sending'
        GROUP BY account_id, recipient HAVING count(*) > 1""",
    "a person's consents to a template are what came less what went": """
        SELECT c.openid || '/' || c.template_id FROM subscription_credits c WHERE c.credits <> (
            SELECT coalesce(sum(m.change), 0) FROM subscription_moves m
            WHERE (m.account_id, m.openid, m.template_id) = (c.account_id, c.openid, c.template_id))""",
    "no more subscription messages went out than were agreed to": """
        SELECT openid || '/' || template_id FROM subscription_moves GROUP BY account_id, openid, template_id
        HAVING count(*) FILTER (WHERE move = 'taken') - count(*) FILTER (WHERE move = 'back')
            > count(*) FILTER (WHERE move = 'accept' AND change = 1)""",
    "one subscription message at a time is on its way to a person": """
        SELECT min(seq)::text FROM outgoing_messages
        WHERE state = 'sending' AND channel = 'subscription' AND sending_at > now() - interval '50 seconds'
        GROUP BY to_account_id, to_openid HAVING count(*) > 1""",
    "an event is done only when every reaction to it is": """
        SELECT o.id::text FROM outbox o JOIN reaction_runs r ON r.event_id = o.id AND r.event_at = o.at
        WHERE o.state = 'done' AND r.state = 'failed'""",
    "a desk task that is done says when, one that is claimed says by whom": """
        SELECT id FROM desk_tasks
        WHERE (status = 'done') <> (done_at IS NOT NULL) OR (status = 'claimed' AND claimed_by IS NULL)""",
    "every order somebody must come for has somebody, asks somebody, or waits in the queue": """
        SELECT w.number FROM work_orders w
        WHERE w.status IN ('reported', 'scheduled')
        AND w.service_type IN ('install', 'repair', 'exchange', 'maintenance') AND w.on_hold = ''
        AND EXISTS (SELECT 1 FROM dispatch_decisions d WHERE d.work_order_id = w.id)
        AND NOT EXISTS (SELECT 1 FROM visits v WHERE v.work_order_id = w.id
            AND v.status IN ('accepted', 'departed', 'checked_in'))
        AND NOT EXISTS (SELECT 1 FROM offers f WHERE f.work_order_id = w.id AND f.status = 'open')
        AND NOT EXISTS (SELECT 1 FROM waiting_orders q WHERE q.work_order_id = w.id)
        AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.state <> 'done' AND o.body ->> 'work_order_id' = w.id)""",
    "an order in the dispatcher's queue has nobody, and asks nobody": """
        SELECT q.work_order_id FROM waiting_orders q
        WHERE EXISTS (SELECT 1 FROM offers f WHERE f.work_order_id = q.work_order_id AND f.status = 'open')""",
    "who is asked about a visit is one engineer, whose time is kept for it": """
        SELECT f.id FROM offers f JOIN visits v ON v.id = f.visit_id
        WHERE f.status = 'open' AND (v.status <> 'offered' OR v.engineer_id IS NOT NULL OR NOT EXISTS (
            SELECT 1 FROM reservations r WHERE r.work_order_id = f.work_order_id AND r.engineer_id = f.engineer_id
            AND r.state = 'booked'))
        AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.state <> 'done' AND o.body ->> 'work_order_id' = f.work_order_id)""",
    "a visit has one lead, the engineer it names, and the shares of its engineers make 100": """
        SELECT e.visit_id FROM visit_engineers e JOIN visits v ON v.id = e.visit_id
        GROUP BY e.visit_id, v.engineer_id
        HAVING sum(e.share) <> 100 OR count(*) FILTER (WHERE e.lead) <> 1
            OR max(e.engineer_id) FILTER (WHERE e.lead) IS DISTINCT FROM v.engineer_id""",
    "an order's warranty answers come in rounds from one, each of them with a rule, and an end where it says covered or over": """
        SELECT work_order_id FROM warranty_answers GROUP BY work_order_id
        HAVING count(DISTINCT round) <> max(round) OR bool_or(rule = '')
            OR bool_or((until IS NULL) = (result IN ('covered', 'over')))""",
    "no engineer's time is kept for an order that was cancelled": """
        SELECT r.id FROM reservations r JOIN work_orders w ON w.id = r.work_order_id
        WHERE r.state = 'booked' AND r.ends_at > now() AND w.status = 'cancelled'
        AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.state <> 'done' AND o.body ->> 'work_order_id' = w.id)""",
    "a service-level clock that is not over has a moment when something happens to it, unless all were told": """
        SELECT id FROM clocks WHERE next_at IS NULL AND status IN ('running', 'warned', 'paused')""",
    "a service-level clock that is over says when, and nothing more happens to it": """
        SELECT id FROM clocks WHERE (status IN ('met', 'late', 'void')) <> (ended_at IS NOT NULL)
        OR (ended_at IS NOT NULL AND next_at IS NOT NULL)""",
    "a paused clock says since when, why and what is left; no other one does": """
        SELECT id FROM clocks WHERE (status = 'paused') <> (paused_at IS NOT NULL AND remaining IS NOT NULL
        AND pause_reason <> '')""",
    "a promise is broken or late exactly when its history tells of a breach that was not taken back": """
        SELECT c.id FROM clocks c WHERE (c.breached_at IS NOT NULL) <> (
            (SELECT count(*) FILTER (WHERE kind = 'breached') - count(*) FILTER (WHERE kind = 'reopened')
             FROM clock_events e WHERE e.clock_id = c.id) > 0)
        OR (c.status IN ('breached', 'late') AND c.breached_at IS NULL) OR (c.status = 'met' AND c.breached_at IS NOT NULL)""",
    "an open order under policies that hold for it has a service-level clock": """
        SELECT w.number FROM work_orders w WHERE w.status IN ('reported', 'scheduled', 'in_service', 'waiting_part')
        AND w.opened_at < now() - interval '10 minutes' AND NOT EXISTS (
            SELECT 1 FROM clocks c WHERE c.work_order_id = w.id)
        AND EXISTS (SELECT 1 FROM service_level_policies p WHERE p.clock = 'first_contact' AND p.brand_id = ''
            AND p.service_type = '' AND p.customer_level = '' AND p.division_code = ''
            AND p.since <= (w.opened_at AT TIME ZONE 'Asia/Shanghai')::date
            AND (p.until IS NULL OR p.until > (w.opened_at AT TIME ZONE 'Asia/Shanghai')::date))""",
    "an engineer's day counts exactly the time that is kept in it": """
        SELECT coalesce(d.engineer_id, r.engineer_id) || '/' || coalesce(d.day, r.day)
        FROM engineer_days d FULL JOIN (
            SELECT engineer_id, day, count(*) AS kept FROM reservations WHERE state <> 'released'
            GROUP BY engineer_id, day) r ON r.engineer_id = d.engineer_id AND r.day = d.day
        WHERE coalesce(d.taken, -1) <> coalesce(r.kept, 0)""",
    "every promise has time kept for it, in its window and for its order": """
        SELECT a.id FROM appointments a JOIN reservations r ON r.id = a.reservation_id
        WHERE a.status = 'booked' AND (r.state <> 'booked' OR NOT r.promised OR r.work_order_id <> a.work_order_id
            OR r.window_since <> a.window_since OR r.window_until <> a.window_until)""",
    "a held time says until when, any other does not": """
        SELECT id FROM reservations WHERE state = 'held' AND expires_at IS NULL
        UNION ALL SELECT id FROM reservations WHERE state = 'booked' AND expires_at IS NOT NULL""",
    "an order with a promise is scheduled, or being served": """
        SELECT a.id FROM appointments a JOIN work_orders w ON w.id = a.work_order_id
        WHERE a.status = 'booked' AND w.status NOT IN ('scheduled', 'in_service')
        AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.kind IN ('WorkOrderMoved', 'VisitMoved') AND o.state <> 'done'
            AND o.body ->> 'work_order_id' = w.id)""",
    "a change that was agreed to is what is promised, or was": """
        SELECT c.id FROM change_requests c WHERE c.status = 'agreed' AND NOT EXISTS (
            SELECT 1 FROM appointments a WHERE a.supersedes_id = c.appointment_id
            AND a.window_since = c.window_since AND a.window_until = c.window_until)""",
    "a service sheet's outcome is how its visit ended": """
        SELECT s.visit_id FROM service_sheets s JOIN visits v ON v.id = s.visit_id
        WHERE (s.outcome IN ('finished', 'waiting_part', 'taken_in', 'revisit') AND v.status <> 'finished')
        OR (s.outcome IN ('blocked', 'absent') AND v.status <> 'failed')""",
    "every signature that was taken in is kept": """
        SELECT o.id FROM sheet_operations o WHERE o.kind = 'signature.add' AND o.outcome IN ('applied', 'conflict')
        AND NOT EXISTS (SELECT 1 FROM sheet_signatures s WHERE s.operation_id = o.id)""",
    "every operation that was applied has written on its sheet": """
        SELECT o.id FROM sheet_operations o
        WHERE o.outcome IN ('applied', 'conflict') AND o.kind NOT IN ('offer.answer', 'help.ask', 'change.ask')
        AND NOT EXISTS (SELECT 1 FROM sheet_registers r WHERE r.visit_id = o.visit_id AND starts_with(r.key, CASE o.kind
            WHEN 'visit.move' THEN 'milestone.' WHEN 'visit.end' THEN 'end.' WHEN 'correct' THEN 'correction.'
            ELSE split_part(o.kind, '.', 1) END))""",
    "what a phone did is carried out in its order: what waits lies behind a gap, and nothing else does": """
        SELECT o.id FROM sheet_operations o JOIN engineer_devices d ON d.id = o.device_id
        WHERE (o.outcome = 'held') <> (o.seq > d.last_seq)
        UNION ALL SELECT d.id FROM engineer_devices d WHERE NOT EXISTS (
            SELECT 1 FROM engineer_devices other WHERE other.engineer_id = d.engineer_id AND other.id <> d.id)
        AND d.last_seq <> (SELECT count(*) FROM sheet_operations o WHERE o.device_id = d.id AND o.seq <= d.last_seq)""",
    "an order that waits for the customer has nobody coming": """
        SELECT w.number FROM work_orders w JOIN visits v ON v.work_order_id = w.id
        WHERE w.on_hold <> '' AND w.status NOT IN ('cancelled', 'finished')
        AND v.status IN ('offered', 'accepted', 'departed', 'checked_in')""",
    "a rating's engineers share it whole, with its stars": """
        SELECT r.id FROM ratings r JOIN rating_engineers e ON e.rating_id = r.id
        GROUP BY r.id HAVING sum(e.share) <> 100 OR bool_or(e.stars <> r.stars OR e.work_order_id <> r.work_order_id)""",
    "a low rating is decided, or has a time by which it will be": """
        SELECT id FROM ratings WHERE decided = '' AND decide_at IS NULL OR decided <> '' AND decide_at IS NULL
        AND (stars <= 2 OR solved = false)""",
    "a rectification is for the customer of an order that was finished": """
        SELECT w.number FROM work_orders w JOIN work_orders e ON e.id = w.rectifies_id
        WHERE e.customer_id <> w.customer_id OR e.id = w.id OR NOT EXISTS (
            SELECT 1 FROM work_order_moves m WHERE m.work_order_id = e.id AND m."to" = 'finished')""",
    "a callback that is over says what came of it, one that is being made by whom": """
        SELECT id FROM callbacks WHERE (status IN ('done', 'dropped')) <> (outcome <> '' AND ended_at IS NOT NULL)
        OR (status = 'claimed' AND (claimed_by IS NULL OR claimed_at IS NULL))""",
    "a complaint in somebody's hands has an owner, and one that waits for an answer goes up or has gone": """
        SELECT id FROM complaints WHERE (status IN ('owned', 'answered', 'closed') AND owner_id IS NULL)
        OR (status IN ('opened', 'owned', 'reopened') AND next_at IS NULL AND level = 0)""",
    "a card's uses are those that are held or redeemed for orders": """
        SELECT c.id FROM covers c WHERE c.used <> (
            SELECT count(*) FROM redemptions r WHERE r.cover_id = c.id AND r.status IN ('held', 'redeemed'))""",
    "what a contract has earned is what the ledger has as its income": """
        SELECT c.id FROM covers c WHERE c.earned_fen <> (
            SELECT coalesce(sum(CASE WHEN p.credit = 'income_cover' THEN p.fen ELSE -p.fen END), 0)
            FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id
            WHERE e.of_kind = 'cover' AND e.of_id = c.id AND 'income_cover' IN (p.credit, p.debit))""",
    "the ledger has nothing but entries that moved something": """
        SELECT e.id FROM ledger_entries e WHERE NOT EXISTS (SELECT 1 FROM ledger_postings p WHERE p.entry_id = e.id)""",
    **LEDGER,
    "what is owed and not paid is what the ledger has as receivable, payable by payable": """
        SELECT w.id FROM payables w LEFT JOIN (
            SELECT party, sum(fen) AS fen FROM (
                SELECT debit_party AS party, fen FROM ledger_postings WHERE debit = 'receivable'
                UNION ALL SELECT credit_party, -fen FROM ledger_postings WHERE credit = 'receivable') p GROUP BY party) l
            ON l.party = w.id
        WHERE coalesce(l.fen, 0) <> CASE w.status WHEN 'open' THEN w.due_fen ELSE 0 END""",
    "what is paid of a payable came by one payment that was not too much, and what went back of it by refunds that succeeded": """
        SELECT w.id FROM payables w
        WHERE w.paid_fen <> (SELECT coalesce(sum(p.fen), 0) FROM payments p WHERE p.payable_id = w.id AND NOT p.surplus
            AND p.status IN ('paid', 'refunding', 'refunded'))
        OR w.refunded_fen <> (SELECT coalesce(sum(r.fen), 0) FROM refunds r WHERE r.payable_id = w.id AND NOT r.surplus
            AND r.status = 'succeeded')
        OR (SELECT count(*) FROM payments p WHERE p.payable_id = w.id AND NOT p.surplus
            AND p.status IN ('paid', 'refunding', 'refunded')) > 1
        OR (w.status = 'open' AND w.paid_fen > 0) OR (w.status = 'paid' AND w.paid_fen < w.due_fen)""",
    "refunds of a payment take what it says they take, and no more than came": """
        SELECT p.id FROM payments p LEFT JOIN (
            SELECT payment_id, sum(fen) AS reserved, sum(fen) FILTER (WHERE status = 'succeeded') AS done
            FROM refunds WHERE status NOT IN ('rejected', 'closed') GROUP BY payment_id) r ON r.payment_id = p.id
        WHERE p.reserved_fen <> coalesce(r.reserved, 0) OR p.refunded_fen <> coalesce(r.done, 0)""",
    "a payment that is still open at the platform is asked about again, unless it does not fit our books": """
        SELECT p.id FROM payments p WHERE p.status IN ('created', 'pending', 'unknown') AND p.query_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM statement_differences d WHERE d.payment_id = p.id AND d.kind = 'mismatch')""",
    "money that came is in the ledger once, at the merchant or in an engineer's hand": """
        SELECT p.id FROM payments p LEFT JOIN ledger_entries e ON e.key = 'paid:' || p.id
        WHERE (p.status IN ('paid', 'refunding', 'refunded')) <> (e.id IS NOT NULL)
        OR (e.id IS NOT NULL AND p.fen <> (SELECT coalesce(sum(l.fen), 0) FROM ledger_postings l WHERE l.entry_id = e.id
            AND l.debit = CASE WHEN p.method = 'cash' THEN 'cash' ELSE 'wechat' END))""",
    "the cash an engineer holds is the sum of the receipts, less what was handed in and what was given back of it": """
        SELECT e.id FROM engineers e WHERE (SELECT coalesce(sum(fen), 0) FROM cash_receipts c WHERE c.engineer_id = e.id)
        - (SELECT coalesce(sum(fen), 0) FROM cash_hand_ins h WHERE h.engineer_id = e.id)
        - (SELECT coalesce(sum(l.fen), 0) FROM ledger_postings l WHERE l.credit = 'cash' AND l.credit_party = e.id
            AND l.debit = 'refund_due')
        <> (SELECT coalesce(sum(CASE WHEN l.debit = 'cash' AND l.debit_party = e.id THEN l.fen ELSE 0 END)
            - sum(CASE WHEN l.credit = 'cash' AND l.credit_party = e.id THEN l.fen ELSE 0 END), 0) FROM ledger_postings l
            WHERE (l.debit = 'cash' AND l.debit_party = e.id) OR (l.credit = 'cash' AND l.credit_party = e.id))""",
    "what a quote asks of the customer is the sum of the lines the customer pays, and so is a bill": """
        SELECT q.id FROM quotes q WHERE q.customer_fen <> (SELECT coalesce(sum((l->>'fen')::bigint), 0)
            FROM jsonb_array_elements(q.lines) l WHERE l->>'payer' = 'customer')
        UNION ALL SELECT b.id FROM bills b WHERE b.total_fen <> (SELECT coalesce(sum((l->>'fen')::bigint), 0)
            FROM jsonb_array_elements(b.lines) l WHERE l->>'payer' = 'customer')""",
    "an order says what its customer agreed to": """
        SELECT o.id FROM work_orders o JOIN quotes q ON q.work_order_id = o.id AND q.status = 'confirmed'
        WHERE o.agreed_fen IS DISTINCT FROM q.customer_fen""",
    "nobody is billed by a quote that was never answered": """
        SELECT b.id FROM bills b JOIN quotes q ON q.id = b.quote_id WHERE b.status <> 'void'
        AND q.status NOT IN ('confirmed', 'superseded') AND NOT (b.kind = 'declined' AND q.status = 'rejected')
        AND NOT (q.status = 'withdrawn' AND q.answered_at IS NOT NULL)""",
    "a bill with something to pay is owed, one time, at its amount": """
        SELECT b.id FROM bills b LEFT JOIN payables w ON w.id = b.payable_id
        WHERE b.status IN ('issued', 'paid') AND (w.id IS NULL OR w.due_fen <> b.due_fen OR w.of_id <> b.id)
        OR b.status = 'void' AND w.status = 'open'""",
}


def breaches(connection: Connection, most: int = 50) -> dict[str, list[str]]:
    """Sentence → names of the rows that break it (at most so many); only sentences that are broken."""
    found = {
        words: [str(name) for name in connection.scalars(text(f"{query} LIMIT {most}"))]
        for words, query in SENTENCES.items()
    }
    return {words: names for words, names in found.items() if names}


def check(settings: Settings, *, as_json: bool = False) -> bool:
    """Print every sentence with what breaks it; True when nothing does."""
    made = runtime.build(settings, connections=1, statement_ms=600_000)
    with made.transaction() as uow:
        broken = breaches(uow.session.connection())
    for words in SENTENCES:
        names = broken.get(words, [])
        if as_json:
            click.echo(json.dumps({"sentence": words, "holds": not names, "rows": names}))
        else:
            click.echo(f"{'✗' if names else '✓'} {words}" + "".join(f"\n    {name}" for name in names))
    return not broken
