"""Calls the sandbox's API as an account's backend would."""

import json
from typing import Any

import requests

from sandbox.media import grey_picture
from sandbox.server import Running
from tests.sandbox.callback import APP_ID, SECRET


class ApiClient:
    """One account with its token; bodies go out without \\u escapes, as the platform wants them."""

    def __init__(self, server: Running) -> None:
        self.server = server
        self.token = ""

    def stable_token(self, *, force: bool = False, secret: str = SECRET) -> dict[str, Any]:
        body = {
            "grant_type": "client_credential",
            "appid": APP_ID,
            "secret": secret,
            "force_refresh": force,
        }
        answer: dict[str, Any] = requests.post(f"{self.server.url}/cgi-bin/stable_token", json=body, timeout=5).json()
        self.token = answer.get("access_token", self.token)
        return answer

    def post(self, path: str, body: dict[str, Any] | bytes) -> dict[str, Any]:
        return self.raw_post(path, body).json()  # type: ignore[no-any-return]

    def raw_post(self, path: str, body: dict[str, Any] | bytes) -> requests.Response:
        if not self.token:
            self.stable_token()
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        return requests.post(f"{self.server.url}{path}", params={"access_token": self.token}, data=data, timeout=5)

    def get(self, path: str, **args: str) -> requests.Response:
        if not self.token:
            self.stable_token()
        return requests.get(f"{self.server.url}{path}", params={"access_token": self.token, **args}, timeout=5)

    def say(self, openid: str, content: str = "您好") -> int:
        """A customer-service text; returns the errcode."""
        body = {"touser": openid, "msgtype": "text", "text": {"content": content}}
        return int(self.post("/cgi-bin/message/custom/send", body)["errcode"])

    def upload(self, kind: str = "image", data: bytes = b"", mimetype: str = "image/png") -> dict[str, Any]:
        """A file; the default is a picture."""
        self.stable_token()
        answer = requests.post(
            f"{self.server.url}/cgi-bin/media/upload",
            params={"access_token": self.token, "type": kind},
            files={"media": ("plate.png", data or grey_picture(), mimetype)},
            timeout=5,
        )
        return answer.json()  # type: ignore[no-any-return]
