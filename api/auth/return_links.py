"""The link in a mail by which a customer comes back to a conversation: signed, for a week, good once.

It stands behind the `#` of an address, so that no server and no referrer ever sees it. It is mailed to proven
addresses only: who can open it reads the same mailbox that proved the conversation.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

from graph.errors import NotAuthenticated

LIFE = timedelta(days=7)
PURPOSE = "return"


@dataclass(frozen=True, slots=True)
class Return:
    """Whose conversation it leads back to."""

    ticket_id: str
    email: str
    token_id: str
    expires_at: datetime


def mint_return(secret: str, company: str, ticket_id: str, email: str, token_id: str, now: datetime) -> str:
    """The part behind `#resume=`."""
    claims = {
        "aud": f"{PURPOSE}:{company}",
        "sub": ticket_id,
        "email": email,
        "jti": token_id,
        "exp": int((now + LIFE).timestamp()),
    }
    return jwt.encode(claims, _key(secret), algorithm="HS256")


def read_return(secret: str, company: str, token: str, now: datetime) -> Return:
    """Check a link; NotAuthenticated when it is not ours, another company's or too old."""
    try:
        claims = jwt.decode(
            token,
            _key(secret),
            algorithms=["HS256"],
            audience=f"{PURPOSE}:{company}",
            # life is checked against our own clock, which tests can set
            options={"require": ["aud", "exp", "jti", "sub", "email"], "verify_exp": False},
        )
        expires = datetime.fromtimestamp(int(claims["exp"]), UTC)
    except (jwt.PyJWTError, ValueError) as error:
        raise NotAuthenticated("The link is not valid.", field="link") from error
    if now > expires:
        raise NotAuthenticated("The link is too old; please write again.", field="link")
    return Return(str(claims["sub"]), str(claims["email"]), str(claims["jti"]), expires)


def _key(secret: str) -> bytes:
    """A key of its own, so that nothing else that the desk signs can pass for a link."""
    return hashlib.sha256(f"{PURPOSE}\0{secret}".encode()).digest()
