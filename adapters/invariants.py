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
    "a message to a person that went out says when": """
        SELECT seq::text FROM outgoing_messages WHERE (state = 'sent') <> (sent_at IS NOT NULL)""",
    "an event is done only when every reaction to it is": """
        SELECT o.id::text FROM outbox o JOIN reaction_runs r ON r.event_id = o.id AND r.event_at = o.at
        WHERE o.state = 'done' AND r.state = 'failed'""",
    "a desk task that is done says when, one that is claimed says by whom": """
        SELECT id FROM desk_tasks
        WHERE (status = 'done') <> (done_at IS NOT NULL) OR (status = 'claimed' AND claimed_by IS NULL)""",
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
