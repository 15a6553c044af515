"""An engineer's phones on the console: seen, and ended when one is lost."""

from __future__ import annotations

from collections.abc import Callable

from domain.access.model import TrailEntry
from domain.access.roles import StaffRole
from domain.engineers import devices
from domain.engineers.model import Engineer
from domain.kit.unit_of_work import Runtime
from tests.console.conftest import Browser
from tests.console.test_network import app, network, signed_in
from tests.network import Network

__all__ = ["app", "network", "signed_in"]  # fixtures


def test_a_lost_phone_is_ended_with_a_reason_and_opens_nothing_any_more(
    signed_in: Callable[..., Browser], network: Network, runtime: Runtime
) -> None:
    with runtime.transaction() as uow:
        engineer = uow.get(Engineer, network.an, called="")
        device, secret = devices.open_session(uow, engineer, name="微信 8 · 小米", how="wechat")
    browser = signed_in(StaffRole.MANAGER)
    path = f"/console/engineers/{network.an}/devices"
    assert path in browser.get(f"/console/engineers/{network.an}").get_data(as_text=True)
    assert "微信 8 · 小米" in browser.get(path).get_data(as_text=True)
    assert browser.post(f"{path}/{device.id}/end", {"why": "手机丢了"}).status_code == 303
    assert "微信 8 · 小米" not in browser.get(path).get_data(as_text=True)
    with runtime.transaction() as uow:
        assert devices.who_is(uow, secret) is None
        assert uow.session.query(TrailEntry).filter_by(action="engineer.revoke_device").one().why == "手机丢了"


def test_a_phone_is_ended_with_its_own_engineer_only(
    signed_in: Callable[..., Browser], network: Network, runtime: Runtime
) -> None:
    with runtime.transaction() as uow:
        device, secret = devices.open_session(uow, uow.get(Engineer, network.bo, called=""), name="x", how="code")
    signed_in(StaffRole.MANAGER).post(f"/console/engineers/{network.an}/devices/{device.id}/end", {"why": "x"})
    with runtime.transaction() as uow:
        assert devices.who_is(uow, secret) is not None
