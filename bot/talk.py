"""All that a turn of talk may look at: who speaks, to which brand, what is known, where we are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from bot.conversation import State
from bot.understanding import Understood, understand
from bot.understanding.products import CodeIndex
from bot.understanding.second_opinion import SecondOpinion, with_second_opinion
from domain.appointments.offering import windows_for
from domain.appointments.windows import Window, Wish
from domain.catalog import queries as catalog
from domain.catalog.codes import code_key
from domain.customers import queries as customers
from domain.customers.model import Contact, Customer
from domain.customers.operations import by_contact, customer_of
from domain.kit.actors import Actor
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.queries import Voice
from domain.products import queries as products
from domain.work_orders.model import WorkOrder

OPINION_SECONDS = 0.8
"""What a turn can spare for a second opinion out of its 1.8."""


@dataclass(frozen=True)
class Catalogue:
    """A brand's models in memory: the index of their codes, and each with its name."""

    version: int
    codes: CodeIndex[str]
    models: dict[str, catalog.ModelLine]

    def shown(self, model_id: str) -> str:
        model = self.models[model_id]
        return f"{model.name}（{model.code}）"

    def beginning_with(self, code: str) -> int:
        """How many models begin like this: for whoever left out the end of the code."""
        key = code_key(code)
        return sum(code_key(model.code).startswith(key) for model in self.models.values()) if len(key) > 2 else 0


class Catalogues:
    """The catalogues of all brands, read again when a brand's `catalogue_version` has moved on."""

    def __init__(self) -> None:
        self.kept: dict[str, Catalogue] = {}

    def of(self, uow: UnitOfWork, voice: Voice) -> Catalogue:
        kept = self.kept.get(voice.brand_id)
        if kept is None or kept.version != voice.catalogue_version:
            lines = catalog.models_of(uow, voice.brand_id)
            index = CodeIndex((line.id, line.code) for line in lines)
            kept = Catalogue(voice.catalogue_version, index, {line.id: line for line in lines})
            self.kept[voice.brand_id] = kept
        return kept


@dataclass
class Talk:
    """One turn. What costs a query is looked up when first wanted."""

    uow: UnitOfWork
    voice: Voice
    contact: Contact
    state: State
    read_catalogue: Callable[[UnitOfWork, Voice], Catalogue]
    opinion: SecondOpinion | None = None
    """Whoever may be asked what words mean that the rules are unsure of."""
    said: str = ""
    """The words of this turn, or those that led to the choice just made."""
    understood: Understood[str] | None = None
    """What was understood in them."""
    windows: dict[tuple[str, Wish | None], list[Window]] = field(default_factory=dict)
    """What could be promised for an order, by the wish, as far as it was looked up in this turn."""
    doubts: list[str] = field(default_factory=list)
    """Why something said in passing cannot be used, told before the next question."""

    @cached_property
    def catalogue(self) -> Catalogue:
        return self.read_catalogue(self.uow, self.voice)

    @cached_property
    def known(self) -> customers.Known:
        return customers.known(self.uow, self.contact.customer_id)

    @cached_property
    def products(self) -> list[products.Owned]:
        return list(products.products_of(self.uow, self.contact.customer_id))

    @property
    def by(self) -> Actor:
        return by_contact(self.contact)

    def category(self) -> str | None:
        """The kind of appliance this is about: named in these words, else the one the flow is about."""
        if self.understood and self.understood.category:
            return self.understood.category.value.label
        product = self.state.answers.get("product") or self.state.answers.get("model")
        return str(product.value["category"]) if product else None

    def windows_for(self, order: WorkOrder, near: Wish | None, most: int) -> list[Window]:
        """Windows that can be promised, looked up once a turn: it is what a turn about appointments costs most."""
        if (order.id, near) not in self.windows:
            self.windows[order.id, near] = windows_for(self.uow, order, most=most, near=near)
        return self.windows[order.id, near]

    def read(self, text: str) -> Understood[str]:
        """Understand words said today to this brand, and keep them as what this turn is about."""
        self.said = text
        understood = understand(text, self.uow.today, self.catalogue.codes)
        if self.state.flow is None:
            understood = with_second_opinion(understood, self.opinion, OPINION_SECONDS)
        self.understood = understood
        return understood

    def customer(self) -> Customer:
        """The archive of whoever speaks, made now if there is none."""
        return customer_of(self.uow, self.contact, self.voice.brand_id)
