"""Look things up and do small operational work with the bounded tools."""
