"""What crosses HTTP: camelCase JSON, closed on the way in, and the kinds of text that are accepted."""

import unicodedata
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, model_validator
from pydantic.alias_generators import to_camel

LONGEST_MESSAGE = 5000
INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc")
"""Characters that show nothing although Unicode calls them letters or symbols."""


class Body(BaseModel):
    """A request body: strict types, camelCase names only, unknown keys refused."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", strict=True, frozen=True)


class Update(Body):
    """A body that changes something; a client may send back what it read, so stamps are ignored."""

    @model_validator(mode="before")
    @classmethod
    def _ignore_stamps(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if key not in ("id", "createdAt", "updatedAt")}


class Reply(BaseModel):
    """A response body: camelCase on the wire, made by field name."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        frozen=True,
    )


def is_visible(text: str) -> bool:
    """Whether anything of the text would show: not only spaces, controls, format or combining characters."""
    return any(
        character not in INVISIBLE and unicodedata.category(character)[0] not in "CZM" for character in text
    )


def _visible(text: str) -> str:
    if not is_visible(text):
        raise ValueError("has to contain something that can be seen")
    return text


def joined(path: Iterable[str | int]) -> str:
    """A field's path as errors name it, such as `customer.email`."""
    return ".".join(str(part) for part in path)


MessageText = Annotated[str, Field(min_length=1, max_length=LONGEST_MESSAGE), AfterValidator(_visible)]
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_visible)]
ClientMessageId = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_.:-]+$")]
Email = Annotated[EmailStr, Field(max_length=254)]
Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
