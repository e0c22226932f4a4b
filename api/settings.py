"""What an operator may set, read once from the environment (or a `.env` file) by the composition root."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

WELL_KNOWN_SECRETS = frozenset({"changeme", "change-me", "secret", "password", "supportgraph", "development"})
SHORTEST_SECRET = 32


class Settings(BaseSettings):
    """All settings; each is the variable SUPPORTGRAPH_<NAME>.

    In production the secret key has to come from the environment, and secrets that anybody could guess
    are refused.
    """

    model_config = SettingsConfigDict(
        env_prefix="SUPPORTGRAPH_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        use_attribute_docstrings=True,
    )

    env: Literal["development", "production"] = "development"
    """Production refuses weak secrets and prints no passwords."""
    demo: bool = False
    """Lets the demo company pages mint identity tokens for fictional customers outside development."""
    data_dir: Path = Path("var")
    """Where databases, indexes, model files and the generated secret key are kept."""
    model_dir: Path | None = None
    """Where the embedder's model file is built; `models` in DATA_DIR when empty."""
    host: str = "127.0.0.1"
    """The address that `serve` listens on."""
    port: int = Field(default=8000, ge=0, le=65535)
    """The port that `serve` listens on; 0 takes a free one."""
    public_url: str = ""
    """The address that browsers use, such as https://desk.example.com, where a proxy hides it."""
    trusted_proxies: str = ""
    """Addresses of proxies whose X-Forwarded-For is believed, separated by commas."""
    rate_factor: float = Field(default=1.0, ge=0)
    """Multiplies all rate limits; 0 switches them off."""
    workers: int = Field(default=4, ge=1, le=64)
    """How many turns one process runs at the same time."""
    api_key: SecretStr | None = None
    """Becomes the first API key, with all scopes."""
    secret_key: SecretStr | None = None
    """Encrypts kept values and company secrets; generated into DATA_DIR in development."""
    database_url: str = ""
    """SQLAlchemy URL of the product tables; a SQLite file in DATA_DIR when empty."""
    chroma_url: str = ""
    """A Chroma server; an embedded index in DATA_DIR when empty."""
    tracing: bool = False
    """Sends traces with redacted texts to LangSmith."""

    @model_validator(mode="after")
    def _refuse_weak_secrets(self) -> "Settings":
        if self.env != "production":
            return self
        if self.secret_key is None:
            raise ValueError("SUPPORTGRAPH_SECRET_KEY is required in production")
        for name, secret in (("SECRET_KEY", self.secret_key), ("API_KEY", self.api_key)):
            if secret is not None and is_weak(secret.get_secret_value()):
                raise ValueError(f"SUPPORTGRAPH_{name} is too short or too well known for production")
        return self

    @property
    def production(self) -> bool:
        """Whether customers of real companies may be on the other side."""
        return self.env == "production"

    @property
    def may_mint_demo_identities(self) -> bool:
        """Whether a demo company page may sign in a fictional customer."""
        return self.demo or not self.production

    @property
    def database(self) -> str:
        """The URL of the product tables."""
        return self.database_url or f"sqlite:///{self.data_dir / 'supportgraph.db'}"

    @property
    def checkpoints(self) -> Path:
        """The file of the checkpoints."""
        return self.data_dir / "checkpoints.db"


def is_weak(secret: str) -> bool:
    """Whether a secret is shorter than 32 characters, well known, or nearly one repeated character."""
    return len(secret) < SHORTEST_SECRET or secret.lower() in WELL_KNOWN_SECRETS or len(set(secret)) < 8
