"""What an operator may set, read once from the environment (or a `.env` file) by the composition root."""

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, model_validator
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
    lease_seconds: float = Field(default=30.0, ge=1, le=600)
    """How long a process may be silent before another one goes on with its turns."""
    queue_limit: int = Field(default=500, ge=1)
    """How many turns may wait in one process; then messages are refused with 503 and not accepted."""
    streams_per_address: int = Field(default=200, ge=0)
    """How many streams one address may hold open at a process; 0: no limit."""
    checkpoint_hours: float = Field(default=72.0, ge=0)
    """How long after its closing a ticket keeps every step of its turns; then each turn keeps its end."""
    canary_hours: float = Field(default=24.0, ge=0)
    """How often every company's secret fact is asked for at the others; 0: never by itself."""
    ticket_days: int = Field(default=0, ge=0)
    """After how many days a closed ticket is deleted with all that belongs to it; 0: never."""
    api_key: SecretStr | None = None
    """Becomes the first API key, with all scopes."""
    secret_key: SecretStr | None = None
    """Encrypts kept values and company secrets; generated into DATA_DIR in development."""
    database_url: str = ""
    """SQLAlchemy URL of the product tables; a SQLite file in DATA_DIR when empty."""
    checkpoint_url: str = ""
    """Where turns keep their steps: PostgreSQL or SQLite. Empty: DATABASE_URL's PostgreSQL, else a file."""
    chroma_url: str = ""
    """A Chroma server; an embedded index in DATA_DIR when empty."""
    tracing: bool = False
    """Sends traces to LangSmith, texts hidden; its own LANGSMITH_TRACING does the same."""
    llm_model: str = ""
    """The language model, such as gpt-4.1-mini or scripted:echo; empty: the deterministic engine alone."""
    llm_base_url: str = ""
    """Where an OpenAI-compatible server listens, such as http://127.0.0.1:11434/v1; OpenAI's when empty."""
    llm_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("SUPPORTGRAPH_LLM_API_KEY", "OPENAI_API_KEY")
    )
    """The key for it; OPENAI_API_KEY when empty."""
    llm_models: dict[str, str] = Field(default_factory=dict)
    """Other models by step, company or both, as JSON: {"triage": "small", "acme": "", "acme/note": "big"}."""
    llm_seconds: float = Field(default=8.0, gt=0, le=25)
    """How long a call of the model may take in all: waiting, retries and the last streamed word."""
    llm_retries: int = Field(default=2, ge=0, le=5)
    """How often a call is repeated within that time."""
    llm_max_tokens: int = Field(default=500, ge=16)
    """The longest answer of the model."""
    llm_concurrency: int = Field(default=8, ge=1)
    """How many calls one process makes at the same time."""
    llm_prices: dict[str, tuple[float, float]] = Field(default_factory=dict)
    """What a million tokens cost by model, read and written, as JSON: {"big": [2.0, 8.0]}."""
    llm_daily_budget: float = Field(default=0.0, ge=0)
    """What each company's models may cost a day (UTC); then the deterministic engine answers. 0: no limit."""
    recording_days: int = Field(default=30, ge=0)
    """How long the texts of model and tool exchanges are kept; 0 keeps figures only."""
    import_private_hosts: str = ""
    """Hosts, separated by commas, that imports may reach wherever they are and without pauses: your own."""
    embeddings_model: str = ""
    """A model of an OpenAI-compatible server; empty: the offline one. A change rebuilds the index."""
    embeddings_base_url: str = ""
    """Where that server listens, such as http://127.0.0.1:11434/v1; OpenAI's when empty."""
    embeddings_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("SUPPORTGRAPH_EMBEDDINGS_API_KEY", "OPENAI_API_KEY")
    )
    """The key for it; OPENAI_API_KEY when empty."""
    metrics_port: int = Field(default=0, ge=0, le=65535)
    """A port of its own for /metrics without a key, on HOST; 0: only with an administrator's key."""
    smtp_host: str = ""
    """The mail server for one-time codes; empty: mail stays in the outbox, which development shows."""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    """The port of the mail server."""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection to it is protected."""
    smtp_user: str = ""
    """The account there; empty: no sign-in."""
    smtp_password: SecretStr | None = None
    """The account's password."""
    smtp_from: str = "support@localhost"
    """The address that mail comes from."""
    smtp_from_name: str = "Support"
    """The name beside that address."""
    inbound_address: str = ""
    """Where a mail server takes customers' answers for POST /api/inbound/email, such as reply@example.com."""
    tool_hosts: str = ""
    """Hosts (or host:port), separated by commas, that companies' own tools may call wherever they are."""
    log_format: Literal["text", "json"] = "text"
    """How `serve` writes its log; personal data is redacted in both."""

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

    @model_validator(mode="after")
    def _know_prices(self) -> "Settings":
        if self.llm_daily_budget:
            names = {self.llm_model, *self.llm_models.values()} - {"", *self.llm_prices}
            if names:
                raise ValueError(
                    f"SUPPORTGRAPH_LLM_DAILY_BUDGET needs LLM_PRICES for {', '.join(sorted(names))}"
                )
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
    def import_hosts(self) -> frozenset[str]:
        """The hosts that the operator vouches for in imports."""
        return frozenset(
            host.strip().lower() for host in self.import_private_hosts.split(",") if host.strip()
        )

    @property
    def allowed_tool_hosts(self) -> frozenset[str]:
        """The hosts that the operator vouches for in companies' own tools."""
        return frozenset(host.strip().lower() for host in self.tool_hosts.split(",") if host.strip())

    @property
    def database(self) -> str:
        """The URL of the product tables."""
        return self.database_url or f"sqlite:///{self.data_dir / 'supportgraph.db'}"

    @property
    def checkpoints(self) -> str:
        """The URL of the checkpoints."""
        shared = self.database if self.database.startswith("postgres") else ""
        return self.checkpoint_url or shared or f"sqlite:///{self.data_dir / 'checkpoints.db'}"


def is_weak(secret: str) -> bool:
    """Whether a secret is shorter than 32 characters, well known, or nearly one repeated character."""
    return len(secret) < SHORTEST_SECRET or secret.lower() in WELL_KNOWN_SECRETS or len(set(secret)) < 8
