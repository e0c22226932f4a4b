"""Rebuild the word vectors that the intent classifier reads: `python -m seeds.fit_word_vectors`.

Needs the MiniLM weights that retrieval uses. The words are the commonest ones of its vocabulary and the
English words that the glossary knows.
"""

import argparse
from pathlib import Path

import numpy as np

from language.files import words
from language.lexicon import support_words
from language.word_vectors import ARTEFACT, WIDTH
from retrieval.embed import Embedder, open_embedder
from seeds.softmax import Floats

_COMMON, _FITTED_ON = 12_000, 8_000
_ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyz")


def vocabulary(embedder: Embedder, candidates: list[str]) -> list[str]:
    """The commonest candidates first, then every English word of the glossary that is not among them."""
    ranked = sorted(candidates, key=lambda word: (-embedder.commonness(word), word))
    known = [word for word in ranked if embedder.commonness(word) > 0][:_COMMON]
    return list(dict.fromkeys([*known, *sorted(support_words() | words("english_words.txt"))]))


def fitted(embedder: Embedder, listed: list[str]) -> Floats:
    """The rows of the words in their first WIDTH principal directions, at about unit spread."""
    full = np.stack([embedder.embed([word])[0] for word in listed])
    centred = full - full.mean(axis=0)
    directions = np.linalg.svd(centred[:_FITTED_ON], full_matrices=False)[2][:WIDTH]
    rows = (centred @ directions.T).astype(np.float32)
    spread: Floats = (rows / np.abs(rows).std()).astype(np.float32)
    return spread


def main() -> None:
    """Embed the words and write the artefact."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="where MiniLM is built")
    embedder = open_embedder(parser.parse_args().models)
    listed = vocabulary(embedder, _whole_words())
    rows = fitted(embedder, listed)
    scale = np.float32(np.abs(rows).max() / 127)
    path = Path(__file__).parent.parent / "language" / "data" / ARTEFACT
    np.savez_compressed(
        path,
        words=np.frombuffer("\n".join(listed).encode(), np.uint8),
        vectors=np.round(rows / scale).astype(np.int8),
        scale=scale,
    )
    print(f"{path.name}: {len(listed)} words, {path.stat().st_size / 1e6:.2f} MB")


def _whole_words() -> list[str]:
    """The whole words of the model's vocabulary."""
    import json

    from retrieval.minilm import find_weights

    folder = find_weights()
    if folder is None:
        raise SystemExit("the MiniLM weights are not installed; nothing was written")
    table = json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    return [word for word in table if len(word) > 1 and set(word) <= _ALPHABET]


if __name__ == "__main__":
    main()
