"""Settings, read from the environment as DAYBOOK_*."""

import contextlib
import json
import os
import secrets
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, IPvAnyNetwork, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.core.crypto import MasterKeys
from api.core.reaching import wrong_reaching

VERSION = "0.1.0"
_KEYS = ("signing_key", "master_key")


def _listed(value: object) -> object:
    return value.replace(",", " ").split() if isinstance(value, str) else value


class UnsafeSettings(Exception):
    """Settings with which a production service must not start."""


class Settings(BaseSettings):
    """Everything an operator can set."""

    model_config = SettingsConfigDict(env_prefix="DAYBOOK_", extra="ignore")

    environment: Literal["development", "production"] = Field(
        default="development", description="production refuses unsafe settings and hides the API reference"
    )
    data_dir: Path = Field(
        default=Path("var"), description="folder of the SQLite files, release files and development keys"
    )
    database_url: str = Field(
        default="",
        description="sqlite:///path or postgresql://user:password@host/name; empty: a file in data_dir",
    )
    storage_url: str = Field(
        default="", description="where release files are kept (fsspec URL); empty: data_dir/releases"
    )
    ledger: str = Field(
        default="",
        description="file that notes withdrawals outside the database; empty: data_dir/withdrawals.ledger",
    )
    pg_bin: str = Field(
        default="",
        description="folder of pg_dump and pg_restore, for backups of PostgreSQL; empty: found on PATH",
    )
    public_url: str = Field(
        default="http://127.0.0.1:8000", description="the address that phones and researchers use"
    )
    signing_key: SecretStr = Field(
        default=SecretStr(""), description="signs sessions; at least 32 characters"
    )
    old_signing_keys: SecretStr = Field(
        default=SecretStr(""),
        description="signing keys whose sessions are still believed, separated by spaces, during a rotation",
    )
    master_key: SecretStr = Field(
        default=SecretStr(""), description="wraps the keys of contact data; at least 32 characters"
    )
    old_master_keys: SecretStr = Field(
        default=SecretStr(""),
        description="master keys that still open what they wrapped, separated by spaces, during a rotation",
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, ge=0, le=65_535, description="port to listen on")
    trusted_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(),
        description="networks of your own proxies, separated by commas; only they are believed about X-Forwarded-For",
    )
    worker: Literal["auto", "inline", "separate"] = Field(
        default="auto", description="where durable jobs run; auto: inline on SQLite, separate on PostgreSQL"
    )
    worker_id: str = Field(
        default="local",
        description="name of this worker; a restarted worker of the same name resumes its jobs",
    )
    threads: int = Field(
        default=16, ge=2, le=200, description="handler threads, and so database connections, of one process"
    )
    concurrency: int = Field(
        default=512, ge=8, le=100_000, description="requests in flight before the service answers 503"
    )
    patience: float = Field(
        default=4.0,
        ge=2,
        le=60,
        description="seconds that a request waits for the database before it is answered 503",
    )
    body_limit: int = Field(
        default=1_048_576, ge=1_024, le=67_108_864, description="largest request body, in bytes"
    )
    body_deadline: float = Field(
        default=15.0, gt=0, le=300, description="seconds in which a request body must arrive"
    )
    entries_per_day: int = Field(
        default=2_000,
        ge=1,
        le=1_000_000_000,
        description="new entries that one leader may store in a day (UTC) through one process; more are answered 429",
    )
    inbox_days: int = Field(
        default=30,
        ge=1,
        le=3_650,
        description="days until what a survey tool posted is erased, once it is processed; its hash stays",
    )
    inbox_waiting: int = Field(
        default=50_000,
        ge=1,
        le=10_000_000,
        description="posts of survey tools that may wait to be processed before more are answered 503",
    )
    poll_minutes: int = Field(
        default=5,
        ge=1,
        le=1_440,
        description="minutes between two questions to a survey tool that does not post (ODK Central)",
    )
    fetch_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(),
        description="hosts of survey tools that answers may be fetched from, such as fra1.qualtrics.com, by commas",
    )
    mail_url: SecretStr = Field(
        default=SecretStr(""),
        description="the mail server: smtp://user:password@host (with STARTTLS), smtps://..., or smtp+plain://host for "
        "a relay on your own machine; empty: nothing is mailed",
    )
    mail_from: str = Field(
        default="",
        max_length=320,
        description='the sender of reminders, such as "Diary <diary@example.org>"; needed with DAYBOOK_MAIL_URL',
    )
    mail_per_minute: int = Field(
        default=600, ge=1, le=100_000, description="mails that one worker gives the mail server in a minute"
    )
    sms_url: SecretStr = Field(
        default=SecretStr(""),
        description="the https:// address of your SMS gateway, to which {to, text, id} is posted; empty: no SMS",
    )
    sms_token: SecretStr = Field(
        default=SecretStr(""), description="what the SMS gateway is shown as a bearer token"
    )
    push_contact: str = Field(
        default="",
        max_length=320,
        description="mailto: or https: address by which push services reach the operator; empty: no push",
    )
    push_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(
            "fcm.googleapis.com",
            "updates.push.services.mozilla.com",
            "*.notify.windows.com",
            "*.push.apple.com",
        ),
        description="hosts of push services that phones may name; *. stands for every host under a domain",
    )
    prompt_horizon_days: int = Field(
        default=3, ge=1, le=60, description="days ahead for which prompts are planned"
    )
    session_minutes: int = Field(default=15, ge=1, le=60, description="life of a participant's access token")
    password_hashes: int = Field(
        default=4,
        ge=1,
        le=64,
        description="passwords hashed at a time (64 MiB each) before the service answers 503",
    )
    oidc_issuer: str = Field(
        default="",
        max_length=500,
        description="the OpenID provider of your organisation, by which staff may sign in; empty: passwords only",
    )
    oidc_client_id: str = Field(
        default="", max_length=255, description="as what Daybook is registered at that provider"
    )
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""), description="the secret that the provider gave to Daybook"
    )
    refresh_grace: int = Field(
        default=600,
        ge=1,
        le=3_600,
        description="seconds in which a phone that lost the answer may ask again; later it counts as a theft",
    )
    client_minimum: int = Field(
        default=1,
        ge=1,
        le=1_000,
        description="oldest generation of the phone client's protocol that is served; an older one asks to be updated",
    )
    offline_client: bool = Field(
        default=True,
        description="whether the phone client works offline; false is the kill switch: phones drop their stored "
        "copy of the client and load it anew each time, and the entries on them stay",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="least severe log line"
    )

    @property
    def database(self) -> str:
        """Return the SQLAlchemy URL with the driver that we test."""
        url = self.database_url or f"sqlite:///{self.data_dir / 'daybook.sqlite3'}"
        for plain in ("postgresql://", "postgres://"):
            if url.startswith(plain):
                return "postgresql+psycopg://" + url.removeprefix(plain)
        return url

    @property
    def is_sqlite(self) -> bool:
        """Say whether the embedded database is used."""
        return self.database.startswith("sqlite")

    @property
    def signing_keys(self) -> tuple[str, ...]:
        """Return the key that signs sessions, then those that are only believed."""
        return (self.signing_key.get_secret_value(), *self.old_signing_keys.get_secret_value().split())

    @property
    def master_keys(self) -> MasterKeys:
        """Return the master key that wraps, and those that only open."""
        return MasterKeys(
            self.master_key.get_secret_value(), tuple(self.old_master_keys.get_secret_value().split())
        )

    @property
    def storage(self) -> str:
        """Return the fsspec URL under which release files are kept."""
        return self.storage_url or str(self.data_dir / "releases")

    @property
    def ledger_path(self) -> Path:
        """Return where withdrawals and deletions are noted outside the database."""
        return Path(self.ledger) if self.ledger else self.data_dir / "withdrawals.ledger"

    @property
    def runs_jobs_inline(self) -> bool:
        """Say whether `serve` runs the durable jobs itself."""
        return self.worker == "inline" or (self.worker == "auto" and self.is_sqlite)


def load_settings() -> Settings:
    """Read the settings, refuse unsafe ones, and give a development service its own keys."""
    settings = Settings()
    if wrong := [*wrong_reaching(settings)]:
        raise UnsafeSettings(" ".join(wrong))
    if settings.environment == "production":
        refuse_unsafe(settings)
        return settings
    short = [name for name in _KEYS if len(getattr(settings, name).get_secret_value()) < 32]
    keys = _development_keys(settings.data_dir) if short else {}
    return settings.model_copy(update={name: SecretStr(keys[name]) for name in short})


def refuse_unsafe(settings: Settings) -> None:
    """Raise with a sentence per setting that a production service must change."""
    wrong = [
        f"Set DAYBOOK_{name.upper()} to a random text of at least 32 characters."
        for name in _KEYS
        if len(getattr(settings, name).get_secret_value()) < 32
    ]
    masters = (settings.master_keys.current, *settings.master_keys.old)
    if set(settings.signing_keys) & set(masters):
        wrong.append("Set DAYBOOK_SIGNING_KEY and DAYBOOK_MASTER_KEY to different texts.")
    if any(len(key) < 32 for key in settings.signing_keys[1:]):
        wrong.append("Set DAYBOOK_OLD_SIGNING_KEYS to keys of at least 32 characters, separated by spaces.")
    if any(len(key) < 32 for key in settings.master_keys.old):
        wrong.append("Set DAYBOOK_OLD_MASTER_KEYS to keys of at least 32 characters, separated by spaces.")
    if not settings.public_url.startswith("https://"):
        wrong.append("Set DAYBOOK_PUBLIC_URL to the https:// address that phones use.")
    if any(network.prefixlen == 0 for network in settings.trusted_proxies):
        wrong.append("Set DAYBOOK_TRUSTED_PROXIES to the networks of your own proxies, not to every address.")
    if wrong:
        raise UnsafeSettings(" ".join(wrong))


@lru_cache
def _development_keys(data_dir: Path) -> dict[str, str]:
    """Keep random keys in a private file, so that a development service survives a restart."""
    path = data_dir / "development-keys.json"
    data_dir.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        handle, draft = tempfile.mkstemp(dir=data_dir)  # readable by its owner only
        with os.fdopen(handle, "w") as file:
            json.dump({name: secrets.token_urlsafe(48) for name in _KEYS}, file)
        with contextlib.suppress(FileExistsError):  # another process was first: its keys count
            os.link(draft, path)
        Path(draft).unlink()
    return dict(json.loads(path.read_text()))
