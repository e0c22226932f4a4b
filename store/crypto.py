"""Keeps what the desk must be able to read again, but nobody who reads the database file."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken

from graph.errors import Unavailable


class Cipher:
    """Authenticated encryption under the installation's secret key."""

    def __init__(self, secret_key: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(_derived(secret_key, "values")))
        self._mark = _derived(secret_key, "fingerprints")

    def seal(self, text: str) -> bytes:
        """The text, unreadable without the key."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """The text again; `Unavailable` when the key is not the one it was sealed with."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise Unavailable(
                "a kept value cannot be opened: SECRET_KEY is not the one it was kept with"
            ) from error

    def fingerprint(self, *parts: str) -> str:
        """Equal for equal parts, and of no use to guess them without the key."""
        return hmac.new(self._mark, digest(*parts).encode(), hashlib.sha256).hexdigest()


def digest(*parts: str) -> str:
    """SHA-256 over the parts, as hex; parts cannot run into each other."""
    joined = "\0".join(part.replace("\0", "\0\0") for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()


def _derived(secret_key: str, purpose: str) -> bytes:
    """A key of its own for each purpose."""
    return hmac.new(secret_key.encode(), f"supportgraph/{purpose}".encode(), hashlib.sha256).digest()
