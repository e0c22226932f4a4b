"""Whether two pages say nearly the same: fingerprints whose differing bits count the differing words."""

import hashlib

import numpy as np

from ingest.extract import Document

SHINGLE = 3
NEARLY = 3
"""Differing bits of 64 up to which two texts are nearly the same."""


def fingerprint(document: Document) -> str:
    """64 bits over the runs of three words of a page's own text, as hexadecimal digits."""
    lines = (line for section in document.sections for line in section.lines)
    asked = (line for question in document.questions for line in (question.question, *question.lines))
    words = " ".join((document.title, *lines, *asked)).casefold().split()
    runs = {" ".join(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1))}
    hashed = b"".join(hashlib.blake2b(run.encode(), digest_size=8).digest() for run in sorted(runs))
    bits = np.unpackbits(np.frombuffer(hashed, np.uint8).reshape(-1, 8), axis=1)
    return np.packbits(bits.mean(axis=0) > 0.5).tobytes().hex()


def nearly_same(one: str, other: str) -> bool:
    """Whether two fingerprints are those of nearly the same text."""
    if not one or not other:
        return False
    return (int(one, 16) ^ int(other, 16)).bit_count() <= NEARLY
