"""Kinds of answer: how each is read from what a person sent, found in passing, known already, and said back.

To add one, subclass `Kind` in a file of this folder.
"""

from bot.kinds.address import Place
from bot.kinds.choice import OneOf, Words
from bot.kinds.kind import Kind, NotUnderstood
from bot.kinds.order import OwnOrder, has_open_order
from bot.kinds.pick import YesNo
from bot.kinds.product import Appliance, RegisteredModel, SerialNumber
from bot.kinds.window import MoveReason, VisitWindow, WantedTime
from bot.kinds.words import Fault, Name, Phone, PurchaseDate

__all__ = [
    "Appliance",
    "Fault",
    "Kind",
    "MoveReason",
    "Name",
    "NotUnderstood",
    "OneOf",
    "OwnOrder",
    "Phone",
    "Place",
    "PurchaseDate",
    "RegisteredModel",
    "SerialNumber",
    "VisitWindow",
    "WantedTime",
    "Words",
    "YesNo",
    "has_open_order",
]
