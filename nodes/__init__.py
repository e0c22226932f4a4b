"""One module or package per node of the graph."""
