"""Passages, embedder, vector and lexical index, fusion and answerability."""
