"""What to do at once when something is dangerous: said before anything else is asked."""

from __future__ import annotations

from bot.understanding import Understood

FIRST = {
    "gas_smell": "⚠️ 请先做这几件事：关闭燃气总阀，开窗通风；不要开关任何电器、不要点火，人到室外后再打电话。燃气抢修请拨当地燃气公司电话，有人不适请拨 120。",
    "smoke_or_burning": "⚠️ 请先断电：拔掉插头或拉下电闸，人离远一点；有明火请拨 119。安全之前不要再通电试机。",
    "electric_leakage": "⚠️ 请先断电：不要再碰机身，戴干燥手套拔插头或拉下电闸。有人触电请先断电再施救并拨 120。",
}  # fmt: skip


def first_words(understood: Understood[str]) -> str:
    """The words for the gravest danger told of, or ""."""
    told = {found.value.label for found in understood.symptoms}
    return next((words for label, words in FIRST.items() if label in told), "")
