"""Datasets, runner, evaluators, report, gate and benchmarks."""
