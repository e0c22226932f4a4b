"""What answerability is fitted on: right and wrong hits of questions whose author is not in the index.

Positive: a phrasing of an author who is held out finds its passage. Negative: such a near miss, another
company's question, one whose passage was taken away, and one that only the other half of an entry answers.
"""

from collections.abc import Iterable, Iterator, Sequence

from retrieval.answerability import Sight
from retrieval.embed import Embedder
from retrieval.passages import Passage, gap_passage
from retrieval.question import read
from retrieval.sentences import best_lines
from retrieval.snapshot import Snapshot
from retrieval.taught import THIN
from seeds.asking import (
    PERHAPS,
    SHARES,
    Asker,
    Example,
    chosen,
    folds,
    overlap,
    share,
    snapshot_of,
    without,
)
from seeds.trades import Trade

MOST = 2000
"""Phrasings of one fold that are asked."""
OTHERS = 20
"""Questions of other companies that are asked in each fold."""
LEFT_BEHIND = 10
"""Questions asked for each passage that was taken away."""
FEW = 1
"""Phrasings that a passage has at most where there are no lessons."""
OFTEN = 600
"""Questions of one fold that others answer than the entries that are hardly learnt."""


def examples(
    trade: Trade, others: Sequence[Trade], embedder: Embedder, sight: Sight = "taught"
) -> Iterator[Example]:
    """Every example of one company; each fold is asked of an index that the other folds make.

    Without lessons there are few phrasings to a passage and no declared gaps, as after an import. For `thin`
    some of the entries were written today.
    """
    if sight == "thin":
        yield from _of_new_entries(trade, embedder)
        return
    foreign = sorted(q for other in others for passage in other.passages for q in passage.questions)
    for fold, held in enumerate(folds(trade)):
        known, few = [text for text in trade.unanswerable if not held(text)], sight != "taught"
        gaps = [gap_passage(known)] if known and fold and not few else []  # some companies declare nothing
        asker = Asker(trade, embedder, words_only=sight == "words")
        kept = [without(passage, held, FEW if few else None) for passage in trade.passages]
        asked = [(text, p.id) for p in trade.passages for text in p.questions if held(text)]
        asked += [(text, key) for key, said in trade.answered.items() for text in said if held(text)]
        snapshot = snapshot_of([*kept, *gaps], embedder)
        for place in chosen(len(asked), MOST, fold):
            yield from asker.ask(snapshot, asked[place][0], "asked", asked[place][1])
        for text in (text for text in trade.unanswerable if held(text)):
            yield from asker.ask(snapshot, text, "near miss")
        for place in chosen(len(foreign), OTHERS, fold):
            yield from asker.ask(snapshot, foreign[place], "elsewhere")
        yield from without_passages(asker, [*kept, *gaps], fold, embedder)


def _of_new_entries(trade: Trade, embedder: Embedder) -> Iterator[Example]:
    """What right and wrong hits on new entries look like; in each fold others are new.

    Of some the author wrote only half of the lines: what the other half would have answered is a near miss.
    """
    asker = Asker(trade, embedder, words_only=False)
    for fold, held in enumerate(folds(trade)):
        new = {p.id: _half_of(p, fold) for p in trade.passages if _is_new(p, fold)}
        kept = [
            without(new.get(p.id, p), held, share(f"{fold} {p.id}") if p.id in new else None)
            for p in trade.passages
        ]
        known = [text for text in trade.unanswerable if not held(text)]
        kept += [gap_passage(known)] if known and fold % 2 else []  # of what is new nobody declared gaps
        snapshot = snapshot_of(kept, embedder)
        asked = [(text, p) for p in trade.passages for text in p.questions if held(text)]
        others = [pair for pair in asked if pair[1].id not in new]
        for place in chosen(len(others), OFTEN, fold):
            yield from thin(asker.ask(snapshot, others[place][0], "asked", others[place][1].id))
        for text, whole in (pair for pair in asked if pair[1].id in new):
            said = _said(text, whole, new[whole.id], snapshot)
            if said is not None:
                source = ("asked", whole.id) if said else ("near miss", "")
                yield from thin(asker.ask(snapshot, text, *source))
        for text in (text for text in trade.unanswerable if held(text)):
            yield from thin(asker.ask(snapshot, text, "near miss"))


def _is_new(passage: Passage, fold: int) -> bool:
    return passage.kind == "entry" and share(passage.id) == fold % SHARES


def _half_of(passage: Passage, fold: int) -> Passage:
    """The entry with half of its lines, if it has several."""
    lines = [line for line in passage.lines if share(f"{fold} {line}") < SHARES // 2]
    return passage.model_copy(update={"text": "\n".join(lines or passage.lines)})


def _said(text: str, whole: Passage, half: Passage, snapshot: Snapshot) -> bool | None:
    """Whether what is left of an entry says what is asked; None where that is not clear."""
    question = read(text, snapshot.lexical, snapshot.embedder)
    answering = best_lines(question, whole.lines, snapshot, title=whole.title)
    said = {whole.lines[number] in half.lines for number in answering}
    return said.pop() if len(said) == 1 else None


def thin(found: Iterable[Example]) -> Iterator[Example]:
    return (example for example in found if example.features["thin"] >= THIN)


def without_passages(
    asker: "Asker", kept: Sequence[Passage], fold: int, embedder: Embedder
) -> Iterator[Example]:
    """Questions whose passage was taken away: what is left is near, and does not answer."""
    gone = [p for p in asker.trade.passages if p.questions and share(p.id) == fold % SHARES]
    left = [p for p in kept if not any(p.id == one.id or overlap(p, one) > PERHAPS for one in gone)]
    if not any(p.kind != "gap" for p in left):
        return
    snapshot = snapshot_of(left, embedder)
    for passage in gone:
        asked = sorted(passage.questions)
        for place in chosen(len(asked), LEFT_BEHIND, fold):
            yield from asker.ask(snapshot, asked[place], "taken away", passage.id)
