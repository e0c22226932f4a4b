"""Staff passwords and opaque tokens."""

import pytest

from api.auth.passwords import hash_password, is_password
from api.auth.tokens import new_code, new_token
from graph.errors import Invalid


async def test_that_only_the_right_password_opens() -> None:
    hashed = await hash_password("correct horse battery")

    assert await is_password("correct horse battery", hashed)
    assert not await is_password("correct horse batterY", hashed)
    assert not await is_password("correct horse battery", None)


@pytest.mark.parametrize("weak", ["short", "a" * 129, "password1234", "aaaaaaaaaaaaaa", "123456789012"])
async def test_that_a_weak_password_is_refused(weak: str) -> None:
    with pytest.raises(Invalid) as caught:
        await hash_password(weak)

    assert caught.value.field == "password"


def test_that_tokens_are_long_and_never_the_same() -> None:
    first, second = new_token("ses"), new_token("ses")

    assert first != second
    assert len(first) > 43


def test_that_a_code_has_six_digits() -> None:
    assert all(len(new_code()) == 6 for _ in range(50))
