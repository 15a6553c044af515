"""What a door does about scope: it narrows its session to what whoever asks sees, and lets nothing be named that is not theirs. ★

A new path field is a line of `NAMED`, a new beginning of ids one of `PREFIXES`, or of `NO_NAMES`; tests walk both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from console.rows import ROWS
from domain.access.model import Staff
from domain.access.roles import OF_PROVIDER
from domain.access.sessions import SignedIn
from domain.appointments.model import Appointment, ChangeRequest
from domain.capacity.model import Leave, Reservation, Shift
from domain.catalog.model import Model, Part
from domain.cover.model import Cover, CoverPlan, Gift, GiftBatch, Redemption
from domain.customers.model import Customer
from domain.desk.model import CannedAnswer, DeskTask
from domain.dispatch.model import Decision, Offer, Plan, PlanRoute
from domain.engineers.devices_model import EngineerDevice
from domain.engineers.model import Authorization, Certificate, Engineer, Skill
from domain.feedback.model import Callback, Complaint, Rating, Survey
from domain.files.model import StoredFile
from domain.files.uploads_model import Upload
from domain.incidents.model import SafetyIncident
from domain.kit.errors import Forbidden, NotFound
from domain.kit.scope import Scope, Seen, see_only
from domain.kit.unit_of_work import UnitOfWork
from domain.knowledge.model import GuidedCase
from domain.ledger.model import LedgerEntry
from domain.organizations.model import Account, Brand, Coverage, Provider, ServiceArea, Station
from domain.payments.model import Merchant, Payable, Payment, Refund
from domain.payments.papers_model import CashHandIn, InvoiceRequest
from domain.payments.statements_model import KeptBill, StatementDifference
from domain.pricing.model import Bill, FeeRow, PartPrice, Quote
from domain.products.model import Product, ProductOwner, ProductTransfer
from domain.products.warranty_model import WarrantyAnswer, WarrantyFinding
from domain.reports.model import SavedSearch
from domain.service_levels.model import Clock, Policy
from domain.work_orders.model import Visit, WorkOrder

NAMED: dict[str, type[Any]] = {
    "order_id": WorkOrder, "work_order_id": WorkOrder, "visit_id": Visit, "offer_id": Offer, "decision_id": Decision,
    "change_id": ChangeRequest, "appointment_id": Appointment, "reservation_id": Reservation, "clock_id": Clock,
    "plan_id": Plan, "route_id": PlanRoute, "customer_id": Customer, "product_id": Product, "file_id": StoredFile,
    "engineer_id": Engineer, "certificate_id": Certificate, "skill_id": Skill, "authorization_id": Authorization,
    "shift_id": Shift, "leave_id": Leave, "provider_id": Provider, "station_id": Station, "coverage_id": Coverage,
    "brand_id": Brand, "account_id": Account, "policy_id": Policy, "model_id": Model, "part_id": Part, "task_id": DeskTask,
    "payable_id": Payable, "payment_id": Payment, "refund_id": Refund, "merchant_id": Merchant, "invoice_id": InvoiceRequest,
    "difference_id": StatementDifference, "hand_in_id": CashHandIn, "entry_id": LedgerEntry, "kept_bill_id": KeptBill,
    "quote_id": Quote, "bill_id": Bill, "fee_id": FeeRow, "price_id": PartPrice,
    "rating_id": Rating, "callback_id": Callback, "complaint_id": Complaint,
    "finding_id": WarrantyFinding, "cover_id": Cover, "cover_plan_id": CoverPlan, "batch_id": GiftBatch, "redemption_id": Redemption,
    "answer_id": CannedAnswer, "incident_id": SafetyIncident, "staff_id": Staff, "search_id": SavedSearch, "device_id": EngineerDevice,
}  # fmt: skip
"""What a field of a path, a form or a body names. Somebody with a scope can only ever name their own."""

PREFIXES: dict[str, tuple[type[Any], ...]] = {
    "ac": (Account,), "ap": (Appointment,), "au": (Authorization,), "br": (Brand,), "ca": (CannedAnswer,),
    "ce": (Certificate,), "ck": (Clock,), "co": (Cover,), "cp": (CoverPlan,), "cr": (ChangeRequest,), "cu": (Customer,), "cv": (Coverage,), "dd": (Decision,),
    "dt": (DeskTask,), "ed": (EngineerDevice,), "en": (Engineer,), "fi": (StoredFile, Upload), "gb": (GiftBatch,), "gc": (GuidedCase,), "gf": (Gift,),
    "df": (StatementDifference,), "hi": (CashHandIn,), "kb": (KeptBill,), "iv": (InvoiceRequest,), "le": (LedgerEntry,), "me": (Merchant,), "ow": (Payable,),
    "bi": (Bill,), "fe": (FeeRow,), "pp": (PartPrice,), "qt": (Quote,),
    "pm": (Payment,), "rf": (Refund,),
    "lv": (Leave,), "mo": (Model,), "of": (Offer,), "pa": (Part,), "pl": (Plan,), "po": (ProductOwner, Policy),
    "pr": (Provider, Product, PlanRoute), "pt": (ProductTransfer,), "rd": (Redemption,), "re": (Reservation,), "sa": (ServiceArea,),
    "sh": (Shift,), "si": (SafetyIncident,), "sk": (Skill,), "sl": (Policy,), "sn": (Station,), "ss": (SavedSearch,),
    "st": (Staff,), "vi": (Visit,), "wa": (WarrantyAnswer,), "wf": (WarrantyFinding,), "wo": (WorkOrder,),
    "cb": (Callback,), "np": (Survey,), "ra": (Rating,), "ts": (Complaint,),
}  # fmt: skip
"""How ids begin → what they may name. A test walks the code for ids that are made."""

NO_NAMES = frozenset({"ad", "pc", "bl", "dh", "gone", "oc", "pb", "pn", "q", "rl", "sb", "sc", "sr", "wt"})
"""Beginnings of ids that no door takes: an address is found among its customer's, the rest is never shown with its id."""

ID = re.compile(r"(?:[a-z_]+[-.:])?(([a-z]{2})_[0-9a-z]+)")
"""An id, also as the end of a field's name: ``share-en_01jd…``."""

BY_OTHER_MEANS = frozenset({"number", "ref"})
"""Path fields that are looked up by what is narrowed itself."""


def only_own(uow: UnitOfWork, who: SignedIn, path: Mapping[str, Any], *given: Mapping[str, Any]) -> None:
    """See to it that whatever is named in a path or in what came with it, under whatever name and however deep, is this
    person's to see, whatever the view forgets.

    :raises NotFound: it is not, or a path field is not in `NAMED`
    """
    if who.scope.is_all:
        return
    unknown = path.keys() - NAMED.keys() - BY_OTHER_MEANS
    named = {one for said in (path, *given) for one in named_in("", said)}
    if unknown or not all(any(uow.session.get(kind, key) for kind in kinds) for kinds, key in named):
        raise NotFound("没有找到这条记录")


def named_in(name: str, value: Any) -> Iterator[tuple[tuple[type[Any], ...], str]]:
    """The rows that a value, or what is in it, names: what a known field says, and everything that looks like an id."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from named_in("", key)
            yield from named_in(key, inner)
    elif isinstance(value, (list, tuple, set)):
        for inner in value:
            yield from named_in(name, inner)
    elif value and name in NAMED:
        yield (NAMED[name],), str(value)
    elif isinstance(value, str) and (found := ID.fullmatch(value)) and found.group(2) in PREFIXES:
        yield PREFIXES[found.group(2)], found.group(1)


@lru_cache(maxsize=500)
def seen_by(scope: Scope) -> Seen:
    """What a scope sees, made once: a provider's people ask all day."""
    return Seen(scope, ROWS)


def lacks_scope(who: SignedIn) -> bool:
    """A provider's person of no provider: somebody changed the table by hand. Such a person sees nothing."""
    return who.staff.role in OF_PROVIDER and who.scope.provider_id is None


def narrow(uow: UnitOfWork, who: SignedIn) -> None:
    """Show this person their own rows only, for the rest of the transaction.

    :raises Forbidden: it is not said whose rows are theirs
    """
    if lacks_scope(who):
        raise Forbidden("您的账号还没有指定服务商，请联系管理员")
    see_only(uow.session, seen_by(who.scope), known=(who.staff, who.session))
