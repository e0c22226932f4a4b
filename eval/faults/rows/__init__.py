"""The rows of the fault matrix, by what they break."""
