"""Faults on purpose: real processes are killed while customers write, then every promise is checked."""
