"""Reading beforehand what a process's first turns would read, so that no customer waits for dictionaries to load.

Cold, sixteen people at once wait seconds, and their turns are deferred; another dictionary is another sample.
"""

from __future__ import annotations

from sqlalchemy import select

from bot import engine
from bot.understanding import understand
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Account
from domain.organizations.queries import voice

SAMPLES = (
    "空調不製冷了，佛山市顺德区容桂街道卫红路18号3栋502，电话13800000000 王女士，明天下午",
    "KFR-35GW 显示E1，昨天买的",
    "18号502",
    "确认",
)


def warm(uow: UnitOfWork) -> None:
    """Read every brand's catalogue, the divisions and the lexicon."""
    understand(SAMPLES[0], uow.today)
    for account_id in uow.session.scalars(select(Account.id)):
        catalogue = engine.catalogues.of(uow, voice(uow, account_id=account_id))
        for said in SAMPLES:
            understand(said, uow.today, catalogue.codes)
