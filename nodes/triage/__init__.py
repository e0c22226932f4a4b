"""Decide what the customer wants and who should answer."""
