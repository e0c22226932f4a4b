"""How well the language of single messages is decided."""

from collections.abc import Callable, Sequence

from eval.probes.rows import Json, LabelledText, share


def measure(rows: Sequence[LabelledText], decide: Callable[[str], str]) -> Json:
    """Accuracy over all rows, and by label with what the label was mistaken for."""
    said = [decide(row.text) for row in rows]
    by_label: Json = {}
    for label in sorted({row.label for row in rows}):
        answers = [answer for row, answer in zip(rows, said, strict=True) if row.label == label]
        by_label[label] = {
            "n": len(answers),
            "accuracy": share(answers.count(label), len(answers)),
            "said": {answer: answers.count(answer) for answer in sorted(set(answers))},
        }
    right = sum(row.label == answer for row, answer in zip(rows, said, strict=True))
    return {"accuracy": share(right, len(rows)), "byLabel": by_label}
