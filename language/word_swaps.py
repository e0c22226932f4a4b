"""Is one word of a claim another than its source has: a rival (red, blue), or a word in an exact copy?"""

from collections.abc import Sequence
from difflib import SequenceMatcher

from language.claim_text import Sentence
from language.claim_words import axis as axis_of
from language.claim_words import content_stem, plain_verbs, rivals, same_stem
from language.clause_cut import verbs
from language.lexicon import find_hinglish, is_english
from language.overlap import has_stem
from language.text import tokens

_ARTICLES = {"an": "a", "the": "a"}
_SWAP_SIZE = 4


def swaps_word(claim: Sentence, window: Sequence[Sentence], given: Sequence[Sentence]) -> bool:
    """Tell whether the claim copies its sentence but for one word, which no source sentence has."""
    if claim.hinglish:
        return _swaps_noun(claim, window, given)
    if len(claim.stems) < 3:
        return False
    said, stated = (_comparable(sentence.text) for sentence in (claim, window[0]))
    blocks = SequenceMatcher(None, said, stated, autojunk=False).get_opcodes()
    changed = [(left, right) for tag, left, right, _, _ in blocks if tag == "replace"]
    spots = [(left, right) for tag, _, _, left, right in blocks if tag == "replace"]
    added = sum(right - left for tag, left, right, _, _ in blocks if tag == "delete")
    if len(changed) != 1 or added > 1 or changed[0][1] - changed[0][0] > 2:
        return False
    replaced = [word for left, right in spots for word in stated[left:right] if content_stem(word)]
    axes = _agreed(claim, window[0])
    words = [
        word
        for word in said[slice(*changed[0])]
        if content_stem(word) and word not in plain_verbs() and axis_of(word) not in axes
    ]
    return bool(replaced) and any(
        not has_stem(cut, about(claim, window, given, cut)) for word in words if (cut := content_stem(word))
    )


def _swaps_noun(claim: Sentence, window: Sequence[Sentence], given: Sequence[Sentence]) -> bool:
    """Tell whether one English noun of a Hinglish claim is new, and a single clause has all its other words.

    A verb may be put otherwise; a noun may not.
    """
    stems = set(claim.stems)
    new = {stem for stem in stems if not has_stem(stem, about(claim, window, given, stem))}
    if len(new) != 1 or len(stems) < _SWAP_SIZE:
        return False
    nouns = {content_stem(word) for word in tokens(claim.text) if _is_english_noun(word)}
    fixed = nouns - plain_verbs()
    return any(stem in fixed and axis_of(stem) not in _agreed(claim, window[0]) for stem in new) and any(
        all(_stands(stem, clause.stems) for stem in stems - new) for clause in window[0].clauses
    )


def _is_english_noun(word: str) -> bool:
    return is_english(word) and find_hinglish(word) is None and word not in verbs()


def _stands(stem: str, others: frozenset[str]) -> bool:
    return stem in others or any(same_stem(stem, other) for other in others if other[:3] == stem[:3])


def _agreed(claim: Sentence, closest: Sentence) -> set[int]:
    """Return the axes of opposites on which both take one and the same side."""
    sides = claim.whole.sides | closest.whole.sides
    both = claim.whole.sides & closest.whole.sides
    return {axis for axis, place in both if (axis, 1 - place) not in sides}


def names_rival(claim: Sentence, window: Sequence[Sentence], given: Sequence[Sentence]) -> bool:
    """Tell whether the claim names a colour, a material ... that no source has, and its sentence another."""
    said, near = set(claim.stems), set(window[0].stems)
    classes = {rivals()[stem] for stem in near - said if stem in rivals()}
    return any(
        rivals().get(stem) in classes
        and not any(stem in sentence.stems for sentence in about(claim, window, given, stem))
        for stem in said - near
    )


def about(
    claim: Sentence, window: Sequence[Sentence], given: Sequence[Sentence], but: str = ""
) -> list[Sentence]:
    """Return the source sentences that share a word with the claim, other than `but` and opposites.

    What a sentence about something else says is no excuse for a claim that differs from its own.
    """
    words = {stem for stem in claim.stems if stem != but and axis_of(stem) is None}
    return [
        sentence for sentence in given if sentence is window[0] or not words.isdisjoint(sentence.whole.stems)
    ]


def _comparable(text: str) -> list[str]:
    return [content_stem(token) or _ARTICLES.get(token, token) for token in tokens(text)]
