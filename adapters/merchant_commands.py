"""``weixiu merchant`` and ``weixiu reconcile``: merchant numbers of WeChat Pay, and comparing a day's bills. Thin, as `adapters.cli`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click


@click.command()
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--merchant", default="", help="One merchant number; left out: all.")
def reconcile(day: datetime, merchant: str) -> None:
    """Compare a day's bills of WeChat Pay with our books; exits 1 when something differs (console: 对账)."""
    from adapters import embedded, merchants
    from adapters.cli import read_settings

    settings = read_settings()
    with embedded.available(settings):
        sys.exit(merchants.reconcile(settings, day.date(), merchant))


@click.command()
@click.argument("number")
@click.option("--brand", required=True, help="Whose money it takes: the brand's code.")
@click.option("--cert-serial", required=True, help="The serial of the merchant's API certificate, 40 hex digits.")
@click.option(
    "--private-key",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="apiclient_key.pem",
)
@click.option(
    "--public-key",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="WeChat Pay's public key.",
)
@click.option("--public-key-id", required=True, help="That key's id: PUB_KEY_ID_…")
@click.option(
    "--other-key",
    "other_keys",
    multiple=True,
    type=(str, click.Path(exists=True, dir_okay=False, path_type=Path)),
    metavar="ID FILE",
    help="Another key of WeChat Pay's that verifies at the same time, while it changes: its id (or a platform "
    "certificate's serial) and file.",
)
@click.option(
    "--certificate",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="apiclient_cert.pem: the console then says when it ends.",
)
def merchant(
    number: str, brand: str, cert_serial: str, private_key: Path, public_key: Path, public_key_id: str,
    other_keys: tuple[tuple[str, Path], ...], certificate: Path | None,
) -> None:  # fmt: skip
    """Add a merchant number of WeChat Pay, or bring its keys up to date; asks for the APIv3 key."""
    from adapters import embedded, merchants
    from adapters.cli import read_settings

    settings = read_settings()
    v3_key = click.prompt("APIv3 key", hide_input=True)
    with embedded.available(settings):
        sys.exit(
            merchants.put_from_files(
                settings,
                number,
                brand,
                cert_serial,
                private_key,
                public_key,
                public_key_id,
                v3_key,
                other_keys,
                certificate,
            )
        )
