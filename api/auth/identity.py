"""The signed token by which a company's site says who its customer is (JWT, HS256).

`aud` is the company's slug, `exp` at most 15 minutes ahead, `kid` one of at most two live keys, `jti` good
for one use (whoever calls `read_site_token` has to record it), `email` the proven address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from graph.errors import NotAuthenticated

LONGEST_LIFE = timedelta(minutes=15)
LEEWAY = timedelta(seconds=60)
LARGEST_TOKEN = 4096
SHORTEST_KEY = 32


@dataclass(frozen=True, slots=True)
class SiteIdentity:
    """A customer whose address the company's site vouches for."""

    email: str
    token_id: str
    expires_at: datetime


def read_site_token(token: str, *, company: str, keys: Mapping[str, str], now: datetime) -> SiteIdentity:
    """Check signature, audience and life; raises NotAuthenticated for anything that is not right."""
    refusal = NotAuthenticated("The identity token is not valid.", field="token")
    if len(token) > LARGEST_TOKEN or not token.isascii():
        raise refusal
    try:
        key = keys[str(jwt.get_unverified_header(token).get("kid", ""))]
        claims = _decode(token, key, company)
    except (jwt.PyJWTError, KeyError) as error:
        raise refusal from error
    email, token_id, expires = claims["email"], claims["jti"], claims["exp"]
    if not (isinstance(email, str) and isinstance(token_id, str) and isinstance(expires, int)):
        raise refusal
    if not (0 < len(token_id) <= 128 and 3 <= len(email) <= 254 and "@" in email):
        raise refusal
    now_seconds = now.timestamp()
    if (
        not now_seconds - LEEWAY.total_seconds()
        < expires
        <= now_seconds + (LONGEST_LIFE + LEEWAY).total_seconds()
    ):
        raise NotAuthenticated("The identity token has expired or lives too long.", field="token")
    return SiteIdentity(email.strip().lower(), token_id, datetime.fromtimestamp(expires, UTC))


def _decode(token: str, key: str, company: str) -> dict[str, Any]:
    if len(key) < SHORTEST_KEY:
        raise jwt.InvalidKeyError("the company's key is too short")
    return jwt.decode(
        token,
        key,
        algorithms=["HS256"],
        audience=company,
        # life is checked against our own clock, which tests can set
        options={"require": ["aud", "exp", "jti", "email"], "verify_exp": False, "verify_iat": False},
    )


def mint_site_token(
    *,
    email: str,
    company: str,
    kid: str,
    key: str,
    token_id: str,
    now: datetime,
    life: timedelta = LONGEST_LIFE,
) -> str:
    """A token as a company's own server would make it; the demo pages and tests use it."""
    claims = {"aud": company, "email": email, "jti": token_id, "exp": int((now + life).timestamp())}
    return jwt.encode(claims, key, algorithm="HS256", headers={"kid": kid})
