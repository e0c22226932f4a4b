"""Which code decides: a digest over everything that a turn runs, so that a recording says what made it."""

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

PACKAGES = ("graph", "nodes", "tools", "retrieval", "language")


@cache
def edition() -> str:
    """Changes whenever a file of these packages does; read once a process."""
    mark = hashlib.blake2b(digest_size=8)
    for package in PACKAGES:
        _add(mark, files(package), package)
    return mark.hexdigest()


def _add(mark: "hashlib.blake2b", place: Traversable, path: str) -> None:
    for item in sorted(place.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            if item.name != "__pycache__":
                _add(mark, item, f"{path}/{item.name}")
        elif not item.name.endswith((".pyc", ".part")):
            mark.update(f"{path}/{item.name}\0".encode())
            mark.update(item.read_bytes())
