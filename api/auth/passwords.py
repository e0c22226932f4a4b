"""Staff passwords: argon2id in a small thread pool, and the same work for accounts that do not exist."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

from graph.errors import Invalid

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 128
COMMON = ("password", "qwerty", "123456", "letmein", "iloveyou", "welcome", "admin", "supportgraph")


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(
        2, thread_name_prefix="argon2"
    )  # 19 MiB each: sign-ins queue, memory does not grow


def check_strength(password: str) -> None:
    """Raises Invalid for a password that is too short, too long or too common."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"A password has {SHORTEST} to {LONGEST} characters.", field="password")
    bare = password.lower().strip("0123456789!@#$%^&*-_. ")
    if bare in COMMON or bare == "" or len(set(password)) < 5:
        raise Invalid("This password is too easy to guess.", field="password")


async def hash_password(password: str) -> str:
    """The argon2id hash of a password that is strong enough."""
    check_strength(password)
    return await asyncio.get_running_loop().run_in_executor(_pool(), _hasher().hash, password)


async def is_password(password: str, hashed: str | None) -> bool:
    """Whether the password is right; without an account the same work is done and the answer is no."""
    return await asyncio.get_running_loop().run_in_executor(_pool(), _verify, password, hashed)


def _verify(password: str, hashed: str | None) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        _hasher().verify(hashed or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None
