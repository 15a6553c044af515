"""Every module here holds one `flow`; being in this folder is all the registration there is."""

import pkgutil
from importlib import import_module

from bot.flow import Flow

FOUND: list[Flow] = [import_module(f"{__name__}.{module.name}").flow for module in pkgutil.iter_modules(__path__)]
FLOWS: dict[str, Flow] = {flow.name: flow for flow in sorted(FOUND, key=lambda flow: (flow.rank, flow.name))}
"""By name, which is the file's name, in the order they are offered in."""
