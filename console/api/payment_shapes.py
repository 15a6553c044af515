"""What money looks like over JSON: amounts are fen, moments have their zone."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields, validate

from console import payment_work, payments
from domain.payments.differences import HOWS
from domain.payments.lifecycle import DifferenceStatus, InvoiceStatus, PayableStatus
from domain.payments.reasons import REFUND_REASONS

TEXT, WHY = validate.Length(max=60), validate.Length(max=500)
FEN = validate.Range(1, 100_000_000)


class PaymentOut(Schema):
    id = fields.String()
    out_trade_no = fields.String()
    transaction_id = fields.String(allow_none=True)
    method = fields.String()
    via = fields.String()
    fen = fields.Integer()
    status = fields.String()
    surplus = fields.Boolean()
    refunded_fen = fields.Integer()
    at = fields.AwareDateTime()
    paid_at = fields.AwareDateTime(allow_none=True)


class PayableOut(Schema):
    id = fields.String()
    kind = fields.String()
    of_id = fields.String()
    version = fields.Integer()
    work_order_id = fields.String(allow_none=True)
    customer_id = fields.String()
    title = fields.String()
    due_fen = fields.Integer()
    paid_fen = fields.Integer()
    refunded_fen = fields.Integer()
    status = fields.String()
    at = fields.AwareDateTime()
    paid_at = fields.AwareDateTime(allow_none=True)


class RowOut(Schema):
    payable = fields.Nested(PayableOut)
    number = fields.String(metadata={"description": "工单号"})
    payment = fields.Nested(PaymentOut, allow_none=True)


class PageOut(Schema):
    rows = fields.List(fields.Nested(RowOut))
    after = fields.String(metadata={"description": "下一页从这里开始；空为没有了"})


class PageQuery(Schema):
    q = fields.String(load_default="", validate=TEXT)
    status = fields.String(load_default="", validate=validate.OneOf(["", *PayableStatus]))
    method = fields.String(load_default="", validate=validate.OneOf(["", *payments.METHODS]))
    since = fields.String(load_default="", validate=TEXT)
    until = fields.String(load_default="", validate=TEXT)
    after = fields.String(load_default="", validate=validate.Length(max=80))


class RefundOut(Schema):
    id = fields.String()
    payable_id = fields.String()
    payment_id = fields.String()
    fen = fields.Integer()
    reason_code = fields.String()
    status = fields.String()
    surplus = fields.Boolean()
    asked_by = fields.String()
    at = fields.AwareDateTime()
    decided_by = fields.String()
    decided_at = fields.AwareDateTime(allow_none=True)
    refund_id = fields.String(allow_none=True)
    done_at = fields.AwareDateTime(allow_none=True)


class PostingOut(Schema):
    debit = fields.String()
    credit = fields.String()
    fen = fields.Integer()


class EntryOut(Schema):
    id = fields.String()
    key = fields.String()
    kind = fields.String()
    day = fields.Date()
    at = fields.AwareDateTime()
    postings = fields.List(fields.Nested(PostingOut))


class PayableSeenOut(Schema):
    row = fields.Nested(RowOut)
    payments = fields.List(fields.Nested(PaymentOut))
    refunds = fields.List(fields.Nested(RefundOut))
    refundable = fields.Integer()
    entries = fields.List(fields.Nested(EntryOut))


class RefundIn(Schema):
    fen = fields.Integer(required=True, validate=FEN, strict=True)
    reason_code = fields.String(required=True, validate=validate.OneOf([*REFUND_REASONS]))
    why = fields.String(load_default="", validate=WHY)
    left_fen = fields.Integer(
        load_default=None, allow_none=True, strict=True,
        metadata={"description": "看到的 refundable：变了就不退，同一个请求发两次只退一次"},
    )  # fmt: skip


class DecideIn(Schema):
    move = fields.String(required=True, validate=validate.OneOf(["approve", "reject", "pay_out", "give_up"]))
    why = fields.String(load_default="", validate=WHY)
    out_of = fields.String(load_default="", validate=validate.OneOf(["", "bank", "cash"]))
    engineer_id = fields.String(load_default="", validate=TEXT)


class RefundsQuery(Schema):
    shelf = fields.String(load_default="asked", validate=validate.OneOf([*payment_work.SHELVES]))
    after = fields.String(load_default="", validate=validate.Length(max=80))


class RefundsOut(Schema):
    refunds = fields.List(fields.Nested(RefundOut))
    after = fields.String()


class ReceiptOut(Schema):
    number = fields.String()
    fen = fields.Integer()
    taken_at = fields.AwareDateTime()


class HolderOut(Schema):
    engineer_id = fields.String()
    name = fields.String()
    fen = fields.Integer()
    receipts = fields.List(fields.Nested(ReceiptOut))


class HandInIn(Schema):
    receipts = fields.List(fields.String(validate=TEXT), required=True, validate=validate.Length(max=500))
    counted_fen = fields.Integer(required=True, validate=FEN, strict=True)


class HandInOut(Schema):
    id = fields.String()
    engineer_id = fields.String()
    fen = fields.Integer()
    at = fields.AwareDateTime()


class InvoiceOut(Schema):
    id = fields.String()
    payable_id = fields.String()
    fen = fields.Integer()
    title = fields.String()
    tax_number = fields.String()
    email = fields.String()
    status = fields.String()
    number = fields.String()
    at = fields.AwareDateTime()


class InvoiceIn(Schema):
    number = fields.String(load_default="", validate=TEXT)
    why = fields.String(load_default="", validate=WHY, metadata={"description": "不开票的原因；填了就是不开"})


class InvoicesQuery(Schema):
    status = fields.String(load_default="asked", validate=validate.OneOf([*InvoiceStatus]))


class DifferenceOut(Schema):
    id = fields.String()
    day = fields.Date()
    kind = fields.String()
    number = fields.String()
    words = fields.String()
    ours_fen = fields.Integer(allow_none=True)
    theirs_fen = fields.Integer(allow_none=True)
    status = fields.String()
    how = fields.String()
    why = fields.String()


class DifferencesQuery(Schema):
    status = fields.String(load_default="open", validate=validate.OneOf(["", *DifferenceStatus]))
    day = fields.Date(load_default=None, allow_none=True)


class SettleIn(Schema):
    how = fields.String(required=True, validate=validate.OneOf([*HOWS]))
    why = fields.String(required=True, validate=validate.Length(1, 500))


class AccountOut(Schema):
    title = fields.String()
    side = fields.String()
    fen = fields.Integer()


class BooksOwnerOut(Schema):
    title = fields.String()
    accounts = fields.List(fields.Nested(AccountOut))


class BooksQuery(Schema):
    on = fields.Date(load_default=None, allow_none=True)
    brand_id = fields.String(load_default="", validate=TEXT)


class BooksOut(Schema):
    owners = fields.List(fields.Nested(BooksOwnerOut))
    off = fields.Integer(metadata={"description": "借贷之差，总是 0"})
