"""Tests of `language`: English and Hinglish as pure functions."""
