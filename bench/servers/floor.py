"""The floor: decrypt, one INSERT, commit, encrypted reply. No durable answer to a safe-mode push can cost less.

Flask, wechatpy and psycopg without an ORM, one connection a thread, autocommit: the INSERT is its own transaction
and its own round trip. ``BENCH_DATABASE`` is the database, ``BENCH_ACCOUNT`` is ``app id,token,aes key``.
"""

from __future__ import annotations

import os
import threading
import time

import psycopg
import xmltodict
from flask import Flask, Response, request
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply

TABLE = (
    "CREATE TABLE IF NOT EXISTS bench_floor (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text, body text)"
)
APP_ID, TOKEN, AES_KEY = os.environ["BENCH_ACCOUNT"].split(",")

app = Flask(__name__)
mine = threading.local()
with psycopg.connect(os.environ["BENCH_DATABASE"], autocommit=True) as setting_up:
    setting_up.execute("SELECT pg_advisory_lock(1)")
    setting_up.execute(TABLE)


def connection() -> psycopg.Connection[tuple[object, ...]]:
    if not hasattr(mine, "connection"):
        mine.connection = psycopg.connect(os.environ["BENCH_DATABASE"], autocommit=True, prepare_threshold=0)
    kept: psycopg.Connection[tuple[object, ...]] = mine.connection
    return kept


@app.post("/")
def receive() -> Response:
    crypto, given = WeChatCrypto(TOKEN, AES_KEY, APP_ID), request.args
    plain = crypto.decrypt_message(request.get_data(), given["msg_signature"], given["timestamp"], given["nonce"])
    push = xmltodict.parse(plain)["xml"]
    connection().execute("INSERT INTO bench_floor (key, body) VALUES (%s, %s)", (push["MsgId"], push["Content"]))
    words = TextReply(content=f"收到：{push['Content']}", source=push["ToUserName"], target=push["FromUserName"])
    sealed = crypto.encrypt_message(words.render(), given["nonce"], str(int(time.time())))
    return Response(sealed, mimetype="application/xml")
