"""The sentences of `adapters.invariants` about what is added up of the ledger, and about the bills it is compared with.

Another table of sums is another sentence here.
"""

from __future__ import annotations

from collections.abc import Mapping

LEDGER: Mapping[str, str] = {
    "the ledger's sums, day by day, are those of its entries that are counted": """
        SELECT coalesce(s.brand_id, c.brand_id) || '/' || coalesce(s.account, c.account) || '/' || coalesce(s.day, c.day)
        FROM ledger_sums s FULL JOIN (SELECT brand_id, account, day, sum(fen) AS fen FROM (
            SELECT e.brand_id, e.day, p.debit AS account, p.fen
            FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id
            WHERE NOT EXISTS (SELECT 1 FROM ledger_uncounted u WHERE u.entry_id = e.id)
            UNION ALL SELECT e.brand_id, e.day, p.credit, -p.fen
            FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id
            WHERE NOT EXISTS (SELECT 1 FROM ledger_uncounted u WHERE u.entry_id = e.id)) m GROUP BY 1, 2, 3) c
            ON (c.brand_id, c.account, c.day) = (s.brand_id, s.account, s.day)
        WHERE coalesce(s.fen, 0) <> coalesce(c.fen, 0)""",
    "the ledger's balances, party by party, are those of its entries that are counted": """
        SELECT coalesce(s.brand_id, c.brand_id) || '/' || coalesce(s.account, c.account) || '/' || coalesce(s.party, c.party)
        FROM ledger_parties s FULL JOIN (SELECT brand_id, account, party, sum(fen) AS fen FROM (
            SELECT e.brand_id, p.debit AS account, p.debit_party AS party, p.fen
            FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id
            WHERE NOT EXISTS (SELECT 1 FROM ledger_uncounted u WHERE u.entry_id = e.id)
            UNION ALL SELECT e.brand_id, p.credit, p.credit_party, -p.fen
            FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id
            WHERE NOT EXISTS (SELECT 1 FROM ledger_uncounted u WHERE u.entry_id = e.id)) m GROUP BY 1, 2, 3) c
            ON (c.brand_id, c.account, c.party) = (s.brand_id, s.account, s.party)
        WHERE coalesce(s.fen, 0) <> coalesce(c.fen, 0) OR s.fen = 0""",
    "a statement names a file of its own merchant, day and kind, with the contents it was read from": """
        SELECT s.id FROM statements s JOIN kept_bills k ON k.id = s.file_id
        WHERE (k.merchant_id, k.day, k.kind, k.sha1) <> (s.merchant_id, s.day, s.kind, s.sha1)""",
}
