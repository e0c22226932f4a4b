"""The evaluation: what is measured, how it is judged, and what a gate says to it."""
