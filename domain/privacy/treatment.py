"""★ What becomes of every table with personal data when somebody has theirs erased. A test walks all tables: a new one needs a line.

The law keeps transaction records three years (E-Commerce Law 31), books and invoices longer (Accounting Archives Measures).
"""

from __future__ import annotations

from collections.abc import Mapping

ERASED: Mapping[str, str] = {
    "customers": "称呼清空，只留编号",
    "customer_phones": "删除",
    "customer_addresses": "删除",
    "contacts": "与人的联系断开",
    "contact_sessions": "删除",
    "contact_scenes": "不再知道是谁",
    "phone_codes": "删除",
    "phone_sessions": "删除",
    "conversations": "删除",
    "received": "删除聊天内容",
    "outgoing_messages": "清空文字",
    "desk_tasks": "清空内容和电话",
    "desk_notes": "删除",
    "files": "工单以外的照片销毁密钥",
    "guided_cases": "清空回答",
    "safety_incidents": "清空电话、地址",
    "work_orders": "称呼、电话、门牌、定位清空，只留到区县；不是在聊天里报的，自己写的描述也清空",
    "ratings": "清空文字，只留星级",
    "work_order_moves": "补充、催单时自己写的话清空；工单的经过是交易记录，保存三年",
    "surveys": "清空文字，只留分数",
    "complaints": "清空电话",
    "callback_rounds": "清空文字",
    "subscription_credits": "删除",
    "subscription_moves": "删除",
    "gift_guesses": "删除",
    "product_transfers": "清空说明",
}
"""Table → what is done, in words for the person."""

KEPT: Mapping[str, str] = {
    "audit_trail": "谁在什么时候做了什么，只有编号；到期按月整批删除",
    "appointments": "约过的时间，交易记录保存三年",
    "change_requests": "改约的记录，交易记录保存三年",
    "visit_moves": "上门的经过，交易记录保存三年",
    "sheet_registers": "服务单的内容，合同凭证保存三年",
    "sheet_operations": "服务单的来历，合同凭证保存三年",
    "sheet_signatures": "签过的服务单，合同凭证保存三年",
    "uploads": "工程师拍的工单照片，随服务单保存",
    "quotes": "报价和同意的记录，合同凭证保存三年",
    "warranty_findings": "保修认定的依据，随工单保存",
    "dispatch_decisions": "派工的记录，只有编号",
    "offers": "派工的记录，只有编号",
    "clock_events": "时效的记录，只有编号",
    "complaint_steps": "投诉的处理经过，保存三年",
    "callbacks": "回访的结果，只有编号",
    "covers": "买过的延保和服务卡，合同凭证",
    "products": "产品的维修记录随产品保存，不再关联到人",
    "product_owners": "产品换过几任主人，只有编号",
    "payables": "应付和已付，会计档案",
    "payments": "付款记录，会计档案",
    "payment_notices": "微信支付的通知，会计档案",
    "kept_bills": "微信支付的账单，会计档案，保存十年",
    "refunds": "退款记录，会计档案",
    "invoice_requests": "发票，会计档案",
}
"""Table → what it is and why the law, or somebody else's right, keeps it, in words for the person."""

OTHERS: frozenset[str] = frozenset(
    {
        "accounts", "engineer_certificates", "engineer_identities", "engineer_positions", "engineers", "leaves",
        "merchants", "one_time_codes", "providers", "saved_searches",
    }
)  # fmt: skip
"""Personal data or secrets of staff, engineers and the brand: no customer's."""
