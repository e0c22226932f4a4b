"""The bounded tools, their registry and the one gate in front of them."""
