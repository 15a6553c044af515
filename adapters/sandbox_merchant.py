"""The merchant that the sandbox makes up, as settings: what a fresh clone is paid with. Another fact is a row of `FACTS`.

The sandbox makes the keys and writes them into a folder; it is started for that as the program it is, never imported.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FACTS = {
    "pay_mch_id": "mch_id",
    "pay_cert_serial": "cert_serial",
    "pay_api_v3_key": "api_v3_key",
    "pay_public_key_id": "public_key_id",
}
PAPERS = {"pay_private_key_file": "apiclient_key.pem", "pay_public_key_file": "wechatpay_public.pem"}


def folder(data_dir: Path) -> Path:
    """Where the sandbox's merchants are, each a folder named by its number."""
    return data_dir / "sandbox-pay"


def known(data_dir: Path) -> dict[str, str]:
    """The settings of the first merchant there; none before the sandbox has made one."""
    for facts in sorted(folder(data_dir).glob("*/merchant.json")):
        told = json.loads(facts.read_text())
        papers = {name: str(facts.parent / file) for name, file in PAPERS.items()}
        return {name: str(told[fact]) for name, fact in FACTS.items()} | papers
    return {}


def make(data_dir: Path, name: str) -> None:
    """Let the sandbox make one of this name, unless there is one."""
    if not known(data_dir):
        folder(data_dir).mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "sandbox.pay.merchants", str(folder(data_dir)), name]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
