"""How well the guard tells replies that rest on their context from those that do not."""

from collections.abc import Callable, Sequence

from eval import scores
from eval.probes.rows import Json, ReplyInContext, share

Verdict = tuple[float, bool]
"""How well the reply is supported (0..1), and whether the guard would block it."""


def measure(rows: Sequence[ReplyInContext], judge: Callable[[ReplyInContext], Verdict]) -> Json:
    """AUROC of the support score, what is blocked on each side, and both by source; None without rows."""
    judged = [(row, *judge(row)) for row in rows]
    return {
        **_figures(judged),
        "bySource": {
            source: {"n": len(part), **_figures(part)}
            for source in sorted({row.source for row in rows})
            for part in [[one for one in judged if one[0].source == source]]
        },
    }


def _figures(judged: Sequence[tuple[ReplyInContext, float, bool]]) -> Json:
    grounded = [(score, blocked) for row, score, blocked in judged if row.label == 1]
    ungrounded = [(score, blocked) for row, score, blocked in judged if row.label != 1]
    caught = share(sum(blocked for _, blocked in ungrounded), len(ungrounded))
    harmed = share(sum(blocked for _, blocked in grounded), len(grounded))
    both = bool(grounded and ungrounded)
    ranked = scores.auroc([score for score, _ in grounded], [score for score, _ in ungrounded])
    return {
        "auroc": round(ranked, 4) if both else None,
        "balancedAccuracy": round((caught + 1 - harmed) / 2, 4) if both else None,
        "recallUngrounded": caught if ungrounded else None,
        "blockedGrounded": harmed if grounded else None,
    }
