"""What a signed link opens: one thing, for one purpose, while it is whose it was."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace

import pytest

import domain
from domain.catalog.model import Model
from domain.kit.links import BadLink, SignedLink
from domain.kit.unit_of_work import Runtime
from tests.brand import brand_in

SEE = SignedLink("see a model", "/c/models/", Model, lambda _, model: (model.id, model.name), "这个型号")
BUY = replace(SEE, purpose="buy a model", page="/c/sales/")


def kinds_of_links() -> list[SignedLink[object]]:
    """Every one that the program has."""
    found = []
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        found += [one for one in vars(importlib.import_module(module.name)).values() if isinstance(one, SignedLink)]
    return list({id(one): one for one in found}.values())


def test_no_two_kinds_of_links_are_signed_for_the_same_or_lead_to_the_same_page() -> None:
    kinds = kinds_of_links()
    assert len(kinds) >= 8, "quote, bill, pay, rate, survey, certificate, sheet, answer"
    assert len({one.purpose for one in kinds}) == len({one.page for one in kinds}) == len(kinds)


@pytest.fixture
def models(runtime: Runtime) -> list[str]:
    return list(brand_in(runtime).models.values())


def test_a_link_opens_its_thing(runtime: Runtime, models: list[str]) -> None:
    with runtime.transaction() as uow:
        path = SEE.path_to(uow, uow.get(Model, models[0], called="型号"))
        assert path.startswith(f"/c/models/{models[0]}.")
        assert SEE.behind(uow, path.removeprefix(SEE.page)).id == models[0]


def test_a_link_for_one_purpose_opens_nothing_for_another(runtime: Runtime, models: list[str]) -> None:
    with runtime.transaction() as uow:
        token = SEE.token(uow, uow.get(Model, models[0], called="型号"))
        with pytest.raises(BadLink, match="没有找到这个型号"):
            BUY.behind(uow, token)


def test_a_link_of_another_thing_or_made_up_or_of_whose_it_was_opens_nothing(
    runtime: Runtime, models: list[str]
) -> None:
    one, other = models[:2]
    with runtime.transaction() as uow:
        model = uow.get(Model, one, called="型号")
        token = SEE.token(uow, model)
        print_ = token.rpartition(".")[2]
        for made_up in (f"{other}.{print_}", f"{one}.", one, f"{token}0", token[:-1], "", ".", f"{one}.打开"):
            with pytest.raises(BadLink):
                SEE.behind(uow, made_up)
        model.name = "改了名字"
        with pytest.raises(BadLink):
            SEE.behind(uow, token)
