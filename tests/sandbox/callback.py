"""A small account backend for the sandbox's own tests: records every push, answers what a test tells it to."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from flask import Flask, Response, request
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature
from werkzeug.serving import make_server

APP_ID = "wx5eed0000demo0001"
SECRET = "the-secret"
TOKEN = "AAAAA"
AES_KEY = "A" * 43


@dataclass(frozen=True)
class Seen:
    """One push as it came in; `fields` are of the decrypted message."""

    query: dict[str, str]
    raw: str
    fields: dict[str, Any]


Answer = tuple[str, int]


@dataclass
class Callback:
    """Answers with `respond(seen)`: text and HTTP status; an XML text is encrypted when `encrypt` is on."""

    respond: Callable[[Seen], Answer] = lambda seen: ("success", 200)
    encrypt: bool = True
    app_id: str = APP_ID
    seen: list[Seen] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    url: str = ""

    def answer(self) -> Response:
        """One POST."""
        query, raw = request.args.to_dict(), request.get_data(as_text=True)
        crypto = WeChatCrypto(TOKEN, AES_KEY, self.app_id)
        plain = raw
        if query.get("encrypt_type") == "aes":
            sealed = json.loads(raw) if raw.startswith("{") else raw
            plain = crypto.decrypt_message(sealed, query["msg_signature"], query["timestamp"], query["nonce"])
        if isinstance(plain, bytes):
            plain = plain.decode()
        fields = json.loads(plain) if plain.startswith("{") else of_xml(plain)
        seen = Seen(query, raw, fields)
        with self.lock:
            self.seen.append(seen)
        text, status = self.respond(seen)
        if self.encrypt and text.startswith("<xml>") and query.get("encrypt_type") == "aes":
            text = crypto.encrypt_message(text, query["nonce"], query["timestamp"])
        return Response(text, status)


def of_xml(text: str) -> dict[str, Any]:
    return {element.tag: element.text or "" for element in ElementTree.fromstring(text)}


def text_reply(seen: Seen, content: str) -> str:
    """A passive text reply to a push."""
    content = content.replace("]]>", "]]]]><![CDATA[>")
    return (
        f"<xml><ToUserName><![CDATA[{seen.fields['FromUserName']}]]></ToUserName>"
        f"<FromUserName><![CDATA[{seen.fields['ToUserName']}]]></FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{content}]]></Content></xml>"
    )


def echo(seen: Seen) -> Answer:
    """Says the text back."""
    return text_reply(seen, f"你说：{seen.fields.get('Content', seen.fields['MsgType'])}"), 200


@contextlib.contextmanager
def running_callback() -> Iterator[Callback]:
    """The backend on a free port."""
    callback = Callback()
    app = Flask("callback")

    @app.get("/wx")
    def verify() -> str:
        args = request.args
        check_signature(TOKEN, args["signature"], args["timestamp"], args["nonce"])
        return args["echostr"]

    app.add_url_rule("/wx", "answer", callback.answer, methods=["POST"])
    server = make_server("127.0.0.1", 0, app, threaded=True)
    callback.url = f"http://127.0.0.1:{server.server_port}/wx"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield callback
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
