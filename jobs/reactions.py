"""★ What happens because something happened: the one page that shows every consequence.

Every event of the program has its line, also when nothing follows. A reaction is a function ``(uow, event)``; it runs
in a transaction of its own, together with the record that it is done, so what it writes happens once. One that has to
call outside is wrapped in `Outside` and gets ``(jobs, event)`` and no transaction: it must bear being run twice.
A reaction's name is stored: renaming one is like removing it and adding another.
"""

from __future__ import annotations

from datetime import date

from bot import engine
from domain.appointments import following
from domain.appointments.events import AppointmentBooked, AppointmentEnded, ChangeAnswered, ChangeAsked, ReminderDue
from domain.capacity.events import LeaveTaken, RoomMade
from domain.cover.events import CardUsed, CoverEnding, CoverMoved, CoverOrdered, CoverTransferred
from domain.customers.events import ContactMet, PhoneCodeAsked
from domain.desk import operations as desk
from domain.desk.events import AgentTyping
from domain.dispatch.events import NobodyFits, OfferEnded, PlanMade, PlanWanted, VisitOffered, VisitReassigned
from domain.engineers.events import CodeAsked, EngineerChanged, EngineerUnfit
from domain.engineers.operations import unfit_with_provider
from domain.feedback.events import (
    CallbackEnded,
    ComplaintEscalated,
    ComplaintMoved,
    RatingGiven,
    RectificationOpened,
    SurveyAsked,
)
from domain.files.events import PictureHeard, PictureKept, PicturesForgotten, UploadComplete
from domain.incidents.events import IncidentPaged
from domain.kit.actors import system
from domain.kit.inbox import MessageDeferred, Received, TurnFailed
from domain.kit.unit_of_work import UnitOfWork
from domain.knowledge.events import GuideSolved, GuideUnsolved, GuideWatching
from domain.notices import (
    telling,
    telling_colleagues,
    telling_covers,
    telling_feedback,
    telling_money,
    telling_ratings,
    telling_sheets,
    telling_times,
)
from domain.notices.events import MessageQueued, NoticeUndelivered, ReplyQueued, TemplateFailed
from domain.organizations.events import CoverageChanged, ProviderUnfit
from domain.organizations.queries import voice
from domain.payments.delivered import note_delivered
from domain.payments.events import (
    DifferenceFound,
    InvoiceAsked,
    LookDue,
    OverpaidMoney,
    PayableOpened,
    PayablePaid,
    PayableVoided,
    PaymentUnsure,
    RefundApproved,
    RefundAsked,
    RefundFailed,
    RefundSucceeded,
)
from domain.pricing.events import (
    BillCancelled,
    BillIssued,
    BillOff,
    BillPaid,
    BillReminderDue,
    QuoteAsked,
    QuoteClosed,
    QuoteConfirmed,
    QuoteNotTaken,
    QuoteRejected,
    QuoteReminderDue,
)
from domain.privacy.events import ChatForgotten
from domain.products.events import TransferDecided
from domain.service_levels.events import ClockBreached, ClockEscalated, ClockWarned
from domain.service_sheets.events import (
    AppraisalGiven,
    HelpAsked,
    MachineCorrected,
    QuoteAskedOnSheet,
    SerialRead,
    SheetSigned,
    SignatureVoid,
    VisitEnded,
    WorkKept,
)
from domain.work_orders.events import VisitMoved, WorkOrderChanged, WorkOrderMoved, WorkOrderOpened, WorkOrderUrged
from jobs import clocks, covers, dispatching, feedback, planning, prices, sheets, warranties
from jobs.context import Jobs
from jobs.deliver import deliver, template_failed
from jobs.forgetting import empty_places, forget_talk
from jobs.paging import call_somebody
from jobs.payments import look, look_at_invoice
from jobs.pictures import attach_pictures, fetch_picture, read_nameplate
from jobs.placing import find_place
from jobs.reaction import Outside, Reactions
from jobs.recognising import learn_unionid
from jobs.sign_in_codes import send_code, send_phone_code
from jobs.uploads import draw_upload
from jobs.writing import show_typing


def hold_deferred_turn(uow: UnitOfWork, event: MessageDeferred) -> None:
    """Hold the turns of all messages of this person that still wait for one."""
    received = uow.session.get(Received, (event.account_id, event.key, date.fromisoformat(event.sent_on)))
    if received is not None:
        engine.hold_deferred(uow, received.account_id, received.sender)


def show_failed_turn(uow: UnitOfWork, event: TurnFailed) -> None:
    """The customer got an apology: a person should read what was said, and answer."""
    received = uow.session.get(Received, (event.account_id, event.key, date.fromisoformat(event.sent_on)))
    if received is not None:
        said = str((received.content.get("said") or {}).get("text") or "（不是文字）")
        brand_id = voice(uow, account_id=event.account_id).brand_id
        desk.ask_for_person(
            uow, by=system("reactions"), brand_id=brand_id, account_id=event.account_id, openid=received.sender,
            words=f"这条消息机器人没能处理，请查看并回复：{said}",
        )  # fmt: skip


def deliver_messages(jobs: Jobs, event: MessageQueued) -> None:
    """Send what waits for this person and may go out now."""
    deliver(jobs, event.account_id, event.recipient)


def deliver_reply(jobs: Jobs, event: ReplyQueued) -> None:
    """The same, before anybody's notices."""
    deliver(jobs, event.account_id, event.recipient)


REACTIONS: Reactions = {
    CardUsed: [telling_covers.tell_of_card, prices.let_quotes_fall],
    CodeAsked: [Outside(send_code)],
    CoverEnding: [telling_covers.remind],
    CoverMoved: [telling_covers.tell_of_move],
    CoverOrdered: [telling_covers.ask_to_pay],
    CoverTransferred: [telling_covers.tell_of_transfer],
    AgentTyping: [Outside(show_typing)],
    AppointmentBooked: [
        following.withdraw_asked,
        clocks.appointment_booked,
        telling_times.tell_of_booking,
        dispatching.dispatch_booked,
    ],
    AppointmentEnded: [following.withdraw_ended, clocks.appointment_ended, dispatching.dispatch_after_appointment],
    ChangeAnswered: [clocks.change_answered, telling_times.tell_of_answer, telling_colleagues.tell_engineer_of_answer],
    ChangeAsked: [clocks.change_asked, telling_times.ask_about_change],
    CallbackEnded: [feedback.end_callback_clock],
    ChatForgotten: [forget_talk],
    PicturesForgotten: [Outside(empty_places)],
    ClockBreached: [],
    ClockEscalated: [telling_colleagues.tell_of_escalation],
    ClockWarned: [],
    ComplaintEscalated: [telling_feedback.tell_of_escalation],
    ComplaintMoved: [telling_feedback.tell_of_complaint],
    ContactMet: [Outside(learn_unionid)],
    CoverageChanged: [dispatching.wake_for_coverage],
    DifferenceFound: [],
    EngineerChanged: [dispatching.wake_for_change],
    EngineerUnfit: [Outside(dispatching.replace_unfit)],
    GuideSolved: [],
    GuideUnsolved: [],
    GuideWatching: [],
    IncidentPaged: [Outside(call_somebody)],
    InvoiceAsked: [],
    LeaveTaken: [Outside(dispatching.replace_on_leave)],
    LookDue: [Outside(look, slow=True)],
    MessageDeferred: [hold_deferred_turn],
    MessageQueued: [Outside(deliver_messages)],
    NobodyFits: [clocks.nobody_fits, planning.look_for_room, telling_colleagues.tell_of_nobody],
    NoticeUndelivered: [telling_colleagues.call_who_was_not_told],
    OfferEnded: [dispatching.dispatch_after_offer],
    OverpaidMoney: [],
    PayableOpened: [],
    PayablePaid: [note_delivered, covers.activate_paid, prices.note_bill_paid, telling_money.tell_of_payment],
    PayableVoided: [],
    PaymentUnsure: [],
    PhoneCodeAsked: [Outside(send_phone_code)],
    PictureHeard: [Outside(fetch_picture, slow=True)],
    PictureKept: [Outside(read_nameplate, slow=True)],
    ProviderUnfit: [unfit_with_provider],
    RatingGiven: [feedback.follow_rating, feedback.renew_figures, telling_ratings.do_not_ask],
    RectificationOpened: [telling_feedback.tell_of_rectification],
    ReminderDue: [telling_times.remind],
    PlanMade: [planning.accept_plan],
    PlanWanted: [Outside(planning.make_plan, slow=True)],
    RefundApproved: [telling_money.tell_of_refund],
    RefundAsked: [telling_money.tell_of_asked_refund],
    RefundFailed: [covers.cover_not_refunded, telling_money.tell_of_refund],
    RefundSucceeded: [covers.cover_refunded, telling_money.tell_of_refund, look_at_invoice],
    ReplyQueued: [Outside(deliver_reply, reply=True)],
    RoomMade: [dispatching.wake_for_room],
    SurveyAsked: [telling_feedback.ask_survey],
    TemplateFailed: [template_failed],
    TransferDecided: [
        telling.tell_of_transfer,
        covers.covers_go_with_product,
        warranties.archive_transferred_machine,
    ],
    TurnFailed: [show_failed_turn],
    UploadComplete: [Outside(draw_upload, slow=True)],
    VisitMoved: [
        following.note_arrival,
        telling.tell_of_visit_move,
        clocks.visit_moved,
        dispatching.dispatch_after_visit,
        warranties.answer_on_site,
    ],
    VisitOffered: [telling_colleagues.offer_to_engineer],
    VisitReassigned: [telling_colleagues.tell_of_reassignment],
    VisitEnded: [
        prices.bill_ended_visit,
        sheets.true_up_day,
        telling_sheets.tell_of_end,
        sheets.tell_clocks_of_end,
        warranties.archive_seen_machine,
    ],
    QuoteAskedOnSheet: [prices.take_in_from_phone],
    QuoteAsked: [prices.stop_clocks, telling_money.ask_about_quote],
    QuoteConfirmed: [prices.let_clocks_go_on, telling_money.tell_of_answer],
    QuoteRejected: [prices.let_clocks_go_on, telling_money.tell_of_no],
    QuoteClosed: [
        prices.let_clocks_go_on,
        telling_money.tell_of_expiry,
        telling_money.tell_of_fall,
        prices.put_silence_on_desk,
    ],
    QuoteReminderDue: [telling_money.remind_of_quote],
    QuoteNotTaken: [prices.put_on_desk],
    BillIssued: [telling_money.tell_of_bill, telling_ratings.rate_after_money],
    BillCancelled: [telling_money.tell_of_cancelled_bill, telling_ratings.rate_after_money],
    BillPaid: [telling_ratings.rate_after_money],
    BillReminderDue: [telling_money.remind_of_bill],
    BillOff: [prices.put_on_desk],
    SheetSigned: [],
    SignatureVoid: [telling_sheets.tell_of_void],
    HelpAsked: [telling_sheets.tell_of_help],
    MachineCorrected: [warranties.answer_corrected, warranties.archive_seen_machine],
    SerialRead: [warranties.archive_seen_machine],
    AppraisalGiven: [telling_sheets.tell_of_appraisal, warranties.answer_appraised],
    WorkKept: [telling_sheets.tell_of_kept_work],
    WorkOrderChanged: [
        Outside(find_place, slow=True),
        telling.tell_of_change,
        dispatching.dispatch_changed,
        sheets.tell_clocks_to_go_on,
    ],
    WorkOrderUrged: [clocks.urged, dispatching.dispatch_urged],
    WorkOrderMoved: [
        following.end_with_order,
        telling.tell_of_order_move,
        clocks.order_moved,
        feedback.order_ended,
        telling_ratings.ask_for_rating,
        telling_ratings.do_not_ask,
        dispatching.dispatch_moved,
        covers.card_follows_order,
        prices.end_quotes,
        prices.end_bills,
    ],
    WorkOrderOpened: [
        dispatching.dispatch_opened,
        attach_pictures,
        Outside(find_place, slow=True),
        telling.tell_of_opening,
        clocks.start_clocks,
        covers.use_card_for_opened,
        warranties.answer_opened,
    ],
}
