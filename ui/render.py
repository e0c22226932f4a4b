"""Turns a view into a page: one template per view, autoescaped, with no name that the view does not have."""

from functools import cache
from typing import ClassVar, Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined

from ui import assets
from ui.icons import glyph, icon


class View(Protocol):
    """A frozen value that knows its template."""

    template: ClassVar[str]


def render(view: View) -> str:
    """The whole page of a view."""
    return environment().get_template(view.template).render(page=view)


@cache
def environment() -> Environment:
    """Templates with everything escaped; a misspelt name raises instead of showing nothing."""
    env = Environment(
        loader=PackageLoader("ui", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(icon=icon, glyph=glyph, asset=assets.url)
    return env
