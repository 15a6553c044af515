"""Flask's hello world: what the web server and the framework cost before anything is done."""

from __future__ import annotations

from flask import Flask

app = Flask(__name__)


@app.post("/")
def hello() -> str:
    return "Hello, World!"
