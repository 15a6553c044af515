"""What other subjects may learn about products."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class TransferDecided(Event):
    """Staff decided whose a product is; ``how`` is ``accepted`` or ``refused``."""

    transfer_id: str
    product_id: str
    how: str
