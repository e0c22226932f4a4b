"""Identity tokens of a company's site, and what forgers try."""

import base64
import json
from datetime import timedelta

import jwt
import pytest

from api.auth.identity import SiteIdentity, mint_site_token, read_site_token
from graph.errors import NotAuthenticated
from tests.api.clocks import StandingClock

NOW = StandingClock().now()
KEYS = {"k1": "k" * 16 + "one-one-one-one-one", "k2": "k" * 16 + "two-two-two-two-two"}


def token(**changes: object) -> str:
    claims = {
        "aud": "aipassportphoto",
        "email": "anna@example.com",
        "jti": "t-1",
        "exp": int(NOW.timestamp()) + 600,
    }
    kid = changes.pop("kid", "k1")
    key = str(changes.pop("key", KEYS["k1"]))
    algorithm = str(changes.pop("alg", "HS256"))
    kept = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode(kept, key, algorithm=algorithm, headers={"kid": str(kid)})


def read(text: str) -> SiteIdentity:
    return read_site_token(text, company="aipassportphoto", keys=KEYS, now=NOW)


def unsigned() -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    claims = {
        "aud": "aipassportphoto",
        "email": "anna@example.com",
        "jti": "t",
        "exp": int(NOW.timestamp()) + 60,
    }
    return f"{part({'alg': 'none', 'kid': 'k1'})}.{part(claims)}."


def test_that_a_good_token_proves_the_address() -> None:
    identity = read(token(email=" Anna@Example.com "))

    assert (identity.email, identity.token_id) == ("anna@example.com", "t-1")
    assert identity.expires_at == NOW + timedelta(seconds=600)


def test_that_both_live_keys_count() -> None:
    assert read(token(kid="k2", key=KEYS["k2"])).email == "anna@example.com"


FORGED = {
    "another key": token(key="x" * 40),
    "the other key's id": token(kid="k2"),
    "an unknown key id": token(kid="k9"),
    "another company": token(aud="nodes-garden"),
    "expired": token(exp=int(NOW.timestamp()) - 61),
    "too long a life": token(exp=int(NOW.timestamp()) + 17 * 60),
    "no life": token(exp=None),
    "no audience": token(aud=None),
    "no id": token(jti=None),
    "an empty id": token(jti=""),
    "no address": token(email=None),
    "not an address": token(email="anna"),
    "an address list": token(email=["anna@example.com"]),
    "another algorithm": token(alg="HS384", key=KEYS["k1"] * 2),
    "unsigned": unsigned(),
    "garbage": "a.b.c",
    "empty": "",
    "not ASCII": "ä.b.c",
    "huge": "a" * 100_000,
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED.keys())
def test_that_a_forged_or_stale_token_proves_nothing(forged: str) -> None:
    with pytest.raises(NotAuthenticated) as caught:
        read(forged)

    assert caught.value.field == "token"


def test_that_a_minted_token_is_accepted() -> None:
    minted = mint_site_token(
        email="sara@example.com", company="aipassportphoto", kid="k1", key=KEYS["k1"], token_id="t-2", now=NOW
    )

    assert read(minted).email == "sara@example.com"
