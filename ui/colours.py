"""A company's five colours: whether words can be read on them, and what to take where one is not given.

Contrast is that of WCAG 2 (1 to 21); text needs 4.5.
"""

from collections.abc import Mapping

AA = 4.5
SURFACE = "#ffffff"
DARK_SURFACE = "#141d20"
INKS = ("#ffffff", "#101010")


def is_colour(value: object) -> bool:
    """Whether it is `#rrggbb`."""
    digits = value[1:] if isinstance(value, str) and value.startswith("#") else ""
    return len(digits) == 6 and all(digit in "0123456789abcdefABCDEF" for digit in digits)


def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb`, 0 to 1."""
    linear = [_linear(part / 255) for part in _parts(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """How far two colours are apart, 1 to 21."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def ink_on(ground: str) -> str:
    """White or near black, whichever can be read better on the ground."""
    return max(INKS, key=lambda ink: contrast(ink, ground))


def lightened(colour: str, until: float = AA, ground: str = DARK_SURFACE) -> str:
    """The colour, mixed with white in small steps until it can be read on a dark ground."""
    for share in range(0, 101, 4):
        mixed = "#" + "".join(f"{round(part + (255 - part) * share / 100):02x}" for part in _parts(colour))
        if contrast(mixed, ground) >= until:
            return mixed
    return "#ffffff"


def completed(brand: Mapping[str, str]) -> dict[str, str]:
    """All five colours of a brand, those that are not given made from its first one."""
    first = brand.get("brand") or "#0a6871"
    dark = brand.get("brand_dark") or lightened(first)
    made = {
        "brand": first,
        "brand_ink": ink_on(first),
        "brand_dark": dark,
        "brand_dark_ink": ink_on(dark),
        "brand_dark_text": lightened(dark),
    }
    return {name: (brand.get(name) or colour).lower() for name, colour in made.items()}


PAIRS = (
    ("brand", "brand_ink", "its ink on the company's colour"),
    ("brand", SURFACE, "the company's colour as a link on white"),
    ("brand_dark", "brand_dark_ink", "its ink on the dark theme's colour"),
    ("brand_dark_text", DARK_SURFACE, "the dark theme's link on the dark ground"),
)
"""What stands on what: (the colour that a person changes, its other side, in words)."""


def too_close(brand: Mapping[str, str]) -> dict[str, str]:
    """The colours that cannot be read, by name, each with what to do about it; empty when all can."""
    found: dict[str, str] = {}
    for name, other, words in PAIRS:
        ratio = contrast(brand[name], brand.get(other, other))
        if ratio < AA:
            at = other if other in brand else name
            found[at] = f"{ratio:.1f} to 1 for {words}; text needs {AA} to 1"
    return found


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
