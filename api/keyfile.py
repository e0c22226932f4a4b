"""The secret key: from the environment, or made once into the data folder in development."""

import os
import secrets
from pathlib import Path

from api.settings import Settings


def secret_key(settings: Settings) -> str:
    """The key that encrypts kept values and company secrets; made (mode 0600) on the first start."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = settings.data_dir / "secret.key"
    if not path.exists():
        _create(path)
    return path.read_text().strip()


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was faster; its key is the key
        return
    with os.fdopen(file, "w") as writer:
        writer.write(secrets.token_urlsafe(48))
