"""The command ``weixiu``: each command is thin and imports what it runs only when it runs.

A new command is a function here with ``@main.command()``; its body lives in the module it imports.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from adapters.importing import export, import_
from adapters.merchant_commands import merchant, reconcile
from adapters.staff_commands import staff
from adapters.wechat.commands import wechat

if TYPE_CHECKING:
    from adapters.settings import Settings


def read_settings() -> Settings:
    """The settings; a wrong one ends the program with one plain line for each."""
    from adapters import settings

    try:
        return settings.load()
    except settings.BadSettings as wrong:
        for line in wrong.lines:
            click.echo(line, err=True)
        sys.exit(2)


def counting() -> Settings:
    """The settings, for a process that counts things. Before what counts is imported: see `adapters.shared_counters`."""
    from adapters import shared_counters

    settings = read_settings()
    shared_counters.use(settings.data_dir)
    return settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """微修 Weixiu: a home-appliance service desk that lives in WeChat."""


main.add_command(wechat)
main.add_command(import_)
main.add_command(export)
main.add_command(reconcile)
main.add_command(merchant)
main.add_command(staff)


@main.command()
def up() -> None:
    """Run everything on this machine until Ctrl-C."""
    from adapters import up as everything

    sys.exit(everything.run(read_settings()))


@main.command()
def web() -> None:
    """Serve WeChat's pushes, the pages and the APIs."""
    settings = counting()
    from adapters import web as server

    server.serve(settings)


@main.command()
def streams() -> None:
    """Serve live news to the staff's open pages."""
    from adapters import streams as server

    server.serve(read_settings())


@main.command()
@click.option("--queue", type=click.Choice(["quick", "slow"]), default="quick", show_default=True)
def worker(queue: str) -> None:
    """Do what a queue holds: what takes milliseconds, or pictures."""
    settings = counting()
    from adapters import worker as worker_process

    worker_process.run(settings, queue)


@main.command()
def schedule() -> None:
    """Relay the outbox and start what is due."""
    settings = counting()
    from adapters import schedule as scheduler

    scheduler.run(settings)


@main.command()
def sandbox() -> None:
    """Run the pretend WeChat platform with a phone to chat on."""
    from adapters import sandbox_merchant
    from adapters.demo.catalogue import BRAND_NAME

    settings = read_settings()
    callback = f"http://127.0.0.1:{settings.port}/webhooks/official-account"
    environ = {**os.environ, **settings.environ(), "SANDBOX_PORT": str(settings.sandbox_port)}
    environ.setdefault("WEIXIU_SANDBOX_CALLBACK", callback)
    environ.setdefault("WEIXIU_SANDBOX_MP_CALLBACK", f"http://127.0.0.1:{settings.port}/webhooks/mini-program")
    environ.setdefault("WEIXIU_SANDBOX_PAY_DIR", str(sandbox_merchant.folder(settings.data_dir)))
    environ.setdefault("WEIXIU_SANDBOX_NAME", f"{BRAND_NAME}服务")
    environ.setdefault("WEIXIU_SANDBOX_MP_NAME", f"{BRAND_NAME}小程序")
    os.execve(sys.executable, [sys.executable, "-m", "sandbox"], environ)


@main.command()
def migrate() -> None:
    """Bring the database's tables up to date, with the rows nothing works without."""
    from adapters import accounts, embedded, migrations

    settings = read_settings()
    with embedded.available(settings):
        migrations.upgrade(settings)
        accounts.prepare(settings)


@main.command("draft-migration")
@click.argument("message")
def draft_migration(message: str) -> None:
    """Write the migration from the database as it is to the tables as they are declared."""
    from adapters import embedded, migrations

    settings = read_settings()
    with embedded.available(settings):
        migrations.draft(settings, message)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line a table.")
def rekey(as_json: bool) -> None:
    """Seal all personal data with the first of WEIXIU_DATA_KEY, so that the others may go."""
    from adapters import embedded
    from adapters import rekey as resealing

    settings = read_settings()
    with embedded.available(settings):
        sys.exit(resealing.run(settings, as_json=as_json))


@main.command()
@click.argument("code", metavar="CODE|list")
@click.option("--name", help="As customers know it: 云帆.")
@click.option("--hotline", help="The number customers may call.")
@click.option("--hours", "desk_hours", help="When people answer, in words. [8:00–20:00]")
@click.option("--privacy-version", help="Of the notice in force; another one asks everybody again. [this month]")
@click.option("--privacy-url", help="Where the notice is. [our own page, /c/privacy/CODE]")
@click.option("--serve", multiple=True, help="Code of a division it serves from today on: 4406, 31. May be repeated.")
@click.option("--json", "as_json", is_flag=True, help="With list: one JSON line a brand.")
def brand(code: str, serve: tuple[str, ...], as_json: bool, **given: str | None) -> None:
    """Make a brand, or change what is given of it; list shows all."""
    from adapters import accounts, embedded

    settings = read_settings()
    with embedded.available(settings):
        if code == "list":
            sys.exit(accounts.brands(settings, as_json=as_json))
        sys.exit(accounts.put_brand(settings, code, given, serve))


@main.command()
@click.argument("app_id", metavar="APP_ID|list")
@click.option("--brand", default="", help="The brand's code.")
@click.option("--name", default="", help="As customers see it. [the brand's name and 服务]")
@click.option("--mode", type=click.Choice(["safe", "compat", "plain"]), default=None, help="How it pushes. [safe]")
@click.option("--kind", type=click.Choice(["official_account", "mini_program"]), default=None, help="What it is.")
@click.option(
    "--hands-over/--own-desk",
    default=None,
    help="Talks that want a person go to the platform's customer service, or to our desk. [our desk]",
)
@click.option("--json", "as_json", is_flag=True, help="With list: one JSON line an account.")
def account(
    app_id: str, brand: str, name: str, mode: str | None, kind: str | None, hands_over: bool | None, as_json: bool
) -> None:
    """Make an official account or a mini-program, or bring it up to date; list shows all, without keys.

    Its keys are WEIXIU_OA_APP_SECRET, _TOKEN and _AES_KEY where WEIXIU_OA_APP_ID is this account, or MP_… where that is;
    else they are asked for.
    """
    from adapters import accounts, embedded

    settings = read_settings()
    with embedded.available(settings):
        if app_id == "list":
            sys.exit(accounts.accounts(settings, as_json=as_json))
        sys.exit(accounts.put_account(settings, app_id, brand, name, mode or "", kind or "", hands_over))


@main.command()
def demo() -> None:
    """Load the demo catalogue and people, once."""
    from adapters import demo as demonstration
    from adapters import embedded

    settings = read_settings()
    with embedded.available(settings):
        demonstration.load(settings)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line a sentence.")
def invariants(as_json: bool) -> None:
    """Check sentences that must be true of the database; exits 1 naming each row that breaks one."""
    from adapters import embedded
    from adapters import invariants as sentences

    settings = read_settings()
    with embedded.available(settings):
        sys.exit(0 if sentences.check(settings, as_json=as_json) else 1)


@main.command("understand")
@click.option("--models", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A .csv of model codes.")
def understand_(models: Path | None) -> None:
    """Read messages from standard input, a line each (plain, or JSON with text and now), and print what is meant."""
    import json
    from datetime import UTC

    from adapters import understand

    index = understand.catalogue(models) if models else None
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    for answer in understand.answers(sys.stdin, index, datetime.now(UTC)):
        click.echo(json.dumps(answer, ensure_ascii=False))
        sys.stdout.flush()


@main.command()
def docs() -> None:
    """Write the files that come from the code: pages of docs/, the APIs' types."""
    from adapters import docs as pages

    for file in pages.write():
        click.echo(file)


if __name__ == "__main__":
    main()
