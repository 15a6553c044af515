"""Every setting, typed: environment variables with the prefix WEIXIU_, or lines of a file ``.env``.

A new setting is a field of `Settings`; its description says what a right value looks like, because that is what
somebody is told who set it wrong.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, Self

from dotenv import dotenv_values
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from adapters import embedded, ports, sandbox_merchant, secrets
from adapters.setting_kinds import (
    PREFIX,
    AesKey,
    DataKey,
    FileName,
    LongKey,
    SmsTemplates,
    WebAddress,
    port_number,
    secret,
)

THREADS = 72
"""Web threads, each with a connection, that fit under the embedded server's 100 beside workers and people's tools."""


class BadSettings(Exception):
    """One or more settings are wrong; ``lines`` say which and what each should be."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(lines)
        super().__init__("\n".join(self.lines))


class Settings(BaseSettings):
    """What the process was told. Made by `load`, which also fills in what was left out."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    data_dir: Path = Field(Path("var"), description="a folder for the servers' data, files and logs")
    database_url: str = Field(
        "", description="a PostgreSQL address: postgresql://user:password@host:5432/name", repr=False
    )
    redis_url: str = Field(
        "", description="an address redis://…, rediss://… or unix://… of Redis or Valkey", repr=False
    )
    host: str = Field("127.0.0.1", min_length=1, description="the address the web process listens on, like 0.0.0.0")
    port: int = port_number(8000, "PORT")
    sandbox_port: int = port_number(8001, "SANDBOX_PORT")
    streams_port: int = port_number(0, "STREAMS_PORT", least=0)
    streams_url: WebAddress = Field(
        "", description="where the staff's browsers reach live streams: https://service.example.com"
    )
    public_url: WebAddress = Field("", description="where people reach this server: https://service.example.com")
    jweixin_url: WebAddress = Field(
        "", description="where pages load WeChat's JS-SDK script from; WeChat's own address if left out"
    )
    proxies: int = Field(0, ge=0, le=5, description="how many proxies of our own stand in front, 0 to 5")
    web_workers: int = Field(2, ge=1, le=64, description="how many web processes, 1 to 64")
    web_threads: int = Field(8, ge=1, le=64, description="threads of each web process, 1 to 64")
    job_workers: int = Field(2, ge=1, le=16, description="how many worker processes, 1 to 16")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="one of debug, info, warning, error"
    )
    secret_key: LongKey = secret("32 characters or more, known to nobody; it signs sessions and tokens")
    data_key: DataKey = secret("name:key[,name:key…], each key 32 bytes in base64; the first encrypts, all decrypt")
    index_key: LongKey = secret("32 characters or more, never changed; personal data is searched by hashes under it")
    files_url: str = Field("", description="a folder, or s3://bucket/prefix", pattern=r"^(|s3://\S+|file://.+|[^:]+)$")

    oa_app_id: str = Field(
        "", description="the official account's AppID: wx and 16 hex digits", pattern=r"^(|wx[0-9a-f]{16})$"
    )
    oa_app_secret: str = secret("the official account's AppSecret")
    oa_token: str = Field(
        "",
        repr=False,
        description="the token of its server configuration: 3 to 32 letters and digits",
        pattern=r"^(|[0-9A-Za-z]{3,32})$",
    )
    oa_aes_key: AesKey = secret("its EncodingAESKey: 43 letters and digits; leave it out in plain mode")
    mp_app_id: str = Field(
        "", description="the mini-program's AppID: wx and 16 hex digits", pattern=r"^(|wx[0-9a-f]{16})$"
    )
    mp_app_secret: str = secret("the mini-program's AppSecret")
    mp_token: str = Field(
        "", repr=False, description="its message token: 3 to 32 letters and digits", pattern=r"^(|[0-9A-Za-z]{3,32})$"
    )
    mp_aes_key: AesKey = secret("its EncodingAESKey: 43 letters and digits")
    wecom_corp_id: str = Field("", description="WeCom's corp id")
    wecom_secret: str = secret("the WeCom application's secret")
    wecom_token: str = Field(
        "", repr=False, description="its callback token: 3 to 32 letters and digits", pattern=r"^(|[0-9A-Za-z]{3,32})$"
    )
    wecom_aes_key: AesKey = secret("its EncodingAESKey: 43 letters and digits")
    pay_mch_id: str = Field("", description="the merchant number: 8 to 10 digits", pattern=r"^(|\d{8,10})$")
    pay_cert_serial: str = Field(
        "", description="the merchant certificate's serial: 40 hex digits", pattern=r"^(|[0-9A-Fa-f]{40})$"
    )
    pay_private_key_file: FileName = Field(
        "", description="the file with the merchant's private key (apiclient_key.pem)"
    )
    pay_api_v3_key: str = Field("", repr=False, description="the APIv3 key: 32 characters", pattern=r"^(|.{32})$")
    pay_public_key_file: FileName = Field("", description="the file with WeChat Pay's public key")
    pay_public_key_id: str = Field("", description="that key's id: PUB_KEY_ID_…", pattern=r"^(|PUB_KEY_ID_\w+)$")
    pay_other_key_file: FileName = Field(
        "",
        description="the file with another key of WeChat Pay's, or a platform certificate, while it changes (optional)",
    )
    pay_other_key_id: str = Field(
        "", description="that key's id, or the certificate's serial", pattern=r"^(|PUB_KEY_ID_\w+|[0-9A-Fa-f]{40})$"
    )

    wechat_api_url: WebAddress = Field("", description="an http(s) address; left out: the sandbox")
    pay_api_url: WebAddress = Field("", description="an http(s) address; left out: the sandbox")
    wecom_api_url: WebAddress = Field("", description="an http(s) address; left out: the sandbox")
    pager_url: WebAddress = Field(
        "", repr=False, description="the http(s) address of a WeCom group robot that calls people on duty (optional)"
    )
    map_key: str = secret("the key of the map service (optional)")
    sms_key_id: str = Field(
        "", description="the AccessKey id of an Aliyun account that may send text messages (optional)"
    )
    sms_key_secret: str = secret("that AccessKey's secret")
    sms_sign_name: str = Field("", description="the approved signature text messages begin with, without its brackets")
    sms_templates: SmsTemplates = Field(
        "",
        description="purpose:code,… of the approved templates: progress:SMS_1,appointment:SMS_2,engineer:SMS_3,code:SMS_4",
    )
    sms_api_url: WebAddress = Field("", description="an http(s) address; left out: Aliyun's own")

    llm_url: WebAddress = Field(
        "", description="an OpenAI-compatible address like https://llm.example.com/v1; left out: no model is asked"
    )
    llm_key: str = secret("the key of the language model's service")
    llm_model: str = Field("", description="the language model's name there")

    @field_validator("database_url")
    @classmethod
    def _postgres_only(cls, value: str) -> str:
        """SQLAlchemy's name for psycopg 3 is put in, so that the address everybody knows works."""
        if value and not re.match(r"(postgres|postgresql|postgresql\+psycopg)://\S+", value):
            raise ValueError
        return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", value)

    @field_validator("redis_url")
    @classmethod
    def _redis_only(cls, value: str) -> str:
        if value and not re.match(r"(rediss?|unix)://\S+", value):
            raise ValueError
        return value

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def uses_sandbox(self) -> bool:
        """Whether the pretend platform stands in for WeChat here."""
        return self.wechat_api_url == self.sandbox_url

    @property
    def embedded_database(self) -> bool:
        return self.database_url == embedded.Postgres(self.data_dir).url

    @property
    def embedded_redis(self) -> bool:
        return self.redis_url == embedded.Valkey(self.data_dir).url

    def environ(self) -> dict[str, str]:
        """These settings as environment variables, for processes started from here."""
        return {PREFIX + name.upper(): str(value) for name, value in self.model_dump().items() if value != ""}

    def completed(self) -> Self:
        """With everything filled in that follows from something else, or makes itself."""
        data_dir = self.data_dir.expanduser().absolute()
        public_url = self.public_url or f"http://127.0.0.1:{self.port}"
        streams_port = self.streams_port or ports.beside(self.port, self.sandbox_port)
        filled: dict[str, Any] = {
            "data_dir": data_dir,
            "database_url": self.database_url or embedded.Postgres(data_dir).url,
            "redis_url": self.redis_url or embedded.Valkey(data_dir).url,
            "public_url": public_url,
            "streams_port": streams_port,
            "streams_url": self.streams_url or ports.streams_url(public_url, streams_port),
            "files_url": self.files_url or str(data_dir / "files"),
            "wechat_api_url": self.wechat_api_url or self.sandbox_url,
            "sms_api_url": self.sms_api_url or "https://dysmsapi.aliyuncs.com",
            "pay_api_url": self.pay_api_url or self.sandbox_url,
            "wecom_api_url": self.wecom_api_url or self.sandbox_url,
        }
        if filled["pay_api_url"] == self.sandbox_url and not self.pay_mch_id:
            filled |= sandbox_merchant.known(data_dir)
        # Accounts are only made up for the sandbox: the real platform has none of these names.
        own = filled["wechat_api_url"] == self.sandbox_url
        real = tuple(kind for kind in ("oa_", "mp_") if not own or getattr(self, f"{kind}app_id"))
        wanted = [name for name in secrets.MAKERS if not getattr(self, name) and not name.startswith(real)]
        return self.model_copy(update=filled | secrets.load(data_dir, wanted))


NEEDS = {
    "oa_app_id": ("oa_app_secret", "oa_token"),
    "mp_app_id": ("mp_app_secret", "mp_token"),
    "llm_url": ("llm_model",),
    "sms_key_id": ("sms_key_secret", "sms_sign_name", "sms_templates"),
    "wecom_corp_id": ("wecom_secret", "wecom_token", "wecom_aes_key"),
    "pay_mch_id": (
        "pay_cert_serial",
        "pay_private_key_file",
        "pay_api_v3_key",
        "pay_public_key_file",
        "pay_public_key_id",
    ),
    "pay_other_key_id": ("pay_other_key_file",),
}
"""Settings that make no sense alone: the first names an account, the others are its keys."""


def load(env_file: str | Path | None = ".env", **given: Any) -> Settings:
    """Read the settings; ``given`` ones win over the environment.

    :raises BadSettings: naming every variable that is wrong, and what it should be
    """
    try:
        told = Settings(_env_file=env_file, **given)  # type: ignore[call-arg]  # pydantic-settings' own
    except ValidationError as wrong:
        raise BadSettings(_lines(wrong)) from None
    lines = [
        f"{PREFIX}{need.upper()} is missing: it should be {_meaning(need)}, because {PREFIX}{name.upper()} is set"
        for name, needs in NEEDS.items()
        for need in needs
        if getattr(told, name) and not getattr(told, need)
    ]
    if not told.database_url and told.web_workers * told.web_threads > THREADS:
        lines.append(
            f"{PREFIX}WEB_WORKERS × {PREFIX}WEB_THREADS should be at most {THREADS} with the embedded database"
        )
    lines += _unknown({**(dotenv_values(env_file) if env_file else {}), **os.environ})
    if lines:
        raise BadSettings(lines)
    try:
        return told.completed()
    except OSError as trouble:
        raise BadSettings([f"{PREFIX}DATA_DIR should be {_meaning('data_dir')}: {trouble}"]) from trouble


def _meaning(name: str) -> str:
    return Settings.model_fields[name].description or ""


def _lines(wrong: ValidationError) -> Iterable[str]:
    """One line a variable. The value is not repeated: it may be a password."""
    for error in wrong.errors():
        name = str(error["loc"][0]).removeprefix(PREFIX).lower()
        yield f"{PREFIX}{name.upper()} is wrong: it should be {_meaning(name)}"


def _unknown(environ: Mapping[str, str | None]) -> Iterable[str]:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in sorted(environ):
        # The sandbox has options of its own (python -m sandbox --help).
        if name.startswith(PREFIX) and not name.startswith(f"{PREFIX}SANDBOX_") and name not in known:
            near = difflib.get_close_matches(name, known, 1)
            yield f"{name} is no setting" + (f": did you mean {near[0]}?" if near else "")
