"""What other subjects may learn about service sheets."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class VisitEnded(Event):
    """The visit came to an end, to another one than before, or to the same with other contents that are signed.

    ``outcome`` is a key of `domain.service_sheets.rules.OUTCOMES`.
    """

    visit_id: str
    work_order_id: str
    outcome: str


@dataclass(frozen=True)
class SheetSigned(Event):
    """The customer signed; ``holds`` is whether it stands under the sheet as it is now."""

    visit_id: str
    work_order_id: str
    signature_id: str
    holds: bool


@dataclass(frozen=True)
class SignatureVoid(Event):
    """The sheet was changed after it was signed: another signature is asked for."""

    visit_id: str
    work_order_id: str


@dataclass(frozen=True)
class QuoteAskedOnSheet(Event):
    """The engineer asks for a price of what stands on the sheet, or the customer answered one on the engineer's phone."""

    visit_id: str
    work_order_id: str


@dataclass(frozen=True)
class MachineCorrected(Event):
    """On the spot it is another product of the customer's, or another model, than the order said."""

    visit_id: str
    work_order_id: str


@dataclass(frozen=True)
class SerialRead(Event):
    """The machine's serial came to the sheet of a visit that had ended before."""

    visit_id: str
    work_order_id: str


@dataclass(frozen=True)
class HelpAsked(Event):
    """The engineer wants a senior (``senior``) or a quality appraisal (``appraisal``); the words are on the desk."""

    visit_id: str
    work_order_id: str
    engineer_id: str
    to: str
    task_id: str


@dataclass(frozen=True)
class AppraisalGiven(Event):
    """The staff said what a quality appraisal came to: ``finding`` is a key of `domain.service_sheets.appraisals.FINDINGS`."""

    visit_id: str
    work_order_id: str
    finding: str


@dataclass(frozen=True)
class WorkKept(Event):
    """An engineer worked on a visit that is somebody else's by now: the dispatcher looks at what was done."""

    visit_id: str
    work_order_id: str
    engineer_id: str
