"""What each part of the safety checks contributes: every rule, the word model and each library, by itself.

`python -m eval.contributions DATA` prints the table of docs/safety.md; DATA is the folder of the evaluation
files (`injection.jsonl`, `benign_hard.jsonl`, `pii.jsonl`).
"""

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from language.disguise import views
from language.redact import spans
from language.risk import is_raised
from language.risk_model import probability
from language.risk_rules import data, search

Row = dict[str, Any]
LEFT_OUT = ("bipia", "purplellama")


def main(folder: Path) -> None:
    """Print both tables as Markdown."""
    attacks, benign = _read(folder / "injection.jsonl"), _read(folder / "benign_hard.jsonl")
    print("| part | English | Hinglish | benign English | benign Hinglish | NotInject | XSTest |")
    print("|---|---|---|---|---|---|---|")
    for name, raised in _parts():
        shares = [_share(rows, raised) for rows in _groups(attacks, benign)]
        print(f"| {name} | " + " | ".join(shares) + " |")
    print("\n| personal data | spans marked | found | of what was found, right |\n|---|---|---|---|")
    for line in _personal(_read(folder / "pii.jsonl")):
        print(line)


def _read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _groups(attacks: list[Row], benign: list[Row]) -> Iterable[list[Row]]:
    strict = [row for row in attacks if row["label"] and row["strict"]]
    seen = [row for row in strict if not str(row["source"]).startswith(LEFT_OUT)]
    for language in ("en", "hinglish"):
        yield [row for row in seen if row["lang"] == language]
    for language in ("en", "hinglish"):
        yield [row for row in attacks if not row["label"] and row["lang"] == language]
    for source in ("notinject", "xstest"):
        yield [row for row in benign if str(row["source"]).startswith(source)]


def _parts() -> Iterable[tuple[str, Callable[[str], bool]]]:
    threshold = float(data()["flags"]["injection"])
    names = sorted({rule["name"] for rule in data()["rule"] if rule["family"] == "injection"})
    for name in names:
        yield f"rules: {name}", lambda text, name=name: _weight(text, name) >= threshold  # type: ignore[misc]
    yield "all rules", lambda text: _weight(text) >= threshold
    yield "word model", lambda text: max(map(probability, views(text)), default=0.0) >= 0.76
    yield "**together**", lambda text: is_raised(text, "injection")


def _weight(text: str, name: str | None = None) -> float:
    """The rules' weight together, of one name or of all."""
    best: dict[tuple[str, float], float] = {}
    for view in views(text):
        for hit in search(view):
            if hit.family == "injection" and name in (None, hit.name):
                key = (hit.name, round(hit.weight, 2))
                best[key] = max(best.get(key, 0.0), hit.weight)
    left = 1.0
    for weight in best.values():
        left *= 1 - weight
    return 1 - left


def _share(rows: list[Row], raised: Callable[[str], bool]) -> str:
    hits = sum(raised(str(row["text"])) for row in rows)
    return f"{hits}/{len(rows)} ({hits / max(1, len(rows)):.1%})"


def _personal(rows: list[Row]) -> Iterable[str]:
    """One line per type: marked, found, and how much of what was found is marked so."""
    marked: dict[str, list[int]] = {}
    for row in rows:
        found = spans(str(row["text"]))
        wanted = [(span["start"], span["end"], str(span["type"]).lower()) for span in row["spans"]]
        for start, end, kind in wanted:
            line = marked.setdefault(kind, [0, 0, 0, 0])
            line[0] += 1
            line[1] += any(left < end and start < right for left, right, _ in found)
        for left, right, kind in found:
            line = marked.setdefault(str(kind).lower(), [0, 0, 0, 0])
            line[2] += 1
            line[3] += any(left < end and start < right for start, end, _ in wanted)
    for kind in sorted(marked):
        total, hit, said, true = marked[kind]
        yield f"| {kind} | {total} | {hit} | {true}/{said} |"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
