"""The README tells the truth: its diagram is the compiled graph, its commands and settings exist."""

import re
from pathlib import Path

from api.settings import Settings
from graph.diagram import mermaid

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_that_the_diagram_is_the_compiled_graph() -> None:
    drawn = re.search(r"```mermaid\n(.*?)\n```", README, re.DOTALL)
    assert drawn is not None
    assert drawn.group(1) == mermaid()


def test_that_every_make_target_it_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)`", README)) | set(
        re.findall(r"^make ([a-z]+)", README, re.MULTILINE)
    )
    assert named
    assert named <= targets


def test_that_every_setting_is_in_its_table() -> None:
    missing = [name for name in Settings.model_fields if f"`SUPPORTGRAPH_{name.upper()}`" not in README]
    assert missing == []


def test_that_every_local_link_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", README) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []
