"""Measurements of whole desks that show what the desk claims about past turns."""
