"""Drafts tried on past tickets: two arms run the same messages, and nothing is written."""
