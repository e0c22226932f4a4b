"""A form as it is shown: what stands in its fields, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Form:
    """Values and faults by the fields' names; a field that is missing is empty."""

    values: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    errors: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    def value(self, name: str) -> str:
        """What stands in the field."""
        return self.values.get(name, "")

    def error(self, name: str) -> str:
        """What is wrong with it, or nothing."""
        return self.errors.get(name, "")

    def on(self, name: str) -> bool:
        """Whether a switch is on."""
        return self.values.get(name, "") not in ("", "off", "false")


def lines(values: tuple[str, ...] | list[str]) -> str:
    """A list as a text field has it: one item a line."""
    return "\n".join(values)
