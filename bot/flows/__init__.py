"""Every module here holds one `flow`; being in this folder is all the registration there is."""

import pkgutil
from importlib import import_module

from bot.flow import Flow

FLOWS: dict[str, Flow] = {
    module.name: import_module(f"{__name__}.{module.name}").flow for module in pkgutil.iter_modules(__path__)
}
"""By name, in the order of the file names; `Flow.name` is the file's name."""
