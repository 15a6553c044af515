"""``weixiu import …`` and ``weixiu export …``: files in and out. Thin, as `adapters.cli`, which has these groups.

A further kind of file is a command here; its body lives in the module it imports.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.group("import")
def import_() -> None:
    """Bring files in; every bad row is reported with its line and column."""


def _import_command(name: str, words: str) -> None:
    """Both kinds of catalogue sheet take the same arguments."""

    @import_.command(name, help=words)
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--brand", default="", help="The brand's code, where the sheet has no column for it.")
    @click.option("--all-or-nothing", is_flag=True, help="Load nothing if one row is bad.")
    @click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
    def load(file: Path, brand: str, all_or_nothing: bool, as_json: bool) -> None:
        from adapters import catalogue_files, embedded
        from adapters.cli import read_settings

        settings = read_settings()
        with embedded.available(settings):
            code = catalogue_files.run_import(
                settings, name, file, brand=brand, all_or_nothing=all_or_nothing, as_json=as_json
            )
        sys.exit(code)


_import_command("models", "Load a sheet of models, .xlsx or .csv: 品牌 品类 型号 名称 上市日期 停产日期.")
_import_command("warranty-terms", "Load a sheet of warranty terms, .xlsx or .csv: 品类/型号 部件 月数 依据 起 止.")


@import_.command("network")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_network(file: Path, as_json: bool) -> None:
    """Load providers, stations, engineers, the grid and shifts, all or nothing: an .xlsx as export writes it, or one
    sheet as .csv."""
    from adapters import embedded, network_files
    from adapters.cli import read_settings

    settings = read_settings()
    with embedded.available(settings):
        code = network_files.run_import(settings, file, as_json=as_json)
    sys.exit(code)


@import_.command("prices")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--brand", default="", help="The brand's code. [the only one]")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_prices(file: Path, brand: str, as_json: bool) -> None:
    """Load prices from their day on, all or nothing: an .xlsx as export writes it (价目, 配件价), or one sheet as .csv."""
    from adapters import embedded, price_commands
    from adapters.cli import read_settings

    settings = read_settings()
    with embedded.available(settings):
        code = price_commands.run_import(settings, file, brand=brand, as_json=as_json)
    sys.exit(code)


@click.group()
def export() -> None:
    """Write files out, as import reads them."""


@export.command("models")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--brand", default="", help="Only this brand's models.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def export_models(file: Path, brand: str, as_json: bool) -> None:
    """Write all models to an .xlsx or .csv file."""
    from adapters import catalogue_files, embedded
    from adapters.cli import read_settings

    settings = read_settings()
    with embedded.available(settings):
        code = catalogue_files.run_export(settings, file, brand=brand, as_json=as_json)
    sys.exit(code)


@export.command("network")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sheet", default="", help="Only this sheet, by its title: 工程师. A .csv needs it. [all]")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def export_network(file: Path, sheet: str, as_json: bool) -> None:
    """Write providers, stations, engineers, the grid and shifts. The file has people's names and phones."""
    from adapters import embedded, network_files
    from adapters.cli import read_settings

    settings = read_settings()
    with embedded.available(settings):
        code = network_files.run_export(settings, file, sheet=sheet, as_json=as_json)
    sys.exit(code)


@export.command("prices")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--brand", default="", help="The brand's code. [the only one]")
@click.option("--sheet", default="", help="Only this sheet: 价目 or 配件价. A .csv needs it. [both]")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def export_prices(file: Path, brand: str, sheet: str, as_json: bool) -> None:
    """Write present and coming prices, as import reads them."""
    from adapters import embedded, price_commands
    from adapters.cli import read_settings

    settings = read_settings()
    with embedded.available(settings):
        code = price_commands.run_export(settings, file, brand=brand, sheet=sheet, as_json=as_json)
    sys.exit(code)
