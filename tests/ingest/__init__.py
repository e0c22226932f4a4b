"""Tests of reading pages and cutting them into passages."""
