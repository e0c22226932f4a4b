"""Opaque tokens: 256 random bits, shown once, stored as a digest."""

import secrets


def new_token(prefix: str) -> str:
    """A token such as `ses_Zk3...`; the prefix says what it opens, so that a leaked one can be recognised."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def new_code() -> str:
    """A one-time code of six digits."""
    return f"{secrets.randbelow(1_000_000):06d}"
