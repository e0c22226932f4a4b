"""Settings and the secret key."""

import stat
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from api.keyfile import secret_key
from api.settings import Settings

STRONG = "q8Zr3-Lw5_Vn7Xb2Kd9Tf4Hg6Jm1Pc0sYa"


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("SUPPORTGRAPH_SECRET_KEY", "SUPPORTGRAPH_ENV", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_that_the_environment_is_read_with_the_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORTGRAPH_PORT", "8123")
    monkeypatch.setenv("SUPPORTGRAPH_DATA_DIR", "elsewhere")
    monkeypatch.setenv("SUPPORTGRAPH_PUBLIC_URL", "")

    settings = Settings()

    assert (settings.port, settings.data_dir, settings.public_url) == (8123, Path("elsewhere"), "")


@pytest.mark.parametrize("secret", [None, "changeme", "short", "a" * 64, "secret" * 8])
def test_that_production_refuses_a_missing_or_weak_secret(secret: str | None) -> None:
    with pytest.raises(ValidationError, match="SECRET_KEY"):
        Settings(env="production", secret_key=SecretStr(secret) if secret else None)


def test_that_production_takes_a_strong_secret_and_mints_no_demo_identities() -> None:
    settings = Settings(env="production", secret_key=SecretStr(STRONG))

    assert secret_key(settings) == STRONG
    assert not settings.may_mint_demo_identities


def test_that_secrets_do_not_show_in_the_settings_text() -> None:
    assert STRONG not in repr(Settings(secret_key=SecretStr(STRONG), api_key=SecretStr(STRONG)))


def test_that_development_makes_its_key_once_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var")

    first = secret_key(settings)

    assert secret_key(settings) == first
    assert stat.S_IMODE((tmp_path / "var" / "secret.key").stat().st_mode) == 0o600
