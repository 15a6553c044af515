"""Whose is what: every table with people's or business data, and what of it somebody with a scope sees. ★

A new table is a line of `ROWS`, or of `NOBODYS` with the reason why there is nothing in it to keep from anybody; a test walks
all tables and names those in neither. What belongs to whom is said in `console.belonging`.
Decision: docs/decisions/0046-row-scope.md.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from bot.conversation import Conversation
from console.belonging import (
    BATCHES,
    CALLBACKS,
    COMPLAINTS,
    ENGINEERS,
    ENTRIES,
    INCIDENTS,
    PARTS,
    STAFF,
    all_of,
    brands,
    brands_own,
    by_account,
    by_brand,
    by_customer,
    by_engineer,
    by_order,
    by_product,
    by_visit,
    clocks,
    customers,
    customers_seen,
    engineers,
    merchants,
    messages_seen,
    orders,
    payables,
    payments,
    products_seen,
    providers,
    staff_seen,
    trail_seen,
    within,
)
from domain.access.model import SignInAddress, Staff, StaffSession, TrailEntry
from domain.appointments.model import Appointment, ChangeRequest
from domain.capacity.model import EngineerDay, Leave, Reservation, Shift
from domain.catalog.model import BillLine, Category, Model, Part, WarrantyTerm
from domain.cover.model import Cover, CoverCommission, CoverPlan, Gift, GiftBatch, GiftGuesses, Redemption
from domain.customers.model import Contact, ContactSession, Customer, CustomerAddress, CustomerPhone
from domain.customers.phones_model import PhoneCode, PhoneSession
from domain.customers.scenes import ContactScene, QrCode
from domain.desk.model import CannedAnswer, DeskNote, DeskTask, DutyHours, Presence
from domain.dispatch.model import Decision, Offer, Plan, PlanRoute, WaitingOrder
from domain.engineers.devices_model import EngineerDevice, EngineerIdentity, OneTimeCode
from domain.engineers.model import Authorization, Certificate, Engineer, LastPosition, Skill
from domain.feedback.model import Callback, CallbackRound, Complaint, ComplaintStep, Rating, RatingEngineer, Survey
from domain.files.model import StoredFile
from domain.files.uploads_model import Upload, UploadPiece
from domain.incidents.model import IncidentPage, OnCall, SafetyIncident
from domain.kit.inbox import Received
from domain.kit.outbox import OutboxRow, ReactionRun
from domain.kit.put_off import PutOff
from domain.kit.scope import Rows
from domain.knowledge.model import GuidedCase
from domain.ledger.model import LedgerEntry, LedgerParty, LedgerPosting, LedgerSum, LedgerUncounted
from domain.notices.model import MessageTemplate, NoticeKey, OutgoingMessage
from domain.notices.subscriptions_model import SubscriptionCredit, SubscriptionMove, SubscriptionTemplate
from domain.organizations.model import Account, Brand, Coverage, Provider, ProviderBrand, ServiceArea, Station
from domain.payments.model import Merchant, Payable, Payment, Refund, RefundLimit
from domain.payments.papers_model import CashHandIn, CashReceipt, InvoiceRequest, ShippingReport
from domain.payments.statements_model import KeptBill, PaymentNotice, Statement, StatementDifference
from domain.pricing.model import Bill, FeeRow, PartPrice, Quote
from domain.products.model import Product, ProductOwner, ProductTransfer
from domain.products.warranty_model import SerialRule, WarrantyAnswer, WarrantyFinding, WarrantyProof
from domain.reports.model import SavedSearch
from domain.service_levels.model import Clock, ClockEvent, Policy
from domain.service_sheets.model import Register, ServiceSheet, SheetOperation, SheetSignature
from domain.work_orders.model import Visit, VisitEngineer, VisitMove, WorkOrder, WorkOrderMove

ROWS: Rows = {
    # The network
    Brand: lambda s: Brand.id.in_(brands(s)),
    Account: by_brand(Account.brand_id),
    ServiceArea: by_brand(ServiceArea.brand_id),
    Provider: lambda s: Provider.id.in_(providers(s)),
    ProviderBrand: lambda s: within(s, ProviderBrand.brand_id, ProviderBrand.provider_id),
    Station: lambda s: all_of(
        within(s, provider=Station.provider_id, station=Station.id), Station.provider_id.in_(providers(s))
    ),
    Coverage: lambda s: all_of(
        within(s, Coverage.brand_id, Coverage.provider_id),
        or_(Coverage.station_id.is_(None), Coverage.station_id == s.station_id) if s.station_id else None,
    ),
    # Engineers and their days
    Engineer: lambda s: Engineer.id.in_(engineers(s)),
    Skill: by_engineer(Skill.engineer_id),
    Certificate: by_engineer(Certificate.engineer_id),
    Authorization: by_engineer(Authorization.engineer_id),
    LastPosition: by_engineer(LastPosition.engineer_id),
    EngineerDevice: by_engineer(EngineerDevice.engineer_id),
    EngineerIdentity: by_engineer(EngineerIdentity.engineer_id),
    Shift: by_engineer(Shift.engineer_id),
    Leave: by_engineer(Leave.engineer_id),
    EngineerDay: by_engineer(EngineerDay.engineer_id),
    Reservation: by_engineer(Reservation.engineer_id),
    # The catalogue
    Model: by_brand(Model.brand_id),
    WarrantyTerm: by_brand(WarrantyTerm.brand_id),
    SerialRule: by_brand(SerialRule.brand_id),
    Part: by_brand(Part.brand_id),
    BillLine: lambda s: BillLine.part_id.in_(select(PARTS.c.id).where(PARTS.c.brand_id.in_(brands(s)))),
    FeeRow: by_brand(FeeRow.brand_id),
    PartPrice: lambda s: PartPrice.part_id.in_(select(PARTS.c.id).where(PARTS.c.brand_id.in_(brands(s)))),
    # People and what they own
    Customer: customers_seen,
    CustomerPhone: by_customer(CustomerPhone.customer_id),
    CustomerAddress: by_customer(CustomerAddress.customer_id),
    Contact: by_account(Contact.account_id),
    ContactSession: by_account(ContactSession.account_id),
    PhoneSession: by_customer(PhoneSession.customer_id),
    ContactScene: by_account(ContactScene.account_id),
    QrCode: by_account(QrCode.account_id),
    Product: products_seen,
    ProductOwner: by_product(ProductOwner.product_id),
    ProductTransfer: by_product(ProductTransfer.product_id),
    WarrantyProof: by_product(WarrantyProof.product_id),
    # Work
    WorkOrder: lambda s: within(s, WorkOrder.brand_id, WorkOrder.provider_id, WorkOrder.station_id),
    WorkOrderMove: by_order(WorkOrderMove.work_order_id),
    WarrantyAnswer: by_order(WarrantyAnswer.work_order_id),
    WarrantyFinding: by_order(WarrantyFinding.work_order_id),
    Quote: by_order(Quote.work_order_id),
    Bill: by_order(Bill.work_order_id),
    Visit: by_order(Visit.work_order_id),
    VisitEngineer: by_visit(VisitEngineer.visit_id),
    VisitMove: by_visit(VisitMove.visit_id),
    StoredFile: lambda s: or_(
        StoredFile.work_order_id.in_(orders(s)) if s.provider_id else within(s, StoredFile.brand_id),
        StoredFile.id.in_(engineers(s).with_only_columns(ENGINEERS.c.photo_id)),
    ),
    Upload: by_order(Upload.work_order_id),
    GuidedCase: lambda s: GuidedCase.order_id.in_(orders(s)) if s.provider_id else within(s, GuidedCase.brand_id),
    ServiceSheet: by_order(ServiceSheet.work_order_id),
    SheetOperation: by_visit(SheetOperation.visit_id),
    SheetSignature: by_visit(SheetSignature.visit_id),
    Register: by_visit(Register.visit_id),
    # Dispatch, promises, service levels
    Decision: by_order(Decision.work_order_id),
    Offer: by_order(Offer.work_order_id),
    WaitingOrder: lambda s: all_of(
        within(s, WaitingOrder.brand_id, WaitingOrder.provider_id),
        WaitingOrder.work_order_id.in_(orders(s)) if s.station_id else None,
    ),
    Plan: lambda s: all_of(within(s, provider=Plan.provider_id, station=Plan.station_id), Plan.provider_id.in_(providers(s))),
    PlanRoute: by_engineer(PlanRoute.engineer_id),
    Appointment: by_order(Appointment.work_order_id),
    ChangeRequest: by_order(ChangeRequest.work_order_id),
    Clock: by_order(Clock.work_order_id),
    ClockEvent: lambda s: ClockEvent.clock_id.in_(clocks(s)),
    Policy: lambda s: or_(Policy.brand_id == "", Policy.brand_id.in_(brands(s))),
    # Cover and cards
    CoverPlan: by_brand(CoverPlan.brand_id),
    Cover: lambda s: all_of(
        within(s, Cover.brand_id), Cover.customer_id.in_(customers(s)) if s.provider_id else None
    ),
    Redemption: by_order(Redemption.work_order_id),
    CoverCommission: brands_own(lambda s: within(s, CoverCommission.brand_id)),
    GiftBatch: brands_own(lambda s: within(s, GiftBatch.brand_id)),
    Gift: brands_own(lambda s: Gift.batch_id.in_(select(BATCHES.c.id).where(within(s, BATCHES.c.brand_id)))),
    # Money
    Merchant: brands_own(lambda s: within(s, Merchant.brand_id)),
    Payable: lambda s: all_of(
        within(s, Payable.brand_id), Payable.work_order_id.in_(orders(s)) if s.provider_id else None
    ),
    Payment: lambda s: Payment.payable_id.in_(payables(s)),
    Refund: lambda s: Refund.payable_id.in_(payables(s)),
    RefundLimit: brands_own(lambda s: within(s, RefundLimit.brand_id)),
    CashReceipt: lambda s: CashReceipt.payment_id.in_(payments(s)),
    CashHandIn: lambda s: all_of(within(s, CashHandIn.brand_id), CashHandIn.engineer_id.in_(engineers(s))),
    InvoiceRequest: brands_own(lambda s: within(s, InvoiceRequest.brand_id)),
    ShippingReport: lambda s: ShippingReport.payment_id.in_(payments(s)),
    PaymentNotice: brands_own(lambda s: PaymentNotice.merchant_id.in_(merchants(s))),
    Statement: brands_own(lambda s: Statement.merchant_id.in_(merchants(s))),
    KeptBill: brands_own(lambda s: KeptBill.merchant_id.in_(merchants(s))),
    StatementDifference: brands_own(lambda s: within(s, StatementDifference.brand_id)),
    LedgerEntry: brands_own(lambda s: within(s, LedgerEntry.brand_id)),
    LedgerPosting: brands_own(lambda s: LedgerPosting.entry_id.in_(
        select(ENTRIES.c.id).where(within(s, ENTRIES.c.brand_id))
    )),
    LedgerUncounted: brands_own(lambda s: within(s, LedgerUncounted.brand_id)),
    LedgerSum: brands_own(lambda s: within(s, LedgerSum.brand_id)),
    LedgerParty: brands_own(lambda s: within(s, LedgerParty.brand_id)),
    # The desk, chats, danger
    DeskTask: brands_own(lambda s: within(s, DeskTask.brand_id)),
    DeskNote: by_account(DeskNote.account_id),
    CannedAnswer: brands_own(lambda s: within(s, CannedAnswer.brand_id)),
    DutyHours: brands_own(lambda s: within(s, DutyHours.brand_id)),
    Presence: lambda s: Presence.staff_id.in_(select(STAFF.c.id).where(
        or_(STAFF.c.brand_id.is_(None), within(s, STAFF.c.brand_id)),
        within(s, provider=STAFF.c.provider_id, station=STAFF.c.station_id),
    )),
    Conversation: by_account(Conversation.account_id),
    Received: by_account(Received.account_id),
    OutgoingMessage: messages_seen,
    MessageTemplate: by_account(MessageTemplate.account_id),
    SubscriptionTemplate: by_account(SubscriptionTemplate.account_id),
    SubscriptionCredit: by_account(SubscriptionCredit.account_id),
    SubscriptionMove: by_account(SubscriptionMove.account_id),
    SafetyIncident: lambda s: (
        SafetyIncident.work_order_id.in_(orders(s)) if s.provider_id else within(s, SafetyIncident.brand_id)
    ),
    IncidentPage: brands_own(lambda s: IncidentPage.incident_id.in_(
        select(INCIDENTS.c.id).where(within(s, INCIDENTS.c.brand_id))
    )),
    OnCall: brands_own(lambda s: within(s, OnCall.brand_id)),
    # Feedback: a provider sees what was said of its own orders; calls, complaints and surveys are the brand's
    Rating: by_order(Rating.work_order_id),
    RatingEngineer: by_order(RatingEngineer.work_order_id),
    Callback: brands_own(lambda s: within(s, Callback.brand_id)),
    CallbackRound: brands_own(lambda s: CallbackRound.callback_id.in_(
        select(CALLBACKS.c.id).where(within(s, CALLBACKS.c.brand_id))
    )),
    Complaint: brands_own(lambda s: within(s, Complaint.brand_id)),
    ComplaintStep: brands_own(lambda s: ComplaintStep.complaint_id.in_(
        select(COMPLAINTS.c.id).where(within(s, COMPLAINTS.c.brand_id))
    )),
    Survey: brands_own(lambda s: within(s, Survey.brand_id)),
    # The staff
    Staff: staff_seen,
    TrailEntry: trail_seen,
    SavedSearch: lambda s: within(s, SavedSearch.brand_id, SavedSearch.provider_id, SavedSearch.station_id),
}  # fmt: skip
"""Table → what of it somebody with this scope sees."""

NOBODYS: dict[type[Any], str] = {
    Category: "kinds of appliances, the same for everybody",
    StaffSession: "hashes of secrets, only ever looked up by the secret or by whose they are",
    SignInAddress: "fingerprints of network addresses, read by the sign-in alone",
    PhoneCode: "fingerprints of codes, read only by whoever types one",
    OneTimeCode: "fingerprints of codes and numbers, read only by whoever types the code",
    GiftGuesses: "how many wrong codes somebody gave in the last hour",
    UploadPiece: "sealed pieces of what is on its way, read by whoever puts them together",
    NoticeKey: "keys by which a notice is written once: ids only",
    OutboxRow: "ids only; dead letters are for administrators, who have no scope",
    ReactionRun: "the same",
    PutOff: "ids only: what failed in the background and is tried again",
}
"""Tables that nothing is kept from anybody in, and why."""
