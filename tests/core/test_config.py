"""Settings: a production service refuses to start unsafe, a development one keeps its own keys."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from api.core.config import Settings, UnsafeSettings, load_settings, refuse_unsafe
from tests.databases import ROOT

SAFE: dict[str, object] = {
    "environment": "production",
    "signing_key": SecretStr("s" * 32),
    "master_key": SecretStr("m" * 32),
    "public_url": "https://daybook.example.org",
}


def settings(**changes: object) -> Settings:
    return Settings.model_validate(SAFE | changes)


def test_safe_settings_are_let_through() -> None:
    refuse_unsafe(settings())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"signing_key": ""}, "Set DAYBOOK_SIGNING_KEY to a random text of at least 32 characters."),
        ({"signing_key": "s" * 31}, "Set DAYBOOK_SIGNING_KEY to a random text of at least 32 characters."),
        ({"master_key": "m" * 31}, "Set DAYBOOK_MASTER_KEY to a random text of at least 32 characters."),
        ({"master_key": "s" * 32}, "Set DAYBOOK_SIGNING_KEY and DAYBOOK_MASTER_KEY to different texts."),
        ({"old_master_keys": f"{'o' * 32} {'p' * 31}"}, "Set DAYBOOK_OLD_MASTER_KEYS to keys of at least 32"),
        ({"master_key": "o" * 32, "old_signing_keys": "o" * 32}, "to different texts."),
        ({"old_master_keys": "s" * 32}, "to different texts."),
        (
            {"old_signing_keys": f"{'o' * 32} {'q' * 31}"},
            "Set DAYBOOK_OLD_SIGNING_KEYS to keys of at least 32",
        ),
        ({"trusted_proxies": "10.0.0.0/8 ::/0"}, "Set DAYBOOK_TRUSTED_PROXIES to the networks of your own"),
        ({"public_url": "http://daybook.example.org"}, "Set DAYBOOK_PUBLIC_URL to the https:// address"),
    ],
)
def test_each_unsafe_setting_is_refused_with_what_to_set(changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(UnsafeSettings, match=r"^Set [^s]") as refused:
        refuse_unsafe(settings(**changes))
    assert sentence in str(refused.value)
    assert str(refused.value).count("Set ") == 1
    assert "ssss" not in str(refused.value)


def test_old_master_keys_are_separated_by_spaces_and_shown_nowhere() -> None:
    found = settings(old_master_keys=f" {'o' * 32}  {'p' * 32} ")
    refuse_unsafe(found)
    assert found.master_keys.old == ("o" * 32, "p" * 32)
    assert settings().master_keys.old == ()
    assert "oooo" not in repr(found) + repr(found.master_keys)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(UnsafeSettings) as refused:
        refuse_unsafe(settings(signing_key="", master_key="", public_url="http://x"))
    assert [name in str(refused.value) for name in ("SIGNING_KEY", "MASTER_KEY", "PUBLIC_URL")] == [True] * 3


def test_production_is_refused_when_it_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYBOOK_ENVIRONMENT", "production")
    monkeypatch.delenv("DAYBOOK_SIGNING_KEY", raising=False)
    with pytest.raises(UnsafeSettings):
        load_settings()


def test_the_command_ends_with_the_sentence_and_no_trace(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "scripts.cli.main", "migrate"],
        cwd=ROOT,
        env={"DAYBOOK_ENVIRONMENT": "production", "DAYBOOK_DATA_DIR": str(tmp_path), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "Set DAYBOOK_SIGNING_KEY" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert list(tmp_path.iterdir()) == []


KEYS_OF_A_PROCESS = (
    "from api.core.config import load_settings as s; f = s(); "
    "print(f.signing_key.get_secret_value(), f.master_key.get_secret_value())"
)


def keys_of_a_new_process(folder: Path, **environment: str) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", KEYS_OF_A_PROCESS],
        cwd=ROOT,
        env={"DAYBOOK_DATA_DIR": str(folder)} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.split()


def test_development_makes_its_keys_once_and_keeps_them(tmp_path: Path) -> None:
    first = keys_of_a_new_process(tmp_path / "new")
    assert first == keys_of_a_new_process(tmp_path / "new")
    assert len(set(first)) == 2
    assert min(map(len, first)) >= 32
    assert first != keys_of_a_new_process(tmp_path / "other")
    file = tmp_path / "new" / "development-keys.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_key_that_was_set_is_used_even_if_the_other_was_not(tmp_path: Path) -> None:
    signing, master = keys_of_a_new_process(tmp_path, DAYBOOK_SIGNING_KEY="x" * 40)
    assert signing == "x" * 40
    assert len(master) >= 32


@pytest.mark.parametrize(
    ("given", "url", "embedded", "inline"),
    [
        ("", "sqlite:///var/daybook.sqlite3", True, True),
        ("sqlite:////srv/d.sqlite3", "sqlite:////srv/d.sqlite3", True, True),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d", False, False),
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d", False, False),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d", False, False),
    ],
)
def test_database_addresses(given: str, url: str, embedded: bool, inline: bool) -> None:
    found = settings(database_url=given)
    assert (found.database, found.is_sqlite, found.runs_jobs_inline) == (url, embedded, inline)
    assert settings(database_url=given, worker="inline").runs_jobs_inline
    assert not settings(database_url=given, worker="separate").runs_jobs_inline


@pytest.mark.parametrize(
    "wrong",
    [
        {"port": 70_000},
        {"threads": 0},
        {"body_limit": 0},
        {"session_minutes": 0},
        {"environment": "prod"},
        {"refresh_grace": 0},
    ],
)
def test_settings_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        settings(**wrong)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"MAIL_URL": "mail.example.org", "MAIL_FROM": "diary@example.org"},
            "Set DAYBOOK_MAIL_URL to smtp://",
        ),
        ({"MAIL_URL": "http://mail.example.org", "MAIL_FROM": "diary@example.org"}, "Set DAYBOOK_MAIL_URL"),
        ({"MAIL_URL": "smtp://host:port", "MAIL_FROM": "diary@example.org"}, "Set DAYBOOK_MAIL_URL"),
        ({"MAIL_URL": "smtp://mail.example.org"}, "Set DAYBOOK_MAIL_FROM to the address"),
        ({"MAIL_FROM": "Diary"}, "Set DAYBOOK_MAIL_FROM to one address"),
        ({"MAIL_FROM": "a@example.org, b@example.org"}, "Set DAYBOOK_MAIL_FROM to one address"),
        ({"SMS_URL": "sms.example.org"}, "Set DAYBOOK_SMS_URL to the address"),
        ({"PUSH_CONTACT": "ops@example.org"}, "Set DAYBOOK_PUSH_CONTACT to a mailto: or https:"),
        ({"PUSH_HOSTS": "https://push.example.org"}, "Set DAYBOOK_PUSH_HOSTS to host names"),
        ({"PUSH_HOSTS": "*"}, "Set DAYBOOK_PUSH_HOSTS to host names"),
    ],
)
def test_a_setting_by_which_nobody_could_be_reached_is_refused_at_the_start(
    changes: dict[str, str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(tmp_path))
    for name, value in changes.items():
        monkeypatch.setenv(f"DAYBOOK_{name}", value)
    with pytest.raises(UnsafeSettings) as refused:
        load_settings()
    assert str(refused.value).startswith(sentence)
    assert str(refused.value).count("Set ") == 1
    assert "example.org, b" not in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"MAIL_URL": "smtp+plain://u:p@relay.example.org", "MAIL_FROM": "diary@example.org"},
            "a password must not travel in the clear",
        ),
        ({"SMS_URL": "http://sms.example.org/send"}, "Set DAYBOOK_SMS_URL to an https:// address."),
    ],
)
def test_production_sends_no_secret_in_the_clear(
    changes: dict[str, str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(tmp_path))
    for name, value in changes.items():
        monkeypatch.setenv(f"DAYBOOK_{name}", value)
    load_settings()
    monkeypatch.setenv("DAYBOOK_ENVIRONMENT", "production")
    with pytest.raises(UnsafeSettings, match=sentence):
        load_settings()
