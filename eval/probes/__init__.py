"""One module for each component that `supportgraph probe` measures by itself, on the evaluator's own data."""
