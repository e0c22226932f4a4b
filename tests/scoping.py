"""Reads the repositories' source: which tables each function asks, and which of them it keeps in scope."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from store.models.base import Base
from store.models.registry import MODULES

REPOSITORIES = Path(__file__).parents[1] / "store" / "repositories"
ASKING = frozenset({"select", "update", "delete", "rows_of"})
assert MODULES, "importing the registry has registered the tables"
OWNED = frozenset(
    mapper.class_.__name__
    for mapper in Base.registry.mappers
    if "company_id" in mapper.columns or mapper.class_.__name__ == "Companies"
)
"""The tables that belong to companies."""


def unscoped(folder: Path = REPOSITORIES) -> dict[tuple[str, str], int]:
    """`module.function` and table: how many statements ask it there without the condition on the company."""
    found: dict[tuple[str, str], int] = {}
    for path in sorted(folder.glob("*.py")):
        tree = _unaliased(ast.parse(path.read_text("utf-8")))
        helpers = dict(_helpers(tree))
        for name, node in _functions(tree):
            missing = _asked(node) - _scoped(node, helpers)
            found |= {(f"{path.stem}.{name}", table): count for table, count in missing.items()}
    return found


def _unaliased(tree: ast.Module) -> ast.Module:
    """The same with every table under its own name."""
    named = {
        alias.asname: alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname and alias.name in OWNED
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = named.get(node.id, node.id)
    return tree


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Functions and methods, and the statements that are prepared at the top of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            yield ast.unparse(node.targets[0]), node


def _asked(node: ast.AST) -> Counter[str]:
    """The owned tables whose rows a function selects or changes, by statement; those it only names once."""
    found: Counter[str] = Counter()
    named: set[str] = set()
    for call in _calls(node):
        if isinstance(call.func, ast.Name) and call.func.id in ASKING:
            first = call.args[:1] if call.func.id != "select" else call.args
            found.update({name for argument in first for name in _names(argument)} & OWNED)
            named |= _names(node) & OWNED
    found.update(named - set(found))
    return found


def _scoped(node: ast.AST, helpers: dict[str, set[str] | None]) -> Counter[str]:
    """The tables that a function keeps in scope, itself or by a helper of its module."""
    found: Counter[str] = Counter()
    for call in _calls(node):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        given = {name for argument in call.args for name in _names(argument)}
        if name in ("_within", "within"):
            found.update(given)
        elif name in helpers:
            found.update(given if helpers[name] is None else helpers[name] or set())
    return found


def _helpers(tree: ast.Module) -> Iterator[tuple[str, set[str] | None]]:
    """Functions that make conditions: for the tables they name, or None when the table is given to them."""
    for name, node in _functions(tree):
        if not isinstance(node, ast.FunctionDef) or _asked(node):
            continue  # what asks itself scopes itself, and not its callers
        own = set(_scoped(node, {}))
        parameters = {argument.arg for argument in node.args.args}
        if own & parameters:
            yield name, None
        elif own:
            yield name, own


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (each for each in ast.walk(node) if isinstance(each, ast.Call))


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
