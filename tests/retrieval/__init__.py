"""Tests of retrieval: words, vectors, the index, search, lines and the probe."""
