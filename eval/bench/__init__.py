"""Benchmarks of a running desk: turns, streams, retrieval and start."""
