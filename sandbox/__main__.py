"""`python -m sandbox`: an official account and a mini-program from options or environment, served until Ctrl-C.

A new option is a decorator.
"""

import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType

import click

from sandbox.accounts import FORMATS, MINI_PROGRAM, MODES
from sandbox.app import AccountConfig, Platform
from sandbox.pay.merchants import of_folder
from sandbox.platform import SMS_KEY
from sandbox.server import HOST, bind

RESIDENTS = ("王小明", "李娟", "陈建国")
# A made-up account that works out of the box; `weixiu sandbox` passes the product's own values instead.
DEMO_AES_KEY = "weixiu0sandbox0demo0key0not0for0production0"


@click.command()
@click.option("--port", envvar="SANDBOX_PORT", default=8001, show_default=True, show_envvar=True)
@click.option(
    "--callback",
    envvar="WEIXIU_SANDBOX_CALLBACK",
    default="http://127.0.0.1:8000/webhooks/official-account",
    show_default=True,
    show_envvar=True,
    help="Where pushes go.",
)
@click.option("--app-id", envvar="WEIXIU_OA_APP_ID", default="wx5eed0000demo0001", show_envvar=True)
@click.option("--secret", envvar="WEIXIU_OA_APP_SECRET", default="sandbox-demo-secret", show_envvar=True)
@click.option("--token", envvar="WEIXIU_OA_TOKEN", default="sandboxdemotoken", show_envvar=True)
@click.option("--aes-key", envvar="WEIXIU_OA_AES_KEY", default=DEMO_AES_KEY, show_envvar=True, help="43 characters.")
@click.option("--mode", envvar="WEIXIU_SANDBOX_MODE", type=click.Choice(MODES), default="safe", show_envvar=True)
@click.option("--name", envvar="WEIXIU_SANDBOX_NAME", default="微修家电服务", help="The account's name on the phone.")
@click.option(
    "--mp-callback",
    envvar="WEIXIU_SANDBOX_MP_CALLBACK",
    default="http://127.0.0.1:8000/webhooks/mini-program",
    show_default=True,
    show_envvar=True,
    help="Where pushes of the mini-program go.",
)
@click.option("--mp-app-id", envvar="WEIXIU_MP_APP_ID", default="wx5eed0000demo0002", show_envvar=True)
@click.option("--mp-secret", envvar="WEIXIU_MP_APP_SECRET", default="sandbox-demo-secret", show_envvar=True)
@click.option("--mp-token", envvar="WEIXIU_MP_TOKEN", default="sandboxdemotoken", show_envvar=True)
@click.option("--mp-aes-key", envvar="WEIXIU_MP_AES_KEY", default=DEMO_AES_KEY, show_envvar=True, help="43 characters.")
@click.option("--mp-mode", envvar="WEIXIU_SANDBOX_MP_MODE", type=click.Choice(MODES), default="safe", show_envvar=True)
@click.option(
    "--mp-format", envvar="WEIXIU_SANDBOX_MP_FORMAT", type=click.Choice(FORMATS), default="json", show_envvar=True
)
@click.option("--mp-name", envvar="WEIXIU_SANDBOX_MP_NAME", default="微修小程序", help="Its name on the phone.")
@click.option(
    "--pay-dir", envvar="WEIXIU_SANDBOX_PAY_DIR", default="var/sandbox-pay", show_default=True, show_envvar=True,
    type=click.Path(path_type=Path), help="Merchants' keys, a folder each; one is made when there is none.",
)  # fmt: skip
@click.option(
    "--sms-key-id", envvar="WEIXIU_SANDBOX_SMS_KEY_ID", default=SMS_KEY[0], show_default=True, show_envvar=True
)
@click.option(
    "--sms-key-secret", envvar="WEIXIU_SANDBOX_SMS_KEY_SECRET", default=SMS_KEY[1], show_default=True, show_envvar=True
)
@click.option("--quiet", is_flag=True, help="Print no line a call.")
def main(
    port: int, callback: str, app_id: str, secret: str, token: str, aes_key: str, mode: str, name: str, quiet: bool,
    pay_dir: Path, sms_key_id: str, sms_key_secret: str,
    **mp: str,
) -> None:  # fmt: skip
    """A pretend WeChat platform on 127.0.0.1, with a phone to chat on."""
    try:
        config = AccountConfig(app_id, secret, token, aes_key, callback, mode=mode, name=name)
        program = AccountConfig(
            mp["mp_app_id"], mp["mp_secret"], mp["mp_token"], mp["mp_aes_key"], mp["mp_callback"], mode=mp["mp_mode"],
            name=mp["mp_name"], intro="我的产品、工单和在线客服。", kind=MINI_PROGRAM, format=mp["mp_format"],
        )  # fmt: skip
        merchants = of_folder(pay_dir)
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from wrong
    platform = Platform(
        [config, program], merchants=merchants, residents=RESIDENTS, sms_key=(sms_key_id, sms_key_secret)
    )
    server = bind(platform, port)
    signal.signal(signal.SIGTERM, _stop)
    if not quiet:
        threading.Thread(target=_print_calls, args=(platform,), daemon=True).start()
    click.echo(f"sandbox on http://{HOST}:{server.server_port} ({mode} mode), pushing to {callback}")
    click.echo(f"merchants {', '.join(one.mch_id for one in merchants)}: keys in {pay_dir}")
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        click.echo("sandbox stopped")
    finally:
        server.server_close()


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _print_calls(platform: Platform) -> None:
    """One line a call, as they come; no message text, which may be personal."""
    seen = 0
    while True:
        version = platform.changes.version
        for row in platform.log.rows(since=seen):
            seen = row["id"]
            at = time.strftime("%H:%M:%S", time.localtime(row["at"]))
            line = f"{at} {row['direction']:4} {row['what']} {row['status']} {row['ms']:.0f} ms {row['outcome']} {row['why']}"
            click.echo(line, file=sys.stdout)
        platform.changes.wait(version, 5.0)
        time.sleep(0.1)


if __name__ == "__main__":
    main()
