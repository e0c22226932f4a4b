"""From the fields of a posted form to a checked body, with what is wrong told field by field."""

from collections.abc import Mapping
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from graph.errors import Invalid, SupportError

Model = TypeVar("Model", bound=BaseModel)
Errors = dict[str, str]
LONGEST_FIELD = 20_000
MOST_FIELDS = 400


async def read_form(request: Request) -> dict[str, str]:
    """The text fields of the form; a field that occurs several times has its values on lines.

    Raises `Invalid` for a form that is larger than any of ours.
    """
    values: dict[str, str] = {}
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        for name, value in form.multi_items():
            if not isinstance(value, str) or len(value) > LONGEST_FIELD:
                raise Invalid("is too long", field=name)
            text = value.replace("\r\n", "\n").replace("\0", "")
            values[name] = f"{values[name]}\n{text}" if name in values else text
    return values


def lines_of(text: str) -> list[str]:
    """The items of a text field that has one on each line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def checked(model: type[Model], values: Mapping[str, Any]) -> tuple[Model | None, Errors]:
    """The body that the values make, or None and what is wrong with which field (by our own names)."""
    try:
        return model.model_validate(dict(values), by_name=True), {}
    except ValidationError as error:
        return None, {_name(each["loc"]): _words(str(each["msg"])) for each in error.errors()}


def as_errors(error: SupportError) -> Errors:
    """What an error of the store means for the form's fields."""
    return {_snake(error.field or "form"): error.message}


def _name(place: tuple[int | str, ...]) -> str:
    """`("cannot", 0, "en")` -> `cannot-0-en`; an item of a plain list belongs to its list."""
    parts = list(place)
    if parts and isinstance(parts[-1], int):
        parts.pop()
    return "-".join(_snake(str(part)) for part in parts) or "form"


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _words(message: str) -> str:
    for start, words in _PLAIN.items():
        if message.startswith(start):
            return words
    return message.removeprefix("Value error, ").replace("String should", "should")


_PLAIN = {
    "List should have at least 1": "needs at least one",
    "String should have at least 1 ": "is needed",
    "Field required": "is needed",
    "Input should be a valid number": "has to be a number",
    "Input should be a valid integer": "has to be a whole number",
    "Input should be a valid dictionary": "has to be a JSON object",
    "value is not a valid email address": "has to be an e-mail address",
}
